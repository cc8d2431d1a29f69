"""The index: documents in, hits out."""

import os
import threading
import weakref
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from search_index.documents import Document
from search_index.labels import Labels, no_labels, read_labels
from search_index.lookup import find_word
from search_index.queries import Differences, Query, Result
from search_index.searching import search
from search_index.snapshot import Snapshot

WAIT_FOR_WRITER = 30.0
"""Seconds that `apply` waits for the lock when it is not held yet."""
CatchUp = Callable[[], tuple[Iterable[Document], Iterable[int]]]
T = TypeVar("T")


class Index(ABC):
    """An index, whichever engine keeps it. It is made when something is first written.

    Any number of threads and processes may use it at once, each process through its own Index or one that
    it inherited in a fork. A search sees everything that was committed before it began, by any of them.
    `words` gives labels whose words are right however few documents have them, the same object while they are the same.
    """

    def __init__(self, words: Callable[[], Collection[str]] = tuple) -> None:
        self._words = words
        self._labels: tuple[Collection[str], Labels] = ((), no_labels())
        _every_index.add(self)

    @abstractmethod
    def using(self, work: Callable[[Snapshot], T]) -> T:
        """Work with the newest generation."""

    @abstractmethod
    def writing(self, timeout: float) -> AbstractContextManager[None]:
        """Hold the right to write for a block, waiting `timeout` seconds at most. Raises IndexBusy."""

    @abstractmethod
    def apply(self, upserts: Iterable[Document], deletes: Iterable[int]) -> int:
        """Add or replace documents and take ids away in one durable commit; returns its generation.

        An id in both stays. Raises IndexBusy.
        """

    @abstractmethod
    def rebuild(self, documents: Iterable[Document], *, catch_up: CatchUp | None = None) -> int:
        """Build anew beside the live index, then take its place; returns the new generation.

        `catch_up` is called once, under the lock, for what changed since `documents` was begun.
        Raises IndexBusy when another rebuild goes on.
        """

    @abstractmethod
    def exists(self) -> bool:
        """Whether there is an index to search, even if it is empty."""

    @abstractmethod
    def documents(self) -> dict[int, str]:
        """The version of each document by id."""

    @abstractmethod
    def warm_up(self) -> None:
        """Read what the first searches of a process would have to read, before they come."""

    def warm_up_meanwhile(self) -> None:
        """Do so in a thread."""
        threading.Thread(target=self.warm_up, daemon=True, name="warm search index").start()

    @abstractmethod
    def after_fork(self) -> None:
        """Forget locks, file positions and connections that belong to the parent process."""

    def search(self, query: Query) -> Result:
        """The hits of a query in the newest generation."""
        return self.using(lambda snapshot: search(snapshot, query, self._known_labels))

    def knows(self, word: str) -> bool:
        """Whether a folded word stands in a document, in any of its forms, or in a label."""
        if word in self._known_labels().words:
            return True
        return self.using(lambda snapshot: len(find_word(snapshot, word).documents) > 0)

    def _known_labels(self) -> Labels:
        """The labels, read again when `words` gives another object than before."""
        given = self._words()
        held, labels = self._labels
        if given is not held:
            labels = read_labels(given)
            self._labels = (given, labels)
        return labels

    def placed(self, ids: Iterable[int]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Those of the ids whose place is known, in no order, and their points (latitude, longitude in degrees)."""
        return self.using(lambda snapshot: snapshot.placed(ids))

    def check(self, expected: Iterable[tuple[int, str]]) -> Differences:
        """Compare with the ids and versions that should be here."""
        wanted = dict(expected)
        held = self.documents()
        return Differences(
            missing=sorted(wanted.keys() - held.keys()),
            stale=sorted(id_ for id_ in wanted.keys() & held.keys() if wanted[id_] != held[id_]),
            unexpected=sorted(held.keys() - wanted.keys()),
        )

    def count(self) -> int:
        """Documents in the newest generation."""
        return self.using(lambda snapshot: snapshot.count)

    def generation(self) -> int:
        """The newest generation; 0 when there is no index."""
        return self.using(lambda snapshot: snapshot.place.generation)


_every_index: "weakref.WeakSet[Index]" = weakref.WeakSet()


def _renew_all() -> None:
    for index in list(_every_index):
        index.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_all)
