"""Arena as people see it: real browsers on the real server."""
