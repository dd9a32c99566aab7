"""What many readers are shown at once: rendered once for all who are shown the same."""
