"""What is shown of news, inboxes, and what people follow."""
