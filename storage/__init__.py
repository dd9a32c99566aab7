"""SQL: the only place that remembers."""
