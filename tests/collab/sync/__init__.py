"""Tests of the live text: no socket, no clock, no database."""
