"""Tests of the files that people take along."""
