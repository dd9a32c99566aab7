"""Where in the city an idea is meant to be: in up to three districts, or in the whole city.

An idea without districts says nothing of its place. The whole city is an entry of its own in the
catalogue, so what says "everywhere" is told apart from what says nothing.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Final

from collab.errors import Invalid
from collab.process.catalogues.catalogue import Catalogue

CATALOGUE: Final = "districts"
CITY_WIDE: Final = "city_wide"
DISTRICTS_MAX: Final = 3
ID_CHARS_MAX: Final = 64


def check_districts(
    wanted: Iterable[str], catalogue: Catalogue, on: date, kept: Collection[str] = ()
) -> tuple[str, ...]:
    """The districts as they are stored: each once, in the order of the catalogue.

    One that has ended can stay where it is ``kept``, and is not chosen anew.

    Raises:
        Invalid: (unknown-choice) there is no such district to choose; (three-districts) there are
            more; (city-wide-alone) the whole city is named beside a district.
    """
    chosen = set(wanted)
    possible = {each.id for each in catalogue.entries if each.is_valid(on) or each.id in kept}
    if not chosen <= possible:
        raise Invalid(fields={"districts": "unknown-choice"})
    if CITY_WIDE in chosen and len(chosen) > 1:
        raise Invalid(fields={"districts": "city-wide-alone"})
    if len(chosen) > DISTRICTS_MAX:
        raise Invalid(fields={"districts": "three-districts"})
    return tuple(each.id for each in catalogue.entries if each.id in chosen)
