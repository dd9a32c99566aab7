"""Who is asking: sessions, passwords, tokens, links."""
