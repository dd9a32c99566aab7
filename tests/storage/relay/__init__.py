"""The relay between processes, over a real server."""
