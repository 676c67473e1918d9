"""A person's consent by device code (RFC 8628): he types a code on a page of the provider, we wait for his yes."""

import time
from collections.abc import Callable
from typing import Any

from daemon.edges.oauth import OAuthError, is_private, post

_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_INTERVAL = 5.0
_SLOWER = 5.0
_LIFE = 900.0


def refresh_token(
    *,
    device_url: str,
    token_url: str,
    client_id: str,
    client_secret: str | None,
    scope: str | None,
    show: Callable[[str, str], None],
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> str:
    """The refresh token that his consent gives; `show` tells him the page and the code. Raises OAuthError."""
    if not (is_private(device_url) and is_private(token_url)):
        raise OAuthError("token_url and device_url must begin with https://")
    ours = {"client_id": client_id} | ({"client_secret": client_secret} if client_secret is not None else {})
    asked = post(device_url, {"client_id": client_id} | ({"scope": scope} if scope is not None else {}))
    device, code = asked.get("device_code"), asked.get("user_code")
    page = asked.get("verification_uri") or asked.get("verification_url")
    if not (isinstance(device, str) and isinstance(code, str) and isinstance(page, str)):
        raise OAuthError("the token server answered without a code to type")
    show(page, code)
    interval = _number(asked.get("interval"), _INTERVAL)
    until = clock() + _number(asked.get("expires_in"), _LIFE)
    while clock() < until:
        sleep(interval)
        try:
            return _kept(post(token_url, ours | {"grant_type": _GRANT, "device_code": device}))
        except OAuthError as error:
            if error.code not in {"authorization_pending", "slow_down"}:
                raise
            interval += _SLOWER if error.code == "slow_down" else 0.0
    raise OAuthError("nobody typed the code in time")


def _kept(answer: dict[str, Any]) -> str:
    token = answer.get("refresh_token")
    if not isinstance(token, str) or not token:
        raise OAuthError("the token server gave no refresh token; the scope may lack `offline_access`")
    return token


def _number(value: object, default: float) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else default
