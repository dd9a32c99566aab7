"""The relay between processes: packets on channels of Redis or Valkey, as hints (ADR 0020)."""
