"""Taking text out: reverting a person, erasing text for good, following what was moved."""
