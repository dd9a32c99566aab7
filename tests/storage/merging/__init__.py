"""What a merge moves, and what comes back."""
