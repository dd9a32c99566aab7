"""Following, inbox and mails over the API."""
