"""Opening: a process's view of the index on disk, renewed whenever something was committed."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from search_index.facets import FacetValues, new_facet_values
from search_index.folders import DurableStorage, base_of, current_folder, read_tick
from search_index.snapshot import IndexUnreadable, Place, Snapshot
from search_index.whoosh_parts import TOC, EmptyIndexError
from search_index.whoosh_segments import WhooshSegment

INDEX_NAME = "MAIN"
_ATTEMPTS = 20
T = TypeVar("T")


class Reader:
    """Gives the snapshot of the newest generation; segments that are still in use are kept open."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values: FacetValues = new_facet_values()
        self._segments: dict[str, WhooshSegment] = {}
        self._reopen = False
        self._folder = ""
        self._held: tuple[bytes, Snapshot] | None = None
        self._lock = threading.Lock()

    def renew(self) -> None:
        """In a forked process: own locks and own files; what is in memory stays."""
        self._lock = threading.Lock()
        self._held = None
        self._reopen = True

    def exists(self) -> bool:
        """Whether there is an index in the format that this version reads."""
        return current_folder(self._path) is not None

    def snapshot(self) -> Snapshot:
        """The newest generation. Equal ticks before and now mean that nothing was committed between."""
        tick = read_tick(self._path)
        held = self._held
        if held is not None and held[0] == tick and tick:
            return held[1]
        with self._lock:
            return self._load_again()

    def true_snapshot(self) -> Snapshot:
        """What is on disk, even if a writer died between its commit and telling of it. For who holds the write lock."""
        with self._lock:
            tick = read_tick(self._path)
            snapshot = self._load_checked()
            self._held = (tick, snapshot)
            return snapshot

    def using(self, work: Callable[[Snapshot], T]) -> T:
        """Work with the newest snapshot, again with a newer one if its files were removed meanwhile."""
        for _ in range(_ATTEMPTS):
            try:
                return work(self.snapshot())
            except FileNotFoundError:
                self._held = None
        raise IndexUnreadable(self._path)

    def _load_again(self) -> Snapshot:
        """Files can vanish after the table of contents was read: then there is a newer one."""
        for attempt in range(_ATTEMPTS):
            tick = read_tick(self._path)
            if self._held is not None and self._held[0] == tick and tick:
                return self._held[1]
            try:
                snapshot = self._load_checked()
            except (FileNotFoundError, EmptyIndexError):
                time.sleep(0.002 * attempt)
                continue
            self._held = (tick, snapshot)
            return snapshot
        raise IndexUnreadable(self._path)

    def _load_checked(self) -> Snapshot:
        try:
            return self._load()
        except (FileNotFoundError, EmptyIndexError):
            raise
        except Exception as error:
            raise IndexUnreadable(self._path) from error

    def _load(self) -> Snapshot:
        folder = current_folder(self._path)
        if folder is None:
            return Snapshot(Place("", 0, 0), [], [], self._values)
        storage = DurableStorage(folder)
        try:
            return self._read(folder, storage)
        except BaseException:
            storage.abandon()
            raise

    def _read(self, folder: Path, storage: DurableStorage) -> Snapshot:
        contents = TOC.read(storage, INDEX_NAME)
        place = _place(folder, contents)
        if self._held is not None and self._held[1].place == place:
            return self._held[1]
        segments = self._open(folder.name, storage, contents)
        return Snapshot(place, segments, _deleted(contents), self._values)

    def _open(self, folder: str, storage: DurableStorage, contents: Any) -> list[WhooshSegment]:
        """Open the segments that are not open yet and let go of those no longer named."""
        if folder != self._folder:
            self._segments, self._values, self._folder = {}, new_facet_values(), folder
        names = [each.segment_id() for each in contents.segments]
        known = {name: self._segments[name] for name in names if name in self._segments}
        for name, each in zip(names, contents.segments, strict=True):
            if name not in known:
                known[name] = WhooshSegment(storage, contents.schema, each, self._values)
            elif self._reopen:
                known[name].reopen(storage, contents.schema, each)
        self._segments, self._reopen = known, False
        return [known[name] for name in names]


def open_snapshot(folder: Path) -> Snapshot:
    """The newest generation in a folder that only this process knows."""
    storage = DurableStorage(folder)
    contents = TOC.read(storage, INDEX_NAME)
    values = new_facet_values()
    segments = [WhooshSegment(storage, contents.schema, each, values) for each in contents.segments]
    return Snapshot(_place(folder, contents), segments, _deleted(contents), values)


def _place(folder: Path, contents: Any) -> Place:
    return Place(folder.name, contents.generation, base_of(folder) + contents.generation)


def _deleted(contents: Any) -> list[list[int]]:
    return [list(each.deleted_docs()) for each in contents.segments]
