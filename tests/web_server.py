"""A web server on this machine for the tests: what it answers is a dictionary, what it was asked a list."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Write = Callable[[bytes], object]


@dataclass
class Reply:
    """One answer. ``stream`` writes the content itself, piece by piece."""

    content: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    stream: Callable[[Write], None] | None = None


@dataclass
class Server:
    """``pages`` maps a path to a Reply, to the replies of one request after the other, or to its content."""

    url: str
    pages: dict[str, Reply | list[Reply] | str | bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def reply(self, path: str) -> Reply:
        found = self.pages.get(path, Reply(status=404))
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        return found if isinstance(found, Reply) else Reply(found)


def page(title: str, words: str = "", head: str = "") -> str:
    """An invented article's page."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="og:site_name" content="Port Hanley Echo">{head}</head><body><article><h1>{title}</h1>'
        f"<p>The harbour wall at Port Hanley will be rebuilt before the winter, the council decided. {words}</p>"
        "<p>“We have waited long enough for this,” said Cora Quill, the harbour master, on Tuesday.</p>"
        "</article></body></html>"
    )


@contextmanager
def serving() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            server.asked.append(self.path)
            server.headers.append(dict(self.headers))
            reply = server.reply(self.path)
            content = reply.content.encode() if isinstance(reply.content, str) else reply.content
            headers = {"Content-Type": "text/html; charset=utf-8", **reply.headers}
            if reply.headers.get("ETag") and self.headers.get("If-None-Match") == reply.headers["ETag"]:
                reply, content = Reply(status=304), b""
            self.send_response(reply.status)
            for name, value in headers.items():
                self.send_header(name, value)
            try:
                if reply.stream is not None:
                    self.send_header("Connection", "close")
                    self.end_headers()
                    reply.stream(self.wfile.write)
                else:
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
            except OSError:  # the client has had enough
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        httpd.daemon_threads = True
        server = Server(f"http://127.0.0.1:{httpd.server_port}")
        thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            httpd.shutdown()
            thread.join()
