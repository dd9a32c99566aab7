"""Where ideas are meant to be, in words."""
