"""Who may use which route: the whole site, walked by every kind of person, compared with `rights_table`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from facilities.access import anyone
from facilities.catalogue.models import Listing, Status
from facilities.db import db
from tests.conftest import running_app
from tests.people import client_of
from tests.rights_table import ROWS
from tests.rights_table.answers import ANYONE, NOBODY
from tests.rights_world import PEOPLE, World, worlds


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("rights")
    with running_app(folder) as app:
        yield from worlds(app)


@pytest.mark.parametrize(
    ("method", "route", "address", "expected"), ROWS, ids=[f"{row[0]} {row[2]}" for row in ROWS]
)  # fmt: skip
def test_everybody_gets_what_the_table_says(world: World, method: str, route: str, address: str, expected: str) -> None:
    assert world.walk(method, address) == expected


def test_every_route_is_in_the_table_and_nothing_else(app: Flask) -> None:
    there = {
        f"{method} {rule.endpoint}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {f"{method} {route}" for method, route, _address, _expected in ROWS} == there


def test_addresses_lead_to_the_routes_they_stand_for(world: World) -> None:
    adapter = world.app.url_map.bind("catalogue.test")
    for method, route, address, _expected in ROWS:
        path = address.format_map(world.ids).partition("?")[0]
        assert adapter.match(path, method=method)[0] == route, address


def test_routes_are_open_to_anyone_only_where_the_table_says_so(app: Flask) -> None:
    open_to_anyone = {route for route, view in app.view_functions.items() if getattr(view, "rule", None) is anyone}
    for _method, route, address, expected in ROWS:
        if expected in (ANYONE, NOBODY) and route != "static" and "/sign-in/help" not in address:
            assert route in open_to_anyone, address


def test_the_table_has_a_letter_for_everybody() -> None:
    assert {len(expected) for *_row, expected in ROWS} == {len(PEOPLE)}


def test_getting_on_with_a_form_is_not_yet_publishing(world: World) -> None:
    """An editor opens the page of a listing's life; its steps are asked for again when one is taken."""
    draft = world.ids["draft"]
    editor = client_of(world.app, world.people["editor"])
    with editor.session_transaction() as session:
        session["csrf_token"] = "0" * 40
    answer = editor.post(f"/manage/listings/{draft}/life/publish", headers={"X-CSRFToken": world.csrf_token})
    assert answer.status_code == 303
    assert db.session.get_one(Listing, draft).status == Status.DRAFT
