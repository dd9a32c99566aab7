"""Support for teams: who asked for what, who gives it, and what came of it."""
