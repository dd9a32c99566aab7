"""Pages of catalogues, organisations and existing initiatives."""
