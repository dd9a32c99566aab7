"""Tests of importing ideas from files."""
