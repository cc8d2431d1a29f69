"""Locks between processes on any machines: PostgreSQL's advisory locks, which end with their connection."""

from psycopg import errors

from search_index.locks import IndexBusy
from search_index.postgresql.connections import Connection, Connections

WRITING = 7_310_001
REBUILDING = 7_310_002
"""Keys of the locks: any numbers that nothing else in the database uses."""


class AdvisoryLock:
    """A lock on a connection of its own, on which its holder writes: who loses the one cannot do the other."""

    def __init__(self, connections: Connections, key: int) -> None:
        self._connections = connections
        self._key = key
        self._held: Connection | None = None

    @property
    def connection(self) -> Connection:
        """The connection that holds the lock."""
        assert self._held is not None, "the lock is not held"
        return self._held

    def acquire(self, timeout: float) -> None:
        """Take it within so many seconds. Raises IndexBusy."""
        connection = self._connections.take()
        try:
            if not self._take(connection, timeout):
                raise IndexBusy(timeout)
        except BaseException:
            self._connections.give_back(connection)
            raise
        self._held = connection

    def _take(self, connection: Connection, timeout: float) -> bool:
        milliseconds = int(timeout * 1000)
        if milliseconds <= 0:
            return connection.execute("SELECT pg_try_advisory_lock(%s)", (self._key,)).fetchone() == (True,)
        try:
            with connection.transaction():
                connection.execute("SELECT set_config('lock_timeout', %s, true)", (str(milliseconds),))
                connection.execute("SELECT pg_advisory_lock(%s)", (self._key,))
        except errors.LockNotAvailable:
            return False
        return True

    def release(self) -> None:
        """Give it back. A connection that broke has given it back already."""
        connection, self._held = self.connection, None
        try:
            if not connection.closed:
                connection.execute("SELECT pg_advisory_unlock(%s)", (self._key,))
        finally:
            self._connections.give_back(connection)
