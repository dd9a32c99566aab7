"""What lies between the operating system's sockets and ASGI: time limits, WebSocket frames."""
