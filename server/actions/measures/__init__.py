"""Commitments, recognition, the register and central measures as use cases."""
