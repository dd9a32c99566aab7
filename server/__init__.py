"""Sockets, HTTP, pages, actions and wiring; the only place with tasks, clocks and environment."""
