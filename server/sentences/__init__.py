"""The wording of refusals by topic; ``server.messages`` puts it together."""
