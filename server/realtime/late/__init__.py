"""Text that came after it was settled: kept beside the log until its author may write again."""
