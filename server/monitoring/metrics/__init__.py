"""The numbers for Prometheus, by topic; labels are small fixed sets, never ids, names or texts."""
