"""The wording of refusals where people meet."""
