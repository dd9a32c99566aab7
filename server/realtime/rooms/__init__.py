"""One open document: its task, its clients, its commits and its housekeeping."""
