"""Acts where live text and official acts meet."""
