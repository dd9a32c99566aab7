"""The sockets: one reader, one writer, one bounded outbox each."""
