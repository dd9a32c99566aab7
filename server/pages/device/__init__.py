"""What a device keeps of Arena, and how it forgets it (ADR 0030)."""
