"""What ideas pay into, over HTTP."""
