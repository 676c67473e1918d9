"""An OAuth2 server on loopback: gives access tokens for refresh tokens, and tells a mail server whose a token is."""

import contextlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

CLIENT = "postbote-tests"
SECRET = "client-secret"


@dataclass
class TokenServer:
    """Strict: a refresh token is good once, since each use gives the next one. `life` is that of an access token."""

    life: float = 3600.0
    port: int = 0
    refreshes: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    _refresh: dict[str, str] = field(default_factory=dict)
    _access: dict[str, tuple[str, float]] = field(default_factory=dict)
    asks: int = 0
    pending: list[str] = field(default_factory=list)
    _devices: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def token_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/token"

    @property
    def tokeninfo_url(self) -> str:
        """Where a mail server asks; the access token is to be put behind it."""
        return f"http://127.0.0.1:{self.port}/tokeninfo?access_token="

    @property
    def device_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/device"

    def ask(self, user: str, interval: float = 0.05) -> dict[str, Any]:
        """A code for a person to type; what is in `pending` is answered first, in turn."""
        with self._lock:
            device = f"device-{secrets.token_hex(8)}"
            self._devices[device] = user
            return {
                "device_code": device,
                "user_code": "WXYZ-1234",
                "verification_uri": f"http://127.0.0.1:{self.port}/type",
                "expires_in": 60,
                "interval": interval,
            }

    def device(self, form: dict[str, str]) -> dict[str, Any]:
        """What polling with a device code gives."""
        self.asks += 1
        if self.pending:
            return {"error": self.pending.pop(0)}
        user = self._devices.pop(form.get("device_code", ""), None)
        return {"access_token": "x", "refresh_token": self.consent(user)} if user else {"error": "expired_token"}

    def consent(self, user: str) -> str:
        """What a user's consent gives: a refresh token."""
        with self._lock:
            token = f"refresh-{secrets.token_hex(8)}"
            self._refresh[token] = user
            return token

    def expire(self) -> None:
        """Let every access token that was given run out now."""
        with self._lock:
            self._access.clear()

    def given(self, user: str) -> int:
        """How often this user's refresh token was turned into an access token."""
        return self.refreshes.count(user)

    def grant(self, form: dict[str, str]) -> dict[str, Any] | None:
        with self._lock:
            user = self._refresh.pop(form.get("refresh_token", ""), None)
            if user is None or (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
                self.refused.append(form.get("refresh_token", ""))
                return None
            self.refreshes.append(user)
            access, refresh = f"access-{secrets.token_hex(8)}", f"refresh-{secrets.token_hex(8)}"
            self._access[access] = (user, time.monotonic() + self.life)
            self._refresh[refresh] = user
            return {
                "access_token": access,
                "refresh_token": refresh,
                "expires_in": self.life,
                "token_type": "Bearer",
            }

    def owner(self, access: str) -> str | None:
        with self._lock:
            user, until = self._access.get(access, ("", 0.0))
            return user if time.monotonic() < until else None


@contextlib.contextmanager
def running_token_server() -> Iterator[TokenServer]:
    office = TokenServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            if self.path == "/device":
                self._answer(200, office.ask("orders@shop.example"))
                return
            if form.get("grant_type", "").endswith("device_code"):
                answer = office.device(form)
                self._answer(400 if "error" in answer else 200, answer)
                return
            granted = office.grant(form)
            self._answer(200 if granted else 400, granted or {"error": "invalid_grant"})

        def do_GET(self) -> None:
            access = parse_qs(urlsplit(self.path).query).get("access_token", [""])[0]
            user = office.owner(access)
            self._answer(200 if user else 401, {"email": user} if user else {"error": "invalid_token"})

        def _answer(self, status: int, answer: dict[str, Any]) -> None:
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        office.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield office
        finally:
            server.shutdown()
            thread.join(10)
