"""The pages and forms of the record of a case."""
