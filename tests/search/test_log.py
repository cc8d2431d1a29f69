"""The log of searches: what is counted, of whom, and that nobody waits for it."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask, current_app
from flask.testing import FlaskClient

from facilities.accounts.models import SiteRole
from facilities.db import db, now
from facilities.search import popular
from facilities.search.log import LoggedSearch, SettledSearch, flush, noting, writing
from facilities.search.log.noting import MOST_WAITING, Counts, normalised
from facilities.search.log.queries import Order, Outcome, popular_texts, searched
from facilities.search.log.writing import forget_old_searches
from tests.conftest import running_app
from tests.counting import statements
from tests.listings import small_catalogue
from tests.people import add_user, client_of

BROWSER = {"User-Agent": "Mozilla/5.0"}


def visit(app: Flask, address: str, number: int = 1, **headers: str) -> None:
    """A page opened by the visitor of that number, each in a network of their own."""
    visitor = {"REMOTE_ADDR": f"10.{number // 250}.{number % 250}.1"}
    with app.test_client().get(address, environ_base=visitor, headers=BROWSER | headers) as answer:
        assert answer.status_code == 200


def write(app: Flask) -> None:
    """Write all that has gathered; what the test read before it reads anew."""
    flush(app)
    db.session.rollback()
    db.session.expire_all()


def written(app: Flask) -> dict[str, LoggedSearch]:
    """What the log holds once all that has gathered is written, by text."""
    write(app)
    rows = {row.text: row for row in db.session.query(LoggedSearch)}
    db.session.rollback()
    return rows


def test_searches_are_counted_by_their_words(app_on: Flask) -> None:
    small_catalogue()
    for typed in ("confocal", "Confocal", " confocal  "):
        visit(app_on, f"/search?q={typed}")
    visit(app_on, "/search?q=Zymography")
    found = written(app_on)
    assert (found["confocal"].searches, found["confocal"].found_nothing) == (3, 0)
    assert (found["zymography"].searches, found["zymography"].found_nothing) == (1, 1)


def test_later_searches_are_added_to_earlier_ones(app_on: Flask) -> None:
    small_catalogue()
    for number in (1, 2):
        visit(app_on, "/search?q=confocal", number)
        written(app_on)
    row = written(app_on)["confocal"]
    assert (row.searches, row.seen_by.bit_count()) == (2, 2)


def test_pages_orders_and_filters_are_not_searches_of_their_own(app: Flask) -> None:
    small_catalogue()
    for more in ("&sort=name", "&kind=instrument", "&country=SE"):
        visit(app, f"/search?q=confocal{more}")
    assert written(app) == {}


@pytest.mark.parametrize(
    "typed",
    ["anna.svensson@example.org", "070-123 45 67", "19850101-1234", "https://example.org/x", "+46 18 471 00 00"],
)
def test_addresses_and_numbers_of_persons_are_not_kept(app: Flask, typed: str) -> None:
    small_catalogue()
    with app.test_client().get("/search", query_string={"q": typed}, headers=BROWSER):
        assert written(app) == {}


@pytest.mark.parametrize("typed", ["LSM 880", "600 MHz", "ISO 17025", "Orbitrap Exploris 480"])
def test_models_and_standards_are_kept(typed: str) -> None:
    assert normalised(typed) == typed.lower()


def test_robots_and_the_desk_are_not_visitors(app: Flask) -> None:
    small_catalogue()
    visit(app, "/search?q=confocal", **{"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"})
    moderator = client_of(app, add_user("Mode Rator", site_role=SiteRole.MODERATOR))
    assert moderator.get("/search?q=confocal").status_code == 200
    assert written(app) == {}


def test_a_listing_opened_from_results_is_noted_and_one_opened_otherwise_is_not(app_on: Flask) -> None:
    path = small_catalogue()[2].path
    visit(app_on, "/search?q=confocal")
    visit(app_on, path, Referer="http://localhost/search?q=Confocal&page=2")
    visit(app_on, path, Referer="http://elsewhere.example/search?q=confocal")
    visit(app_on, path, Referer="http://localhost/map")
    visit(app_on, path, Referer="http://[broken/search?q=confocal")
    assert written(app_on)["confocal"].opened == 1


def test_a_search_is_abandoned_by_those_who_opened_nothing(app_on: Flask) -> None:
    path = small_catalogue()[2].path
    for number in range(1, 6):
        visit(app_on, "/search?q=confocal", number)
    visit(app_on, path, 1, Referer="http://localhost/search?q=confocal")
    write(app_on)
    [found], total = searched(Outcome.ABANDONED, Order.COUNT, 30, limit=10, offset=0)
    assert (found.text, found.searches, found.opened, total) == ("confocal", 5, 1, 1)
    assert found.visitors - found.left == 1
    assert searched(Outcome.NOTHING, Order.COUNT, 30, limit=10, offset=0) == ([], 0)


def test_what_found_nothing_most_often_or_last_comes_first(app_on: Flask) -> None:
    small_catalogue()
    today = now().date()
    for text, days, count in (("often", 20, 9), ("lately", 1, 2), ("long ago", 200, 99)):
        db.session.add(
            LoggedSearch(text=text, searched_on=today - timedelta(days), searches=count, found_nothing=count)
        )
    db.session.commit()
    by_count, total = searched(Outcome.NOTHING, Order.COUNT, 90, limit=10, offset=0)
    by_time, _total = searched(Outcome.NOTHING, Order.TIME, 90, limit=10, offset=0)
    assert ([each.text for each in by_count], total) == (["often", "lately"], 2)
    assert [each.text for each in by_time] == ["lately", "often"]


def test_popular_is_what_three_different_visitors_typed(app_on: Flask) -> None:
    small_catalogue()
    for _ in range(5):
        visit(app_on, "/search?q=live+cells", 1)
    for number in range(1, 9):
        visit(app_on, "/search?q=confocal", number)
        visit(app_on, "/search?q=nothing+like+it+zzz", number)
    write(app_on)
    assert [text for text, _count in popular_texts()] == ["confocal"]


def test_a_results_page_asks_no_more_of_the_database_for_being_counted(app: Flask) -> None:
    small_catalogue()
    visit(app, "/search?q=confocal")
    with statements() as sent:
        visit(app, "/search?q=confocal")
    assert not [each for each in sent if "logged_searches" in each]


@pytest.fixture
def other_writer(app: Flask) -> Iterator[sqlite3.Connection]:
    """Somebody who holds the write lock of the database."""
    file = Path(current_app.config["INSTANCE_PATH"]) / "catalogue.sqlite"
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        yield connection


def test_a_busy_database_is_not_waited_for_and_nothing_is_lost(app: Flask, other_writer: sqlite3.Connection) -> None:
    small_catalogue()
    visit(app, "/search?q=confocal")
    db.session.rollback()
    other_writer.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    assert flush(app) == 0
    assert time.monotonic() - started < 1
    other_writer.execute("ROLLBACK")
    assert written(app)["confocal"].searches == 1
    assert db.session.connection().exec_driver_sql("PRAGMA busy_timeout").scalar() == 60_000


def test_a_text_that_no_database_takes_is_not_in_the_way_of_others(app_on: Flask) -> None:
    path = small_catalogue()[2].path
    visit(app_on, path, Referer="http://localhost/search?q=abc%00def%ed%a0%80")
    visit(app_on, "/search?q=confocal")
    assert {"confocal", "abc def"} <= {text.strip("\ufffd ") for text in written(app_on)}


def test_what_the_database_refuses_is_dropped(app_on: Flask) -> None:
    small_catalogue()
    app_on.extensions["search_log"].add({(None, now().date()): Counts(searches=1)})
    assert flush(app_on) == 0
    visit(app_on, "/search?q=confocal")
    assert set(written(app_on)) == {"confocal"}


def test_one_network_adds_only_so_many_texts_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noting, "NEW_TEXTS_FROM_ADDRESS", "2 per day")
    with running_app(tmp_path, RATELIMIT_ENABLED=True) as app:
        small_catalogue()
        for text in ("one", "two", "two", "three", "four"):
            visit(app, f"/search?q={text}", 1)
        visit(app, "/search?q=five", 2)
        assert set(written(app)) == {"one", "two", "five"}


def test_a_day_that_is_full_takes_no_new_texts_but_goes_on_counting(
    app_on: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MOST_OF_DAY", 2)
    notes, today = app_on.extensions["search_log"], now().date()
    for texts in (("one",), ("one", "three", "two"), ("one", "four")):
        notes.add({(text, today): Counts(searches=1) for text in texts})
        write(app_on)
    assert {text: row.searches for text, row in written(app_on).items()} == {"one": 3, "three": 1}


def test_nobody_has_the_site_suggest_what_no_listing_says(app: Flask) -> None:
    small_catalogue()
    for text in (
        "confocal -nilsson",
        "confocal OR nilsson is a thief",
        "confocal nilsson",
        "confocl",
        "confocal zeiss",
    ):
        for number in range(1, 9):
            with app.test_client().get(
                "/search", query_string={"q": text}, headers=BROWSER, environ_base={"REMOTE_ADDR": f"10.0.{number}.1"}
            ) as answer:
                assert answer.status_code == 200
    write(app)
    popular.forget()
    assert popular.popular_beginning("conf", 9) == ["confocal zeiss"]


def test_a_misspelt_search_counts_as_one_that_found_nothing(app: Flask) -> None:
    small_catalogue()
    visit(app, "/search?q=confocl")
    row = written(app)["confocl"]
    assert (row.searches, row.found_nothing) == (1, 1)


def test_a_flood_of_different_texts_does_not_fill_the_memory(app: Flask) -> None:
    notes, today = app.extensions["search_log"], now().date()
    notes.add({(f"text {number}", today): Counts(searches=1) for number in range(MOST_WAITING + 500)})
    assert len(notes.waiting) == MOST_WAITING


def test_what_is_older_than_the_setting_is_forgotten(app_on: Flask) -> None:
    today = now().date()
    for text, days in (("old", 400), ("young", 300)):
        db.session.add(LoggedSearch(text=text, searched_on=today - timedelta(days), searches=1))
    db.session.commit()
    assert forget_old_searches() == 1
    assert set(written(app_on)) == {"young"}


def test_what_the_desk_did_is_forgotten_with_the_searches_it_was_about(app_on: Flask) -> None:
    long_ago = now() - timedelta(days=400)
    for text, at in (("old", long_ago), ("still asked", long_ago), ("young", now())):
        db.session.add(SettledSearch(text=text, settled_by="test", settled_at=at))
    db.session.add(LoggedSearch(text="still asked", searched_on=now().date(), searches=1))
    db.session.commit()
    assert forget_old_searches() == 1
    assert set(db.session.scalars(sa.select(SettledSearch.text))) == {"still asked", "young"}


def test_no_row_says_where_a_visitor_came_from(app: Flask, client: FlaskClient) -> None:
    small_catalogue()
    visit(app, "/search?q=confocal", 77)
    row = written(app)["confocal"]
    said = [str(getattr(row, column.name)) for column in LoggedSearch.__table__.columns]
    assert not [value for value in said if "10.0.77" in value]
    assert row.seen_by.bit_count() == 1
