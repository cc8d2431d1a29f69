"""Reading: a process's view of the index in the database, renewed whenever something was committed.

All documents are read once, as a base in which PostgreSQL searches. What changed since is read as it comes and searched
in memory. When that has grown large, all are read again.
"""

import threading
from collections.abc import Callable
from typing import TypeVar

from psycopg import errors

from search_index.facets import new_facet_values
from search_index.memory import MemorySegment, Packed
from search_index.postgresql.connections import Connection, Connections
from search_index.postgresql.segments import ServerSegment
from search_index.postgresql.tables import State, of_edition, read_state
from search_index.segments import Segment
from search_index.snapshot import IndexUnreadable, Place, Snapshot

MOST_RECENT = 200
"""Changed documents that are searched in memory, where each takes about 0.1 MB, or more in a large index: a share."""
_SHARE = 0.005
_ATTEMPTS = 5
_RECENT = """
    SELECT number, record, text FROM {documents} AS d
    WHERE number >= %s AND NOT EXISTS (SELECT FROM {gone} AS g WHERE g.number = d.number) ORDER BY number"""
_GONE = "SELECT number FROM {gone} WHERE generation > %s"
T = TypeVar("T")


class View:
    """What a process has read of one edition: a base, what is gone of it, and what came since."""

    def __init__(self, connections: Connections, reading: Connection, state: State) -> None:
        self.values = new_facet_values()
        self.base = ServerSegment(connections, state.edition, reading, self.values)
        self._gone: set[int] = set()
        self._recent: dict[int, Packed] = {}
        self._read = state

    def can_follow(self, state: State) -> bool:
        """Whether what has changed up to a state can be read, and is not too much."""
        seen = self._read
        changed = state.next_number - seen.next_number + len(self._recent) + len(self._gone)
        most = max(MOST_RECENT, _SHARE * self.base.size)
        return (
            state.edition == seen.edition and state.forgotten <= seen.generation <= state.generation and changed <= most
        )

    def follow(self, reading: Connection, state: State) -> None:
        """Read what has changed up to a state, which is that of `reading`."""
        since = self._read
        added = reading.execute(of_edition(_RECENT, state.edition), (since.next_number,), binary=True)
        self._recent |= {number: Packed(record, text) for number, record, text in added}
        for (number,) in reading.execute(of_edition(_GONE, state.edition), (since.generation,)):
            self._recent.pop(number, None)
            if (position := self.base.position(number)) is not None:
                self._gone.add(position)
        self._read = state

    def snapshot(self) -> Snapshot:
        """The index as far as it was read."""
        parts: list[tuple[Segment, set[int]]] = [(self.base, set(self._gone))] if self.base.size else []
        if self._recent:
            parts.append((MemorySegment(list(self._recent.values()), self.values), set()))
        state = self._read
        place = Place(str(state.edition), state.generation, state.generation)
        return Snapshot(place, [segment for segment, _ in parts], [gone for _, gone in parts], self.values)


class Reader:
    """Gives the snapshot of the newest generation."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._view: View | None = None
        self._held: tuple[State, Snapshot] | None = None
        self._lock = threading.Lock()

    def renew(self) -> None:
        """In a forked process: own locks; what is in memory stays."""
        self._lock = threading.Lock()
        self._held = None
        if self._view is not None:
            self._view.base.renew()

    def state(self) -> State | None:
        """What is in use."""
        with self._connections.one() as connection:
            return read_state(connection)

    def using(self, work: Callable[[Snapshot], T]) -> T:
        """Work with the newest snapshot, again with a newer one if its tables were dropped meanwhile."""
        for _ in range(_ATTEMPTS):
            try:
                return work(self.snapshot())
            except errors.UndefinedTable:
                self._held = self._view = None
        raise IndexUnreadable("the database")

    def snapshot(self) -> Snapshot:
        """The newest generation. Equal states before and now mean that nothing was committed between."""
        state = self.state()
        held = self._held
        if held is not None and held[0] == state:
            return held[1]
        if state is None:
            return Snapshot(Place("", 0, 0), [], [], new_facet_values())
        with self._lock:
            return self._load_again()

    def _load_again(self) -> Snapshot:
        """Read what changed, all of it at one moment."""
        with self._connections.one() as connection, connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            state = read_state(connection)
            if state is None:
                raise IndexUnreadable("the database")
            if self._held is not None and self._held[0] == state:
                return self._held[1]
            return self._load(connection, state)

    def _load(self, connection: Connection, state: State) -> Snapshot:
        if self._view is None or not self._view.can_follow(state):
            self._view = View(self._connections, connection, state)
        else:
            self._view.follow(connection, state)
        snapshot = self._view.snapshot()
        self._held = (state, snapshot)
        return snapshot
