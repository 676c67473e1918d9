"""Held arrivals gathered by reason and sender, so that a full queue is cleared group by group."""

import hashlib
from collections.abc import Iterable, Sequence

from daemon.deciding.mails import CAME_BACK
from daemon.engine.views import GroupView, HeldView

_PREFIX = "g-"


def grouped(held: Sequence[HeldView]) -> list[GroupView]:
    """The groups of a list that has the nearest deadline first; the groups come in the same order."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[HeldView]] = {}
    for one in held:
        groups.setdefault((one.sender or "", _source(one), tuple(sorted(one.codes))), []).append(one)
    return [_group(some) for some in groups.values()]


def members(ids: Iterable[str], held: Sequence[HeldView]) -> list[str]:
    """The ids with each group's id replaced by those of its arrivals.

    A group is known by its members: once one has come or gone it is another group, so that nobody releases unseen mail.
    """
    groups = {one.id: one.ids for one in grouped(held)}
    return list(dict.fromkeys(one for id_ in ids for one in groups.get(id_, (id_,))))


def is_group(id_: str) -> bool:
    """Whether an id is a group's."""
    return id_.startswith(_PREFIX)


def _source(one: HeldView) -> str:
    """Mail is told apart by its sender alone, whichever mailbox it came by; a file by its folder."""
    return "mail" if one.sender else one.source


def _group(some: Sequence[HeldView]) -> GroupView:
    first, ids = some[0], tuple(one.id for one in some)
    key = _PREFIX + hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()[:8]
    releasable = sum(bool(one.proposal and one.proposal.changes) for one in some)
    about = tuple(dict.fromkeys(name for one in some for name in _names(one)))
    came_back = bool(first.codes) and CAME_BACK.issuperset(first.codes)
    return GroupView(
        id=key,
        count=len(some),
        due=first.due,
        sender=first.sender,
        source=_source(first),
        codes=first.codes,
        reasons=first.reasons,
        about=about,
        ids=ids,
        excerpt=first.excerpt,
        proposal=first.proposal,
        releasable=releasable,
        came_back_from=tuple(dict.fromkeys(address for one in some for address in one.came_back_from)),
        resend=f"postbote resend {' '.join(about)}" if came_back and about else None,
        release=f"postbote release {key}" if releasable else None,
        discard=f"postbote discard {key}",
    )


def _names(one: HeldView) -> tuple[str, ...]:
    return (one.about,) if isinstance(one.about, str) else one.about or ()
