"""Wording that people suggest: make, change, take back, accept, decline."""
