"""Migrations go up, down and up again on both databases and end where the models are."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.db import alembic, db
from tests.conftest import running_app


@pytest.fixture(autouse=True)
def empty(database: str, tmp_path: Path) -> Iterator[Flask]:
    with running_app(tmp_path, tables=False, DATABASE_URL=database) as app:
        yield app


def tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_migrations_go_up_down_and_up_again() -> None:
    alembic.upgrade()
    made = tables()
    alembic.downgrade("base")
    left = tables()
    alembic.upgrade()
    assert "listings" in made
    assert left == set()
    assert tables() == made


def test_migrations_end_where_the_models_are() -> None:
    alembic.upgrade()
    assert alembic.compare_metadata() == []


def test_every_check_is_a_named_constraint_in_the_database() -> None:
    alembic.upgrade()
    named = {check["name"] for check in sa.inspect(db.engine).get_check_constraints("listings")}
    assert {"ck_listings_lat", "ck_listings_lng", "ck_listings_status", "ck_listings_withdrawn_at"} <= named
