"""Commands for what the coordination office keeps: catalogues, organisations, initiatives."""
