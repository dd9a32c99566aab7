"""The moderators' board over the API."""
