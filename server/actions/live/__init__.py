"""Acts that need the live text itself: reading it exactly, and moderating who writes in it."""
