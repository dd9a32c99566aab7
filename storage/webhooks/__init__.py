"""Which other systems are told of public events, and what is to reach them."""
