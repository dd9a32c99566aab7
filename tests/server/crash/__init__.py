"""Tests of what happens when a text kills."""
