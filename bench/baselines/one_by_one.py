"""A mailbox read the plain way with imapclient: search, then fetch and move one mail after the other."""

import time

from imapclient import IMAPClient


def read_mailbox(port: int, user: str, password: str, *, at_most: int, done: str | None) -> float:
    """Mails a second, from the search on; without `done` they are only fetched."""
    with IMAPClient("127.0.0.1", port=port, ssl=False, timeout=60) as client:
        client.login(user, password)
        if done is not None and not client.folder_exists(done):
            client.create_folder(done)
        client.select_folder("INBOX")
        began = time.perf_counter()
        uids = client.search("ALL")[:at_most]
        for uid in uids:
            if not client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"]:
                raise ValueError("an empty mail")
            if done is not None:
                client.move([uid], done)
        return len(uids) / (time.perf_counter() - began)
