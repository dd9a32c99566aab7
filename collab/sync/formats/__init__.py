"""Rendered text as HTML, Markdown and plain text; pure functions over nodes."""
