"""Load: how many people write together, how fast, at what cost, beside other servers."""
