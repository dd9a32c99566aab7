"""Tests of the rules of the process."""
