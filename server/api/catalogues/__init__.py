"""Catalogues, organisations and existing initiatives over the API."""
