"""The rules of the process: stages, permissions, feasibility, comments. Knows nothing of sync."""
