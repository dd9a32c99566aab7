"""Who is there: sessions, passwords, tokens, tickets, links, and the limits on guessing them."""
