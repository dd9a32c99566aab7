"""Several nodes type into one document, over one database and with or without a relay."""
