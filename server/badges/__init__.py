"""Badges of measures: the key they are signed with, what they say, and checking them."""
