"""Throws hostile and honest traffic at everything that reads bytes of clients."""
