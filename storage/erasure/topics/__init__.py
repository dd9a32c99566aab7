"""What an erasure does with the words of single topics."""
