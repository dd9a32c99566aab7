"""Tests of what a device keeps and how it forgets it."""
