"""Several processes on one machine behind one listening socket (ADR 0023)."""
