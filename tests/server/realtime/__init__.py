"""Tests of server.realtime."""
