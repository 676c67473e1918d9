"""Hints from the kernel that something happened in a folder. They may be lost at any time: the scan is the truth."""

import contextlib
import itertools
import logging
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from watchdog.events import FileClosedEvent, FileCreatedEvent, FileMovedEvent, FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

AT_MOST = 400
"""Folders watched; each costs a thread, and the scan finds what is in the others."""

Hint = Callable[[str, str, bool], None]
"""Told the folder, the file's name, and whether its writer has finished (closed it, or renamed it in)."""


class _Reader(Protocol):
    def is_alive(self) -> bool: ...

    def stop(self) -> None: ...

    def join(self, timeout: float | None = None) -> None: ...


class _Listener(FileSystemEventHandler):
    """An exception in a handler would end the observer's thread, so nothing is done here."""

    def __init__(self, hint: Hint) -> None:
        self._hint = hint

    def on_any_event(self, event: FileSystemEvent) -> None:
        moved = isinstance(event, FileMovedEvent)
        path = os.fsdecode(event.dest_path if moved else event.src_path)
        if path:
            folder, name = os.path.split(path)
            self._hint(folder, name, moved or isinstance(event, FileClosedEvent))


class FolderWatch:
    """Watches folders, each without what lies below it; starts again when one of its threads has died."""

    def __init__(self, hint: Hint) -> None:
        # It complains of its own orderly end, and of lost events, which the scan makes good.
        logging.getLogger("watchdog").setLevel(logging.CRITICAL)
        self._listener = _Listener(hint)
        self._threads: list[_Reader] = []
        self._observer: BaseObserver | None = None
        self._watches: dict[Path, tuple[int, ObservedWatch]] = {}

    def cover(self, folders: Iterable[Path]) -> None:
        """Watch these from now on. What cannot be watched is found by the scan alone."""
        if not self._threads or not all(thread.is_alive() for thread in self._threads):
            self.stop()
            self._start()
        if self._observer is None:
            return
        wanted = {folder: folder.stat().st_ino for folder in itertools.islice(folders, AT_MOST) if folder.is_dir()}
        for folder, (inode, watch) in list(self._watches.items()):
            # A folder that was removed and made again is another one to the kernel.
            if wanted.get(folder) != inode:
                with contextlib.suppress(OSError, KeyError):
                    self._observer.unschedule(watch)
                del self._watches[folder]
        for folder in wanted.keys() - self._watches.keys():
            self._schedule(self._observer, folder, wanted[folder])

    def stop(self) -> None:
        for thread in self._threads:
            if thread.is_alive():
                thread.stop()
                thread.join(3)
        self._threads.clear()
        self._watches.clear()
        self._observer = None

    def _start(self) -> None:
        with contextlib.suppress(OSError):
            self._observer, self._threads = _started()

    def _schedule(self, observer: BaseObserver, folder: Path, inode: int) -> None:
        events: list[type[FileSystemEvent]] = [FileCreatedEvent, FileMovedEvent, FileClosedEvent]
        with contextlib.suppress(OSError):
            self._watches[folder] = (inode, observer.schedule(self._listener, str(folder), event_filter=events))


def _started() -> tuple[BaseObserver, list[_Reader]]:
    """A running observer, and the threads that must live for it to work."""
    if sys.platform != "linux":
        other = Observer()
        other.start()
        return other, [other]
    from watchdog.observers.inotify import InotifyFullEmitter  # noqa: PLC0415 - it exists on Linux only
    from watchdog.observers.inotify_c import InotifyConstants, InotifyFD, Mask  # noqa: PLC0415

    class ArrivalsOnly(InotifyFullEmitter):
        """Tells a file renamed in from one just opened, and is deaf to what leaves.

        watchdog holds everything back for half a second after a file that left, and every claim makes one leave.
        """

        def get_event_mask_from_filter(self) -> Mask:
            return Mask(super().get_event_mask_from_filter() & ~InotifyConstants.IN_MOVED_FROM)

    reader = InotifyFD()
    reader.start()
    observer = BaseObserver(ArrivalsOnly, inotify_fd=reader)
    observer.start()
    return observer, [observer, reader]
