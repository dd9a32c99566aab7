"""Live text: sockets, hub, committer, announcements."""
