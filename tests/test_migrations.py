"""Migrations go up, down and up again on both databases and end where the models are."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.db import Model, db
from facilities.migrating import migrations
from tests.conftest import running_app


@pytest.fixture(autouse=True)
def empty(database: str, tmp_path: Path) -> Iterator[Flask]:
    with running_app(tmp_path, tables=False, DATABASE_URL=database) as app:
        Model.metadata.drop_all(db.engine)
        yield app


def tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_migrations_go_up_down_and_up_again() -> None:
    migrations().upgrade()
    made = tables()
    migrations().downgrade("base")
    left = tables()
    migrations().upgrade()
    assert "listings" in made
    assert left == set()
    assert tables() == made


def test_migrations_end_where_the_models_are() -> None:
    migrations().upgrade()
    assert migrations().compare_metadata() == []


def test_every_check_is_a_named_constraint_in_the_database() -> None:
    migrations().upgrade()
    named = {check["name"] for check in sa.inspect(db.engine).get_check_constraints("listings")}
    assert {"ck_listings_lat", "ck_listings_lng", "ck_listings_status", "ck_listings_withdrawn_at"} <= named


def test_rows_survive_the_migrations_that_make_tables_anew() -> None:
    migrations().upgrade("20261121_4")
    at = "2026-01-02 03:04:05+00:00"
    for listing_id, name in ((1, "Skerry University"), (2, "Fjord Institute")):
        row(
            "listings", id=listing_id, kind="organisation", status="published", language="en", name=name,
            name_key=name.lower(), abbreviation="", other_names="[]", summary="", description="", keywords="[]",
            department="", address="", postal_code="", city="", region="", building="", room="", url="",
            created_at=at, updated_at=at, confirmed_by="", withdrawn_reason="",
        )  # fmt: skip
        row("organisations", id=listing_id, organisation_kind="university", roles="[]", company_number="", sector="",
            activities="[]", customers="[]")  # fmt: skip
    row("contacts", id=1, listing_id=1, position=0, role="Manager", name="", email="m@example.org", languages="[]",
        enquiry_kinds="[]")  # fmt: skip
    for number, listing_id in enumerate((1, 2, 1), 1):
        row("revisions", id=number, listing_id=listing_id, made_at=at, made_by="import", act="edited", changes="{}")
    migrations().upgrade()
    with db.engine.connect() as connection:
        versions = connection.execute(sa.text("SELECT id, version FROM revisions ORDER BY id")).all()
        listings = connection.execute(sa.text("SELECT id, version FROM listings ORDER BY id")).all()
        contacts = connection.execute(sa.text("SELECT listing_id, deputy_email FROM contacts")).all()
    assert versions == [(1, 1), (2, 1), (3, 2)]
    assert listings == [(1, 2), (2, 1)]
    assert contacts == [(1, "")]


def test_enquiries_from_before_threads_have_one_for_each_listing() -> None:
    migrations().upgrade("20261122_8")
    at = "2026-01-02 03:04:05+00:00"
    asked = {
        "kind": "question", "locale": "en", "created_at": at, "requester_name": "R", "requester_email": "r@example.org",
        "requester_organisation": "", "preferred_dates": "[]", "duration": "", "samples": "", "budget": "",
        "receipt": "sent", "receipt_detail": "",
    }  # fmt: skip
    row("enquiries", id=1, token="t1", form_id="f1", status="answered", **asked)
    row("enquiries", id=2, token="t2", form_id="f2", status="closed", **asked)
    received = {"role": "Manager", "route": "facility", "delivery": "sent", "delivery_detail": "", "delivered_at": at}
    for number, (enquiry, listing, mailbox) in enumerate([(1, "A", "a"), (1, "A", "b"), (1, "B", "a"), (2, "A", "a")]):
        names = {"listing_name": listing, "email": f"{mailbox}@example.org"}
        row("recipients", id=number + 1, enquiry_id=enquiry, **names, **received)
    row("messages", id=1, enquiry_id=1, author="requester", body="Is it free?", sent_at=at)
    row("messages", id=2, enquiry_id=1, recipient_id=3, author="owner", body="Yes.", sent_at=at)
    migrations().upgrade()
    assert threads() == [
        (1, "A", "answered", "owner", 2),
        (1, "B", "answered", "owner", 1),
        (2, "A", "closed", "nobody", 1),
    ]
    assert rows("SELECT body, thread_id IS NULL FROM messages ORDER BY id") == [("Is it free?", 1), ("Yes.", 0)]
    assert len(set(rows("SELECT token FROM recipients"))) == 4
    migrations().downgrade("20261122_8")
    assert rows("SELECT status FROM enquiries ORDER BY id") == [("answered",), ("closed",)]
    assert rows("SELECT listing_name FROM recipients ORDER BY id") == [("A",), ("A",), ("B",), ("A",)]
    assert rows("SELECT recipient_id FROM messages ORDER BY id") == [(None,), (3,)]


def threads() -> list[tuple[object, ...]]:
    return rows(
        "SELECT t.enquiry_id, t.listing_name, t.status, t.turn, COUNT(r.id) FROM threads t"
        " JOIN recipients r ON r.thread_id = t.id GROUP BY t.id, t.enquiry_id, t.listing_name, t.status, t.turn"
        " ORDER BY t.enquiry_id, t.listing_name"
    )


def rows(query: str) -> list[tuple[object, ...]]:
    with db.engine.connect() as connection:
        return [tuple(each) for each in connection.execute(sa.text(query))]


def row(table: str, **values: object) -> None:
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    with db.engine.begin() as connection:
        connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)
