"""The commands of ``arena``, one module per topic; ``server.cli`` puts them together."""
