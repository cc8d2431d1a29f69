"""The index in a PostgreSQL database."""

from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager, suppress
from typing import TypeVar

import psycopg

from search_index.documents import Document
from search_index.index import WAIT_FOR_WRITER, CatchUp, Index
from search_index.locks import WriteLock
from search_index.postgresql.connections import Connection, Connections
from search_index.postgresql.locks import WRITING, AdvisoryLock
from search_index.postgresql.reading import Reader
from search_index.postgresql.rebuilding import rebuild
from search_index.postgresql.tables import State, add_indexes, new_edition, of_edition, prepare, read_state, use_edition
from search_index.postgresql.writing import forget, save_state, write_changes
from search_index.snapshot import IndexUnreadable, Snapshot

T = TypeVar("T")
_VERSIONS = """
    SELECT id, version FROM {documents} AS d
    WHERE NOT EXISTS (SELECT FROM {gone} AS g WHERE g.number = d.number)"""


class PostgreSQLIndex(Index):
    """An index in the database at `address` (libpq's: postgresql://...), for processes on any number of machines."""

    def __init__(self, address: str, *, warm: bool = False, words: Callable[[], Collection[str]] = tuple) -> None:
        self._connections = Connections(address)
        self._lock = WriteLock(lambda: AdvisoryLock(self._connections, WRITING))
        self._reader = Reader(self._connections)
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
            connection = self._lock.process_lock.connection
            with connection.transaction():
                before = _state(connection)
                after = write_changes(connection, before, upserts, deletes)
                if after != before:
                    save_state(connection, forget(connection, after))
                return after.generation

    def rebuild(self, documents: Iterable[Document], *, catch_up: CatchUp | None = None) -> int:
        """Build anew beside the live index, then take its place; returns the new generation."""
        return rebuild(self._connections, self._lock, documents, catch_up)

    def exists(self) -> bool:
        """Whether there is an index to search, even if it is empty."""
        return self._reader.state() is not None

    def documents(self) -> dict[int, str]:
        """The version of each document by id."""
        with self._connections.one() as connection:
            state = read_state(connection)
            return dict(connection.execute(of_edition(_VERSIONS, state.edition)).fetchall()) if state else {}

    def after_fork(self) -> None:
        """Forget locks and connections that belong to the parent process."""
        self._connections.renew()
        self._lock.renew()
        self._reader.renew()

    def warm_up(self) -> None:
        """Read all documents and their words."""
        with suppress(psycopg.Error, IndexUnreadable):
            for segment in self._reader.snapshot().segments:
                segment.vocabulary.prepare()


def _state(connection: Connection) -> State:
    """What is in use; an empty edition if there is none."""
    prepare(connection)
    state = read_state(connection)
    if state is not None:
        return state
    edition = new_edition(connection)
    add_indexes(connection, edition)
    use_edition(connection, edition, 0)
    return _state(connection)
