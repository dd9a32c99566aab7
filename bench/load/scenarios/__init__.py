"""The scenarios, each a way to load a server and what is looked at then."""
