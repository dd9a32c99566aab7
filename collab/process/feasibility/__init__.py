"""Feasibility: what people judge, how that is counted, and what it advises."""
