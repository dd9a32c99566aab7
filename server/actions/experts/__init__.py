"""Declaring what one knows, and asking people who know."""
