"""Counting the statements a page sends to the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy import event

from facilities.db import db


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL statements sent while the block runs; transaction control is not counted."""
    sent: list[str] = []

    def note(_connection: sa.Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
            sent.append(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def fewest(visit: Callable[[], object]) -> int:
    """How many statements a visit sends: the fewest of three visits, for each process looks every few seconds whether
    what it has kept is still true, and a busy machine lets these seconds pass between two visits."""
    numbers = []
    for _visit in range(3):
        with statements() as sent:
            visit()
        numbers.append(len(sent))
    return min(numbers)
