"""What the coordination office keeps: catalogues, organisations, existing initiatives."""
