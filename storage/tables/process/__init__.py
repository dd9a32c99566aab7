"""Tables of the process: one module per topic."""
