"""What operators look at: numbers, health, log lines, traces, and the documents about them."""
