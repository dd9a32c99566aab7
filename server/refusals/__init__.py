"""The wording of refusals by topic; ``server.messages`` joins them."""
