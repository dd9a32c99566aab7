"""What pages and API show of merges."""
