"""The OAuth2 consents of accounts: a refresh token that the server has renewed is kept in `state`."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

from daemon.config import Grant, OAuth
from daemon.edges.oauth import TokenSource


def tokens(oauth: OAuth, user: str, home: Path) -> TokenSource:
    """The access tokens of one account; sending and reading, and other commands, may each have their own source."""
    given = oauth.refresh_token.get_secret_value() if oauth.refresh_token else None
    kept = _Kept(home / "state" / "oauth" / _name(oauth.token_url, user, given or ""))
    return TokenSource(
        token_url=oauth.token_url,
        client_id=oauth.client_id,
        grant="client" if oauth.grant is Grant.CLIENT else "refresh",
        client_secret=oauth.client_secret.get_secret_value() if oauth.client_secret else None,
        refresh_token=given,
        scope=oauth.scope,
        rotated=kept.write,
        turn=kept.turn,
    )


def _name(token_url: str, user: str, given: str) -> str:
    """Names the token that was given as well, so that a new consent is not passed over for what the old one became."""
    return f"{urlsplit(token_url).hostname}-{quote(user, safe='@')}-{hashlib.sha256(given.encode()).hexdigest()[:16]}"


class _Kept:
    def __init__(self, file: Path) -> None:
        self._file = file

    @contextmanager
    def turn(self) -> Iterator[str | None]:
        """Hold off whoever else uses this consent, also in other processes; the token kept last."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._file.with_name(f".{self._file.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self._file.read_text("utf-8") if self._file.exists() else None

    def write(self, fresh: str) -> None:
        draft = self._file.with_name(f".{self._file.name}")
        draft.touch(mode=0o600)
        draft.write_text(fresh, "utf-8")
        draft.replace(self._file)
