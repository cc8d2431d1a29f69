"""Counts that gather in this process until they are written, so that no visitor waits for the database."""

from collections.abc import Mapping
from threading import Lock
from time import monotonic
from typing import Generic, Protocol, Self, TypeVar


class Adds(Protocol):
    """Something that can be summed up."""

    def __add__(self, other: Self, /) -> Self: ...


Key = TypeVar("Key")
Counts = TypeVar("Counts", bound=Adds)


class Gathered(Generic[Key, Counts]):
    """What has gathered by key: written once in `every` seconds, and no more than `most` keys, or memory would fill."""

    def __init__(self, *, every: float, most: int) -> None:
        self.waiting: dict[Key, Counts] = {}
        self.written = monotonic()
        self._every, self._most, self._lock = every, most, Lock()

    def add(self, more: Mapping[Key, Counts]) -> None:
        """Sum them up; new keys beyond the most are dropped."""
        with self._lock:
            for key, counts in more.items():
                if key in self.waiting:
                    self.waiting[key] += counts
                elif len(self.waiting) < self._most:
                    self.waiting[key] = counts

    def take(self) -> dict[Key, Counts]:
        """All of it; the caller writes it or adds it again."""
        with self._lock:
            taken, self.waiting, self.written = self.waiting, {}, monotonic()
        return taken

    def is_due(self) -> bool:
        return bool(self.waiting) and monotonic() - self.written > self._every
