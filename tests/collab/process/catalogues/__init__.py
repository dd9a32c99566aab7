"""Rules of catalogues, organisations and existing initiatives."""
