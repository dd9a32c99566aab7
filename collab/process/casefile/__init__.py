"""What is put on record of a case beside evidence: requirements, conditions, indicators."""
