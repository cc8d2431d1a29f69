"""Adding counts to the table of searches, and forgetting old ones."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite

from facilities.db import db, now, writing
from facilities.search.log.models import LoggedSearch, SettledSearch

PATIENCE = 50
"""Milliseconds to wait for other writers."""

PATIENCE_OF_OTHERS = 60_000
BATCH = 200
"""Rows in a statement, of which SQLite takes 32,766 values."""

MOST_OF_DAY = 5_000
"""Texts of one day that are kept; the counts of those go on when no more are taken."""

ADDED = ("searches", "found_nothing", "found_partly", "opened")
JOINED = ("seen_by", "opened_by")
MONTH = timedelta(days=30.44)


def write(rows: Sequence[dict[str, Any]]) -> None:
    """Add the counts of each row to the row of its text and day, in one order, so that two writers queue. Raises
    OperationalError if others write too long."""
    if not rows:
        return
    ordered = sorted(rows, key=lambda row: (row["searched_on"], row["text"]))
    with impatient_connection() as connection:
        for start in range(0, len(ordered), BATCH):
            if taken := _with_room(connection, ordered[start : start + BATCH]):
                connection.execute(_adding(connection.dialect.name, taken))
        connection.commit()


def _with_room(connection: sa.Connection, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows whose text and day are there already, and as many others as the day has room for."""
    day, text = LoggedSearch.searched_on, LoggedSearch.text
    days = {row["searched_on"] for row in rows}
    counted = sa.select(day, sa.func.count()).where(day.in_(days)).group_by(day)
    room = dict.fromkeys(days, MOST_OF_DAY)
    room |= {each: MOST_OF_DAY - number for each, number in connection.execute(counted)}
    there = sa.select(text, day).where(day.in_(days), text.in_([row["text"] for row in rows]))
    known = {tuple(row) for row in connection.execute(there)}
    taken = []
    for row in rows:
        key = (row["text"], row["searched_on"])
        room[key[1]] -= key not in known
        if key in known or room[key[1]] >= 0:
            taken.append(row)
    return taken


def _adding(dialect: str, rows: Sequence[dict[str, Any]]) -> sa.Executable:
    insert: Any = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(LoggedSearch).values(rows)
    there, new = LoggedSearch.__table__.c, insert.excluded
    sums = {name: there[name] + new[name] for name in ADDED}
    unions = {name: there[name].bitwise_or(new[name]) for name in JOINED}
    statement: sa.Executable = insert.on_conflict_do_update(index_elements=["text", "searched_on"], set_=sums | unions)
    return statement


@contextmanager
def impatient_connection() -> Iterator[sa.Connection]:
    """A connection that writes, and waits PATIENCE for its turn. It belongs to no session."""
    with db.engine.connect().execution_options(writes=True) as connection:
        if connection.dialect.name != "sqlite":
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}ms'")
            yield connection
            return
        raw: Any = connection.connection.driver_connection
        raw.execute(f"PRAGMA busy_timeout={PATIENCE}")
        try:
            yield connection
        finally:
            connection.rollback()
            raw.execute(f"PRAGMA busy_timeout={PATIENCE_OF_OTHERS}")


def forget_old_searches(*, at: datetime | None = None) -> int:
    """Delete what was counted more than SEARCH_LOG_MONTHS ago, and what the desk did so long ago about texts that
    nobody has searched for since; gives the number of rows."""
    writing()
    oldest = (at or now()) - current_app.config["SEARCH_LOG_MONTHS"] * MONTH
    old = sa.delete(LoggedSearch).where(LoggedSearch.searched_on < oldest.date()).returning(LoggedSearch.searched_on)
    forgotten = db.session.scalars(old, execution_options={"synchronize_session": False}).all()
    unasked = SettledSearch.text.not_in(sa.select(LoggedSearch.text))
    settled = sa.delete(SettledSearch).where(SettledSearch.settled_at < oldest, unasked).returning(SettledSearch.text)
    forgotten_too = db.session.scalars(settled, execution_options={"synchronize_session": False}).all()
    db.session.commit()
    return len(forgotten) + len(forgotten_too)
