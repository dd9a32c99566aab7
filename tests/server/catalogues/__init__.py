"""Acts and pages of catalogues, organisations and existing initiatives."""
