"""Pages rendered on the server; readable without JavaScript."""
