"""What the pages of an idea show, computed from rows and rules; no requests, no HTML forms."""
