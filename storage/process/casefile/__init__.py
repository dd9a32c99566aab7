"""What is on record of a case: evidence, requirements, settled conditions, indicators."""
