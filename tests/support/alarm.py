"""Somebody's web address that takes alerts: it keeps what was posted and answers as it is told to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Alarm(ThreadingHTTPServer):
    """`status` is what it answers; None lets the sender wait until the end."""

    daemon_threads = True

    def __init__(self, status: int | None) -> None:
        super().__init__(("127.0.0.1", 0), _Post)
        self.status = status
        self.posted: list[tuple[str, bytes]] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/alert"


class _Post(BaseHTTPRequestHandler):
    server: Alarm

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posted.append((str(self.headers["Content-Type"]), body))
        if self.server.status is None:
            self.server.over.wait(60)
            return
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def running_alarm(status: int | None = 204) -> Iterator[Alarm]:
    with Alarm(status) as alarm:
        thread = threading.Thread(target=alarm.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield alarm
        finally:
            alarm.over.set()
            alarm.shutdown()
            thread.join(10)
