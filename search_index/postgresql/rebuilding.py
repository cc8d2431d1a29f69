"""Rebuilding: a new edition grows beside the live one and takes its place, all in one transaction."""

from collections.abc import Iterable
from contextlib import ExitStack, suppress
from itertools import islice

from psycopg import errors

from search_index.documents import Document
from search_index.index import CatchUp
from search_index.locks import WriteLock
from search_index.postgresql.connections import Connection, Connections
from search_index.postgresql.locks import REBUILDING, AdvisoryLock
from search_index.postgresql.tables import State, add_indexes, new_edition, prepare, remove_unused, use_edition
from search_index.postgresql.writing import Batch, write_changes, write_terms
from search_index.records import FORMAT_VERSION

_WAIT_FOR_WRITERS = 120.0
"""Seconds that a finished index waits for its turn to take over."""
_AT_ONCE = 500
"""Documents that are kept in memory before they are written."""


def rebuild(
    connections: Connections, lock: WriteLock[AdvisoryLock], documents: Iterable[Document], catch_up: CatchUp | None
) -> int:
    """Build, catch up, take over, clean up. Returns the new generation. Raises IndexBusy."""
    other = AdvisoryLock(connections, REBUILDING)
    other.acquire(0)
    try:
        with lock.held(_WAIT_FOR_WRITERS):
            prepare(lock.process_lock.connection)
        generation = _build_and_swap(other.connection, lock, documents, catch_up)
        with suppress(errors.DeadlockDetected):
            remove_unused(other.connection)
        return generation
    finally:
        other.release()


def _build_and_swap(
    connection: Connection, lock: WriteLock[AdvisoryLock], documents: Iterable[Document], catch_up: CatchUp | None
) -> int:
    """The new generation. Others may write again only once all is committed."""
    with ExitStack() as held, connection.transaction():
        state = _build(connection, documents)
        held.enter_context(lock.held(_WAIT_FOR_WRITERS))
        if catch_up is not None:
            state = write_changes(connection, state, *catch_up())
        return use_edition(connection, state.edition, state.next_number)


def _build(connection: Connection, documents: Iterable[Document]) -> State:
    """A new edition with all documents, each id once."""
    edition = new_edition(connection)
    terms: set[bytes] = set()
    seen: set[int] = set()
    number = 0
    remaining = iter(documents)
    while some := list(islice(remaining, _AT_ONCE)):
        batch = Batch()
        for document in some:
            if document.id not in seen:
                seen.add(document.id)
                batch.add(number, document)
                number += 1
        batch.write(connection, edition)
        terms |= batch.terms
    write_terms(connection, edition, terms)
    add_indexes(connection, edition)
    return State(FORMAT_VERSION, edition, 0, number, 0)
