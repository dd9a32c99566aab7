"""What time brings about, with simulated time."""
