"""Berlin's days: its clock, its public holidays, and the deadlines that are counted in them."""
