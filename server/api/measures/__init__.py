"""Commitments, the register, badges and central measures over the API."""
