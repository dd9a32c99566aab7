"""Tables of reports, hidings and slow mode."""
