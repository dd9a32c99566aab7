"""Tests of collab.sync.rooms."""
