"""The record of a case over the API."""
