"""Rights over HTTP and sockets: generated from the routes, the roles and the stages."""
