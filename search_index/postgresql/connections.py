"""Connections to the database, kept between searches."""

import os
import struct
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from selectors import EVENT_READ, DefaultSelector
from typing import Any, TypeAlias

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.postgres import types
from psycopg.pq import Format

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]
MOST_IDLE = 8
"""Connections of a process that are kept when nobody uses them."""
_SETTINGS = "SET enable_seqscan = off; SET jit = off; SET client_encoding = utf8; SET search_path = pg_catalog"
"""Words are found by the index, whatever the planner believes of a query that it does not know."""
_DIMENSIONS = struct.Struct(">iiIii")
_ELEMENT = np.dtype([("size", ">i4"), ("value", ">i4")])


class _Integers(Loader):
    """Arrays of 32-bit numbers as numpy's. An array is sent as its dimensions and, for each element, size and value."""

    format = Format.BINARY

    def load(self, data: Buffer) -> NDArray[np.int64]:
        packed = bytes(data)
        if len(packed) < _DIMENSIONS.size:
            return np.zeros(0, np.int64)
        return np.frombuffer(packed, _ELEMENT, offset=_DIMENSIONS.size)["value"].astype(np.int64)


class Connections:
    """Connections to one address. Each is used by one thread at a time."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.renew()

    def renew(self) -> None:
        """In a forked process: leave the connections to the parent, and do not let go of them: that would end them."""
        self._of_parent = getattr(self, "_idle", [])
        self._idle: list[Connection] = []
        weakref.finalize(self, _close, self._idle, os.getpid())

    @contextmanager
    def one(self) -> Iterator[Connection]:
        """A connection for a block. It commits each statement unless a transaction is begun."""
        connection = self.take()
        try:
            yield connection
        finally:
            self.give_back(connection)

    def take(self) -> Connection:
        """A connection, to be given back."""
        with suppress(IndexError):
            while True:
                connection = self._idle.pop()
                if not _was_closed(connection):
                    return connection
                connection.close()
        return self._connect()

    def give_back(self, connection: Connection) -> None:
        """Keep a connection for who comes next."""
        if not connection.closed and len(self._idle) < MOST_IDLE:
            self._idle.append(connection)
        else:
            connection.close()

    def _connect(self) -> Connection:
        connection = psycopg.connect(self._address, autocommit=True)
        connection.execute(_SETTINGS)
        connection.adapters.register_loader(types["int4"].array_oid, _Integers)
        return connection


def _close(connections: list[Connection], opened_by: int) -> None:
    """End the connections that this process opened."""
    while connections and os.getpid() == opened_by:
        connections.pop().close()


def _was_closed(connection: Connection) -> bool:
    """Whether the server has closed a connection that nobody used: it says so, and nothing else unasked."""
    with DefaultSelector() as selector:
        selector.register(connection, EVENT_READ)
        return bool(selector.select(0))
