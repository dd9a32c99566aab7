"""Following, news, inbox and mails over HTTP and by the clock."""
