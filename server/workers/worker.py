"""``python -m server.workers.worker``: one of several processes on the socket of their parent."""

import os
import signal
import socket
import sys
import threading

import structlog

from server.serving import serve_on
from server.settings import Misconfigured, load_settings


def main(number: int, listener: int, ready: int, lifeline: int) -> None:
    """Serve on ``listener``; say so over ``ready``; end when nobody holds ``lifeline`` any more."""
    threading.Thread(target=_end_with_parent, args=(lifeline,), daemon=True).start()
    structlog.contextvars.bind_contextvars(worker=number)
    try:
        serve_on(
            socket.socket(fileno=listener),
            load_settings(),
            lambda: _say_ready(ready),
            is_shared=True,
        )
    except Misconfigured as error:
        sys.stderr.write(f"arena: worker {number}: {error}\n")
        sys.exit(1)


def _say_ready(ready: int) -> None:
    os.write(ready, b"1")
    os.close(ready)


def _end_with_parent(lifeline: int) -> None:
    """Ask this process to end once its parent is gone: it would hold the port for ever."""
    os.read(lifeline, 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
