"""A web server that behaves as a test says: each path has its answer, which may be none, half of one, or a lie."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

#: Answers a request; the number counts the requests of its path from 1.
Answer = Callable[["Handler", int], None]


@dataclass
class Asked:
    """A request as the server got it."""

    path: str
    headers: dict[str, str]


@dataclass
class Web:
    """A running server."""

    host: str
    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Its address without a path."""
        return f"http://{self.host}:{self.port}"

    def times(self, path: str) -> int:
        """How often a path was asked for."""
        return len([a for a in self.asked if urlsplit(a.path).path == path])


def _not_here(handler: Handler, _: int) -> None:
    handler.send(b"not here", status=404)


class Handler(BaseHTTPRequestHandler):
    """Answers as the test says."""

    protocol_version = "HTTP/1.1"
    web: Web

    def do_GET(self) -> None:
        """Answer."""
        self.web.asked.append(Asked(self.path, {str(k): str(v) for k, v in self.headers.items()}))
        path = urlsplit(self.path).path
        answer = self.web.answers.get(path, _not_here)
        with contextlib.suppress(ConnectionError):
            answer(self, self.web.times(path))

    def send(
        self,
        body: bytes,
        content_type: str = "text/csv",
        *,
        status: int = 200,
        length: int | None = None,
        **headers: str,
    ) -> None:
        """Send an answer; ``length`` is a lie about the body's."""
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)
        if length is not None:
            self.close_connection = True

    def drip(self, body: bytes, seconds: float, size: int = 1) -> None:
        """Send a body some bytes at a time."""
        self.send_response(200)
        self.send_header("Content-Type", "text/csv")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for start in range(0, len(body), size):
            self.wfile.write(body[start : start + size])
            time.sleep(seconds)

    def endless(self, chunk: bytes) -> None:
        """Send a body without an end and without a length."""
        self.send_response(200)
        self.send_header("Content-Type", "text/csv")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while True:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def serving(host: str = "127.0.0.1") -> Iterator[Web]:
    """A server for as long as the context lasts."""
    web = Web(host, 0)
    handler = type("Handler", (Handler,), {"web": web})
    server = ThreadingHTTPServer((host, 0), handler)
    server.daemon_threads = True
    web.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
