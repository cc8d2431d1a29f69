"""The index on Whoosh's inverted index, in a folder."""

from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

from search_index.documents import Document
from search_index.index import WAIT_FOR_WRITER, CatchUp, Index
from search_index.locks import FileBetween, WriteLock
from search_index.opening import Reader
from search_index.rebuilding import rebuild
from search_index.snapshot import Snapshot
from search_index.updating import apply
from search_index.warming import warm_up

T = TypeVar("T")


class WhooshIndex(Index):
    """An index in the folder `path`, for the processes of one machine."""

    def __init__(self, path: Path, *, warm: bool = False, words: Callable[[], Collection[str]] = tuple) -> None:
        self._path = Path(path)
        self._lock = WriteLock(lambda: FileBetween(self._path / "write.lock"))
        self._reader = Reader(self._path)
        super().__init__(words)
        if warm:
            self.warm_up_meanwhile()

    def using(self, work: Callable[[Snapshot], T]) -> T:
        """Work with the newest generation."""
        return self._reader.using(work)

    def writing(self, timeout: float) -> AbstractContextManager[None]:
        """Hold the right to write for a block, waiting `timeout` seconds at most. Raises IndexBusy."""
        return self._lock.held(timeout)

    def apply(self, upserts: Iterable[Document], deletes: Iterable[int]) -> int:
        """Add or replace documents and take ids away in one durable commit; returns its generation."""
        with self._lock.held(WAIT_FOR_WRITER):
            return apply(self._path, self._reader, upserts, deletes)

    def rebuild(self, documents: Iterable[Document], *, catch_up: CatchUp | None = None) -> int:
        """Build anew beside the live index, then take its place; returns the new generation."""
        return rebuild(self._path, self._lock, self._reader, documents, catch_up)

    def exists(self) -> bool:
        """Whether there is an index to search, even if it is empty."""
        return self._reader.exists()

    def documents(self) -> dict[int, str]:
        """The version of each document by id."""
        return self._reader.snapshot().versions()

    def warm_up(self) -> None:
        """Read the most frequent terms, and all words, of large segments."""
        warm_up(self._reader)

    def after_fork(self) -> None:
        """Forget locks and file positions that belong to the parent process."""
        self._lock.renew()
        self._reader.renew()
