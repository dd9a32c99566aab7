"""Pages around the feasibility of ideas."""
