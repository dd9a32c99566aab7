"""The moderators' board over HTTP and sockets."""
