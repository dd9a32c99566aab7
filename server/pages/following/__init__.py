"""Pages on what one follows, what is addressed to one, and which mails one gets."""
