"""Pages of reports, the queue of moderation, hidings and slow mode."""
