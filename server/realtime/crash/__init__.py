"""What killed the process: the record that survives it, the trial, the quarantine (ADR 0011)."""
