"""The OAuth2 consents of accounts: a refresh token that the server has renewed is kept in `state`."""

import fcntl
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

from daemon.config import Config, Grant, Login, OAuth, ReceiveByImap
from daemon.edges.device_login import refresh_token
from daemon.edges.oauth import OAuthError, TokenSource
from daemon.errors import PostboteError


def tokens(oauth: OAuth, user: str, home: Path) -> TokenSource:
    """The access tokens of one account; sending and reading, and other commands, may each have their own source."""
    given = oauth.refresh_token.get_secret_value() if oauth.refresh_token else None
    kept = _kept(oauth, user, home)
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


_DEVICE_URLS: Mapping[str, Callable[[str], str]] = {
    "login.microsoftonline.com": lambda url: f"{url.removesuffix('token')}devicecode",
    "oauth2.googleapis.com": lambda _: "https://oauth2.googleapis.com/device/code",
}


def login(config: Config, home: Path, account: str, show: Callable[[str, str], None]) -> None:
    """Ask a person for his consent to an account, and keep it; raises PostboteError."""
    oauth, user = _account(config, account)
    find = _DEVICE_URLS.get(urlsplit(oauth.token_url).hostname or "")
    device_url = oauth.device_url or (find(oauth.token_url) if find else None)
    if device_url is None:
        raise PostboteError(f"where codes are asked for is not known of {oauth.token_url}; give device_url beside it")
    try:
        token = refresh_token(
            device_url=device_url,
            token_url=oauth.token_url,
            client_id=oauth.client_id,
            client_secret=oauth.client_secret.get_secret_value() if oauth.client_secret else None,
            scope=oauth.scope,
            show=show,
        )
    except OAuthError as error:
        raise PostboteError(str(error)) from None
    kept = _kept(oauth, user, home)
    with kept.turn():
        kept.write(token)


def _account(config: Config, name: str) -> tuple[OAuth, str]:
    """The login of that user (or source, as `status` names it) that needs a consent."""
    logins = [one for one in (config.mail.send, *config.mail.receive) if isinstance(one, Login) and one.oauth]
    wanted = [
        (one.oauth, one.user or "")
        for one in logins
        if name in {one.user, one.account if isinstance(one, ReceiveByImap) else None} and one.oauth
    ]
    if not wanted:
        users = ", ".join(sorted({one.user or "" for one in logins})) or "none"
        raise PostboteError(f"no account {name} has `oauth` in config.yaml; those that have: {users}")
    return wanted[0]


def _name(token_url: str, user: str, given: str) -> str:
    """Names the token that was given as well, so that a new consent is not passed over for what the old one became."""
    return f"{urlsplit(token_url).hostname}-{quote(user, safe='@')}-{hashlib.sha256(given.encode()).hexdigest()[:16]}"


def _kept(oauth: OAuth, user: str, home: Path) -> "_Kept":
    given = oauth.refresh_token.get_secret_value() if oauth.refresh_token else ""
    return _Kept(home / "state" / "oauth" / _name(oauth.token_url, user, given))


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
