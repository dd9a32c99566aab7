"""The wire protocols: y-websocket and hocuspocus."""
