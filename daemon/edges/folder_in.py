"""The door for dropped files: the workspace's folders and partners' folders elsewhere, and what is complete in them."""

import contextlib
import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from queue import Empty, SimpleQueue

from daemon.domain.arrival import ArrivalKind
from daemon.domain.reason import Reason, reason
from daemon.edges.folder_claim import Claimant
from daemon.edges.folder_names import shown
from daemon.edges.folder_scan import FolderSpec, Sightings, is_left_alone
from daemon.edges.folder_watch import FolderWatch
from daemon.engine.ports import Clock, FrontDesk, NoRoomError

_log = logging.getLogger(__name__)

RESCAN = 30.0
_ORDERS = "orders"
_ONCE_QUIET = 0.2
_ONCE_PATIENCE = 3.0
_AGAIN = 5.0
_REPORT_EVERY = 5.0
"""Seconds between two reports that a folder was read, however often it is looked at."""


class Folders:
    """All folders behind one thread; `folders` is asked again at every rescan, so that a new partner's folder appears.

    Each folder is a source of its own, `folder:PARTY`, because each may be away or troubled on its own.
    """

    name = "folders"

    def __init__(
        self,
        home: Path,
        folders: Callable[[], Sequence[FolderSpec]],
        desk: FrontDesk,
        clock: Clock,
        *,
        quiet: float = 1.0,
        rescan: float = RESCAN,
    ) -> None:
        self._home = home.absolute()
        self._folders = folders
        self._desk = desk
        self._clock = clock
        self._quiet = quiet
        self._rescan = rescan
        self._places: dict[Path, Place] = {}
        self._renew_at = 0.0
        self._settled_at = math.inf
        self._hints: SimpleQueue[tuple[str, str, bool]] = SimpleQueue()
        self._watch = FolderWatch(lambda folder, name, finished: self._hints.put((folder, name, finished)))
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._stopped.clear()
        self._renew_at = 0.0
        self._settled_at = math.inf
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._hints.put(("", "", False))
        if self._thread is not None:
            self._thread.join(8)
        self._watch.stop()

    def poll(self) -> int:
        """Complete files are taken at once; a growing one is given a few seconds, then left for the next time."""
        self._renew()
        end = time.monotonic() + _ONCE_PATIENCE
        places = list(self._places.values())
        taken = 0
        while places:
            taken += sum(place.go(_ONCE_QUIET) for place in places)
            places = [place for place in places if place.is_waiting]
            if places and (time.monotonic() > end or self._stopped.wait(_ONCE_QUIET)):
                break
        return taken

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._look_around()
            except Exception as error:  # noqa: BLE001 - an inbox comes back after whatever happened to it
                _log.warning("the folders cannot be looked at (%s)", type(error).__name__)
                self._stopped.wait(_AGAIN)

    def _look_around(self) -> None:
        if time.monotonic() >= self._renew_at:
            self._renew()
            self._watch.cover(path for path, place in self._places.items() if place.spec.poll is None)
            self._renew_at = time.monotonic() + self._rescan
        for place in self._places.values():
            if place.due <= time.monotonic():
                place.go(self._quiet, _REPORT_EVERY)
        self._settled_at = min(self._settled_at, time.monotonic() + self._quiet)
        self._listen(min([self._renew_at, *(place.due for place in self._places.values())]))

    def _renew(self) -> None:
        specs = {spec.path.absolute(): spec for spec in self._folders()}
        for path in self._places.keys() - specs.keys():
            del self._places[path]
        for path, spec in specs.items():
            if path not in self._places or self._places[path].spec != spec:
                self._places[path] = Place(
                    self._home, spec, self._desk, self._clock, rescan=self._rescan, is_stopped=self._stopped.is_set
                )

    def _listen(self, until: float) -> None:
        """Wait for hints, and note all that are there."""
        with contextlib.suppress(Empty):
            hint = self._hints.get(timeout=max(0.0, until - time.monotonic()))
            while True:
                folder, name, finished = hint
                if (place := self._places.get(Path(folder))) is not None:
                    place.hint(name, finished and self._may_be_swift(place))
                hint = self._hints.get_nowait()

    def _may_be_swift(self, place: "Place") -> bool:
        """What lay here at the start is taken first: what a partner drops just then may be about those very orders."""
        return place.spec.party == _ORDERS or time.monotonic() >= self._settled_at


class Place:
    """One folder: what was seen in it, when to look again, and what was already reported about it."""

    def __init__(
        self,
        home: Path,
        spec: FolderSpec,
        desk: FrontDesk,
        clock: Clock,
        *,
        rescan: float,
        is_stopped: Callable[[], bool],
    ) -> None:
        self.spec = spec
        self.due = 0.0
        self._desk = desk
        self._clock = clock
        self._is_stopped = is_stopped
        self._interval = spec.poll if spec.poll is not None else rescan
        self._rescan_at = 0.0
        self._reported_at = -math.inf
        self._was_waiting = False
        self._swift: set[str] = set()
        self._reported: set[tuple[str, str]] = set()
        self._sightings = Sightings(spec.path)
        self._claimant = Claimant(home, spec, desk, clock, report=self._report, is_stopped=is_stopped)

    @property
    def is_waiting(self) -> bool:
        return self._sightings.is_waiting

    def hint(self, name: str, finished: bool) -> None:
        """Something happened to this file; `finished`: its writer closed it or renamed it in."""
        if is_left_alone(name):
            return
        if finished and name not in self._claimant.unsteady:
            self._swift.add(name)
        self.due = 0.0

    def go(self, quiet: float, report_every: float = 0.0) -> int:
        """Look once and take what is complete; the number of new arrivals. Trouble is reported, never raised."""
        before = self._claimant.taken
        now, at = time.monotonic(), self._clock()
        if now >= self._rescan_at:
            self._rescan_at = now + self._interval
            self._sightings.reconsider()
        self.due = min(self._rescan_at, now + _AGAIN)
        try:
            self._look_and_take(now, at, quiet)
        except NoRoomError:
            self._trouble(reason("trouble_no_room", source=self.spec.source))
        except OSError as error:
            path = shown(str(self.spec.path))
            self._trouble(reason("trouble_folder", source=self.spec.source, path=path, why=error.strerror))
        except Exception:  # noqa: BLE001 - one folder's trouble must not end the thread that reads the others
            self._trouble(reason("trouble_not_taken", source=self.spec.source))
        else:
            if not self._is_stopped():
                self._seen(now, report_every)
            self.due = min(self._rescan_at, self._sightings.next_look(quiet) or self._rescan_at)
        return self._claimant.taken - before

    def _look_and_take(self, now: float, at: datetime, quiet: float) -> None:
        self._claimant.resume()
        swift, self._swift = self._swift, set()
        self._sightings.look(now, at, swift)
        for name, why in self._sightings.refused.items():
            self._report(reason(why, source=self.spec.source, name=shown(name)))
        files = [(name, look) for name, look in self._sightings.complete(now, quiet) if self._is_meant(name)]
        stuck, put_back = self._claimant.take(files)
        for name in stuck:
            self._sightings.set_aside(name)
        for name, _ in files:
            self._sightings.forget(name)
        if put_back:
            self._sightings.doubt()
            self._sightings.look(now, at)
        if (failure := self._claimant.failure()) is not None:
            raise failure

    def _is_meant(self, name: str) -> bool:
        if self.spec.kind is ArrivalKind.FILE or name.casefold().endswith(".eml"):
            return True
        self._report(reason("trouble_no_mail", source=self.spec.source, name=shown(name)))
        self._sightings.set_aside(name)
        return False

    def _seen(self, now: float, every: float) -> None:
        """While a file is still growing, nothing can be vouched for that came after the last look without it."""
        until = self._sightings.read_until()
        has_ended = self._was_waiting and not self.is_waiting
        if until is not None and (now >= self._reported_at + every or has_ended):
            self._reported_at = now
            self._desk.seen(self.spec.source, until)
        self._was_waiting = self.is_waiting

    def _report(self, what: Reason) -> None:
        """What is wrong with one file is told once."""
        told = (what.code, what.values["name"])
        if told not in self._reported:
            self._reported.add(told)
            self._trouble(what)

    def _trouble(self, what: Reason) -> None:
        self._desk.trouble(self.spec.source, what)
