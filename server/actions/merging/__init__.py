"""Joining two ideas: proposing and answering, carrying out and undoing, taking text over."""
