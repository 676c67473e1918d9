"""Takes complete files of one folder: claims them by rename, hands them to the front desk, files them under `done/`.

A claim lies in `.taking/TIME-ID/NAME` beside the folder's files, under the name it will have in `done/`. After a crash
everything that is needed to go on can be read from there: when it was claimed, its identity, and where it goes.
"""

import contextlib
import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from daemon.domain.arrival import ArrivalKind, Incoming
from daemon.domain.reason import Reason, reason
from daemon.edges.folder_names import free_name, shown, sync, written
from daemon.edges.folder_read import Claim, TooLargeError, UnfinishedError, probe, read_claim
from daemon.edges.folder_scan import FolderSpec, Look
from daemon.engine.ports import Clock, FrontDesk, NoRoomError

TAKING = ".taking"
BATCH = 200
BATCH_BYTES = 16 * 1024 * 1024
IN_MEMORY = 1024 * 1024
LARGEST_MAIL = 25 * 1024 * 1024

_TIME = "%Y-%m-%dT%H%M%S.%f%z"

Report = Callable[[Reason], None]
"""Told the shown name of a file and what is the matter with it."""


class Claimant:
    """What becomes of the complete files of one folder.

    `taken` counts the new arrivals. `unsteady` holds the names of files whose writer went on after they were claimed.
    """

    def __init__(
        self,
        home: Path,
        spec: FolderSpec,
        desk: FrontDesk,
        clock: Clock,
        *,
        report: Report,
        is_stopped: Callable[[], bool],
    ) -> None:
        self.taken = 0
        self.unsteady: set[str] = set()
        self._home = home
        self._spec = spec
        self._desk = desk
        self._clock = clock
        self._report = report
        self._is_stopped = is_stopped
        self._taking = spec.path / TAKING
        self._failure: Exception | None = None
        self._has_put_back = False

    def resume(self) -> None:
        """Finish what an earlier run, or an earlier try, has begun."""
        for batch in self._batches():
            claims = self._leftovers(batch)
            self._end_renames(claims)
            settled = [claim for claim in claims if self._desk.is_claimed(claim.identity) is not None]
            self._settle(settled)
            self._hand_over([claim for claim in claims if claim not in settled])
            _remove_empty(batch)

    def take(self, files: Sequence[tuple[str, Look]]) -> tuple[list[str], bool]:
        """Take these in; the names of those that could not be claimed, and whether one had to be put back."""
        stuck = []
        self._has_put_back = False
        for start in range(0, len(files), BATCH):
            if self._is_stopped():
                break
            claims, left = self._claim(files[start : start + BATCH])
            stuck += left
            if claims:
                self._hand_over(claims)
                _remove_empty(claims[0].place.parent)
        return stuck, self._has_put_back

    def failure(self) -> Exception | None:
        """Why claimed files were not taken in since this was last asked; they wait in `.taking` for the next try."""
        failure, self._failure = self._failure, None
        return failure

    def _batches(self) -> list[Path]:
        if not self._taking.is_dir():
            return []
        return sorted(batch for batch in self._taking.iterdir() if batch.is_dir())

    def _claim(self, files: Sequence[tuple[str, Look]]) -> tuple[list[Claim], list[str]]:
        at = self._clock()
        batch = self._taking / f"{at.strftime(_TIME)}-{secrets.token_hex(4)}"
        others = self._batches()
        batch.mkdir(parents=True)
        claims, stuck = [], []
        for name, look in files:
            place = batch / free_name(shown(name), [self._done(at), *others, batch])
            try:
                probe(self._spec.path / name)
                (self._spec.path / name).rename(place)
            except FileNotFoundError:
                continue
            except OSError as error:
                source = self._spec.source
                self._report(reason("trouble_file", source=source, name=shown(name), why=error.strerror))
                stuck.append(name)
                continue
            claims.append(self._made(place, at, shown(name), look))
        if not claims:
            _remove_empty(batch)
        else:
            for folder in (batch, self._taking, self._spec.path):
                sync(folder)
        return claims, stuck

    def _done(self, at: datetime) -> Path:
        return self._spec.path / "done" / f"{at:%Y-%m-%d}"

    def _made(self, place: Path, at: datetime, name: str, look: Look | None) -> Claim:
        digest = hashlib.sha256(f"{place.parent.name}/{place.name}".encode()).hexdigest()
        goal = self._done(at) / place.name
        return Claim(name=name, place=place, goal=goal, at=at, identity=f"file:{digest}", look=look)

    def _leftovers(self, batch: Path) -> list[Claim]:
        """What lies in a claim's folder; nothing in one that another program made."""
        try:
            at = datetime.strptime(batch.name.rpartition("-")[0], _TIME)  # noqa: DTZ007 - it ends in %z
        except ValueError:
            return []
        return [self._made(place, at, place.name, None) for place in sorted(batch.iterdir())]

    def _end_renames(self, claims: Sequence[Claim]) -> None:
        """Take away the first name of a file that a power cut has left two: a folder is written without the other."""
        for claim in claims:
            dropped = self._spec.path / claim.place.name
            with contextlib.suppress(FileNotFoundError):
                if dropped.samefile(claim.place):
                    dropped.unlink()
        if claims:
            sync(self._spec.path)

    def _hand_over(self, claims: Sequence[Claim]) -> None:
        waiting: list[tuple[Claim, Incoming]] = []
        size = 0
        for claim in claims:
            incoming = self._read(claim)
            if incoming is None:
                continue
            if waiting and size + len(incoming.raw) > BATCH_BYTES:
                self._accept(waiting)
                waiting, size = [], 0
            waiting.append((claim, incoming))
            size += len(incoming.raw)
        if waiting:
            self._accept(waiting)

    def _accept(self, batch: Sequence[tuple[Claim, Incoming]]) -> None:
        """All in one commit; when that fails one by one, so that a bad one does not stop the others."""
        if self._accepted(batch) or len(batch) == 1:
            return
        failed = 0
        for number, one in enumerate(batch, start=1):
            failed += not self._accepted([one])
            if failed == number == _PATIENCE:
                return

    def _accepted(self, batch: Sequence[tuple[Claim, Incoming]]) -> bool:
        try:
            acceptances = self._desk.accept([incoming for _, incoming in batch])
        except NoRoomError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever the database raised; the claims stay and are tried again
            self._failure = error
            return False
        self.taken += sum(not acceptance.known for acceptance in acceptances)
        self._settle([claim for claim, _ in batch])
        return True

    def _read(self, claim: Claim) -> Incoming | None:
        """What is handed to the desk; None when it cannot be taken in now and was put where it belongs."""
        is_mail = self._spec.kind is ArrivalKind.MAIL
        try:
            contents = read_claim(
                claim, in_memory=None if is_mail else IN_MEMORY, at_most=LARGEST_MAIL if is_mail else None
            )
        except FileNotFoundError:
            return None
        except TooLargeError:
            self._fail(claim)
            return None
        except UnfinishedError:
            self._put_back(claim)
            return None
        return Incoming(
            kind=self._spec.kind,
            source=self._spec.source,
            name=claim.name,
            raw=contents.raw,
            received_at=claim.at,
            party=None if is_mail else self._spec.party,
            path=written(self._home, claim.goal),
            identity=None if is_mail else claim.identity,
            digest=contents.digest,
            size=contents.size,
        )

    def _put_back(self, claim: Claim) -> None:
        """Its writer had not finished after all."""
        name = free_name(claim.name, [self._spec.path])
        self.unsteady.add(name)
        self._has_put_back = True
        claim.place.rename(self._spec.path / name)

    def _fail(self, claim: Claim) -> None:
        failed = self._spec.path / "failed" / claim.goal.parent.name
        failed.mkdir(parents=True, exist_ok=True)
        claim.place.rename(failed / free_name(claim.place.name, [failed]))
        self._report(reason("trouble_mail_too_large", source=self._spec.source, name=claim.name))

    def _settle(self, claims: Sequence[Claim]) -> None:
        for claim in claims:
            claim.goal.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                if not claim.goal.exists():
                    claim.place.rename(claim.goal)
                elif claim.goal.samefile(claim.place):
                    claim.place.unlink()
                else:
                    claim.place.rename(claim.goal.with_name(free_name(claim.goal.name, [claim.goal.parent])))
        for folder in {claim.goal.parent for claim in claims}:
            sync(folder)


_PATIENCE = 3
"""So many failures from the first on mean that it is not about one file."""


def _remove_empty(batch: Path) -> None:
    with contextlib.suppress(OSError):
        batch.rmdir()
