"""Organisations take on responsibility for an idea, hand it over and give it back."""
