"""The rules of reports, appeals, slow mode and figures."""
