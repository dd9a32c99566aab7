"""What pages show of reports, hidings and slow mode."""
