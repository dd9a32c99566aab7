"""What operators look at: log lines, metrics, health."""
