"""Comparing two texts: what was written in, what was taken out, at a bounded cost."""
