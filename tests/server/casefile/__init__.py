"""The record of a case: logbook, requirements, conditions, indicators."""
