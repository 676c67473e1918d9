"""The ids and signed reply addresses that only this installation can make."""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path

from daemon.domain.identifiers import ConversationId, MessageId
from daemon.store.conversations import Names

_ID = 10
_SIGNATURE = 16
_ALPHABET = frozenset("abcdefghijklmnopqrstuvwxyz234567")


def load_keys(file: Path) -> tuple[bytes, ...]:
    """The keys, newest first; a first one is made where there is none. A line is a key in hex.

    A new first line signs from then on; the lines below it stay good. The last one also makes the ids, so it stays.
    """
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        _create(file)
    return tuple(bytes.fromhex(line) for line in file.read_text(encoding="ascii").split())


def _create(file: Path) -> None:
    fresh = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(secrets.token_hex(32) + "\n")
        out.flush()
        os.fsync(out.fileno())
    try:
        # A link, unlike a rename, never replaces the key that another process has just made.
        os.link(fresh, file)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    folder = os.open(file.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


class Tokens:
    """Makes and recognises our reply addresses: `reply+TOKEN@DOMAIN`, or a pattern like `box+{token}@example.com`."""

    def __init__(self, keys: Sequence[bytes], pattern: str) -> None:
        self._keys = tuple(keys)
        self._root = self._keys[-1]
        before, _, after = pattern.partition("{token}")
        self._before, self._after = before.casefold(), after.casefold()
        self._pattern = pattern
        self.domain = pattern.rpartition("@")[2]

    @property
    def names(self) -> Names:
        """How the store derives ids from names."""
        return Names(conversation=self.conversation_id, message=self.message_id)

    def conversation_id(self, name: str) -> ConversationId:
        """The id of a conversation, which tells nothing of its name."""
        return ConversationId(_base32(_mac(self._root, "conversation", name), _ID))

    def message_id(self, key: str) -> MessageId:
        """The Message-ID of an effect, the same whenever it is asked for; 125 bits nobody can guess."""
        return MessageId(f"{_base32(_mac(self._root, 'message', key), 25)}@{self.domain}")

    def reply_address(self, conversation: str) -> str:
        """The address at which an answer in this conversation reaches us."""
        return self._pattern.replace("{token}", conversation + self._sign(self._keys[0], conversation))

    def conversation_at(self, address: str) -> ConversationId | None:
        """The conversation whose signed reply address this is, whatever its case."""
        folded = address.strip().strip("<>").casefold()
        if not (folded.startswith(self._before) and folded.endswith(self._after)):
            return None
        token = folded[len(self._before) : len(folded) - len(self._after)]
        if len(token) != _ID + _SIGNATURE or not _ALPHABET.issuperset(token):
            return None
        conversation, signature = token[:_ID], token[_ID:]
        # Every key is tried, so that the time taken tells nothing about which one fits.
        good = [hmac.compare_digest(self._sign(key, conversation), signature) for key in self._keys]
        return ConversationId(conversation) if any(good) else None

    def conversations_at(self, addresses: Iterable[str]) -> tuple[ConversationId, ...]:
        """The conversations of all addresses that are ours, each once."""
        found = (self.conversation_at(address) for address in addresses)
        return tuple(dict.fromkeys(one for one in found if one))

    @staticmethod
    def _sign(key: bytes, conversation: str) -> str:
        return _base32(_mac(key, "reply", conversation), _SIGNATURE)


def _mac(key: bytes, purpose: str, text: str) -> bytes:
    return hmac.digest(key, f"{purpose}:{text}".encode(), hashlib.sha256)


def _base32(data: bytes, length: int) -> str:
    return base64.b32encode(data).decode("ascii").lower()[:length]
