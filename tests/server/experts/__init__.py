"""Declaring what one knows, being suggested, being asked."""
