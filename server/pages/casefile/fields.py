"""Everything a person types or chooses in the forms of the record on an idea's page."""

from typing import Final

FIELDS: Final = (
    "indicator_baseline",
    "indicator_due",
    "indicator_kind",
    "indicator_reason",
    "indicator_target",
    "indicator_text",
    "indicator_unit",
    "measured_day",
    "measured_note",
    "measured_value",
    "met_anchor",
    "met_section",
    "recorded_for",
    "requirement_anchor",
    "requirement_because",
    "requirement_section",
    "requirement_state",
    "requirement_text",
    "settlement_because",
    "settlement_state",
    "withdrawal_reason",
)
