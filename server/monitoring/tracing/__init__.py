"""Traces for an operator's collector, where one is set; without one nothing of it is loaded."""
