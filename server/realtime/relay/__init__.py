"""What the processes of one Arena tell each other, and what they do when they hear it."""
