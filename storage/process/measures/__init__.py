"""Commitments, the register of measures with recognitions, central measures and links to them."""
