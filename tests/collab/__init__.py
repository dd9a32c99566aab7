"""Tests of collab."""
