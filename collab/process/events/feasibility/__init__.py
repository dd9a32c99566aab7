"""Events of the feasibility of an idea."""
