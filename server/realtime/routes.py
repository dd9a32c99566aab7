"""The sockets' routes."""

from starlette.routing import WebSocketRoute

from server.realtime.sockets import hocuspocus, topics, ywebsocket

routes = [
    WebSocketRoute("/collab/{document_id}", ywebsocket.endpoint),
    WebSocketRoute("/collab", hocuspocus.endpoint),
    WebSocketRoute("/live", topics.endpoint),
]
