"""The database: engine settings, the declarative base, column types the models share."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from inspect import iscoroutinefunction
from typing import Any

import sqlalchemy as sa
from flask import Flask, request
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, Session

from facilities.config import ROOT

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

ID = "int(max=2147483647)"
"""The id of a row in an address, up to the largest that either database has."""


def as_id(text: str) -> int:
    """The id of a row that a form or a query names; 0, which no row has, for what can be none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite, which stores no zone, gives it back aware too."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone: use an aware datetime")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


class StringList(sa.TypeDecorator[list[str]]):
    """A short list of plain words kept in order, as JSON; NULL is never stored."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: sa.Dialect) -> list[str]:
        return [str(item) for item in value or ()]

    def process_result_value(self, value: list[str] | None, dialect: sa.Dialect) -> list[str]:
        return value or []


def enum_column(kind: type[StrEnum]) -> sa.Enum:
    """Text with a named CHECK constraint that lists the enum's values."""
    return sa.Enum(
        kind,
        name=_snake(kind.__name__),
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


def _snake(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


class Model(DeclarativeBase):
    """Base of every table."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime, list[str]: StringList, dict[str, Any]: sa.JSON}


db = SQLAlchemy(session_options={"expire_on_commit": False})


def now() -> datetime:
    """The current time, aware, UTC."""
    return datetime.now(UTC)


@event.listens_for(sa.Engine, "connect")
def _tune_sqlite(connection: Any, _record: Any) -> None:
    """WAL so that readers never wait for a writer; foreign keys enforced; a busy writer waits for its turn. Each
    connection's cache is small, 4 MB: the system keeps the file's pages for all of them."""
    if type(connection).__module__.startswith("sqlite3"):
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=60000",
            "cache_size=-4000",
        ):
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(sa.Engine, "connect")
def _tune_postgresql(connection: Any, _record: Any) -> None:
    """Days of stored times are those of UTC, as on SQLite, wherever the server thinks it is."""
    if type(connection).__module__.startswith("psycopg"):
        connection.execute("SET TIME ZONE 'UTC'")
        connection.commit()


@event.listens_for(sa.Engine, "begin")
def _begin_sqlite(connection: sa.Connection) -> None:
    """SQLite's own BEGIN. A transaction that will write says so with the `writes` option and takes the write lock at
    once, so that two writers queue instead of failing half way."""
    if connection.dialect.name == "sqlite":
        immediate = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def writing() -> None:
    """Open the session's transaction as one that will write. Call it before the first read of a change.

    A transaction that has only read so far is ended first; RuntimeError if one has unsaved changes already.
    """
    session = db.session
    session.info.pop(WRITES_LATE, None)
    if session.in_transaction():
        if session.connection().get_execution_options().get("writes"):
            return
        if session.new or session.dirty or session.deleted:
            raise RuntimeError("call writing() before the first change of a transaction")
        session.commit()
    session.connection(execution_options={"writes": True})


@contextmanager
def letting_others_write() -> Iterator[None]:
    """Work that takes long and needs no data, in a request that has begun as a writer: nobody waits for it. The
    transaction is ended before and begun anew after; what is to be changed is read only then."""
    db.session.rollback()
    yield
    writing()


WRITES_LATE = "writes_late"


def writing_late() -> None:
    """Let the session's transaction, which will write, begin as one that reads and take SQLite's write lock at its
    first write. For long work that others should not wait for, and changes that do not depend on what was read before:
    that may have changed meanwhile."""
    db.session.info[WRITES_LATE] = True


@event.listens_for(Session, "before_flush")
def _take_late_lock(session: Session, *_about_flush: Any) -> None:
    """What was read is left behind: SQLite refuses to write after it once somebody else has written."""
    if session.info.pop(WRITES_LATE, False) and session.get_bind().dialect.name == "sqlite":
        connection = session.connection()
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def init_app(app: Flask) -> None:
    """Attach the database and its migrations; every request that may change something starts as a writer, unless its
    view has the attribute `writes_late`.

    Comes after the check against forged requests, which has read the whole body: a writer never waits for a visitor.
    """
    app.config["SQLALCHEMY_ENGINES"] = {
        "default": {
            "url": app.config["DATABASE_URL"],
            "pool_pre_ping": not app.config["DATABASE_URL"].startswith("sqlite"),
            "pool_use_lifo": True,
        }
    }
    app.config["ALEMBIC"] = {"script_location": str(ROOT / "migrations")}
    app.config["ALEMBIC_CONTEXT"] = {"render_as_batch": True, "compare_type": True}
    db.init_app(app)
    _leave_out_async_sessions(app)

    @app.before_request
    def begin_as_writer() -> None:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return
        late = hasattr(app.view_functions.get(request.endpoint or ""), WRITES_LATE)
        (writing_late if late else writing)()


def _leave_out_async_sessions(app: Flask) -> None:
    """The extension also closes asynchronous sessions, of which there are none, in an event loop made for it at the end
    of every request: about two milliseconds."""
    closing = app.teardown_appcontext_funcs
    app.teardown_appcontext_funcs = [each for each in closing if not iscoroutinefunction(each)]


def refresh_statistics() -> None:
    """Have the database count its rows anew after a large change, so that it goes on choosing the right indexes."""
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(sa.text("ANALYZE"))
