"""Existing initiatives: what they can be to an idea, and finding those like a text."""
