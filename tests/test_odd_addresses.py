"""Whatever somebody writes into an address gets a page, or is told what to do: no public page breaks at it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import ImmutableMultiDict

from tests.conftest import running_app
from tests.rights_table import ROWS
from tests.rights_table.answers import ANYONE
from tests.rights_world import World, worlds

ADDRESSES = [address for method, _route, address, answers in ROWS if method == "GET" and answers == ANYONE]

ODD = ["\xe5%E5%00" + "x" * 5000, "9" * 22, "-1", "%C2%B2"]
"""Bytes that are no UTF-8, raw and written out, a NUL, and far too much; numbers that are none for us; ², a digit."""


class Asked(ImmutableMultiDict[str, str]):
    """The parameters of a request; `names` are those that anything has asked for."""

    names: set[str] = set()

    def get(self, key: str, *args: Any, **kwargs: Any) -> Any:
        self.names.add(key)
        return super().get(key, *args, **kwargs)

    def getlist(self, key: str, *args: Any, **kwargs: Any) -> Any:
        self.names.add(key)
        return super().getlist(key, *args, **kwargs)

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("odd")
    with running_app(folder) as app:
        app.request_class = type("Recording", (app.request_class,), {"parameter_storage_class": Asked})
        yield from worlds(app)


def answer(client: FlaskClient, path: str, query: str) -> int:
    """The query goes out as these bytes, as from a program that cares for no rules."""
    with client.get(path, environ_overrides={"QUERY_STRING": query}) as found:
        return found.status_code


def test_every_public_page_answers_whatever_its_address_says(world: World) -> None:
    client = world.app.test_client()
    broken = []
    for address in ADDRESSES:
        path, _, query = address.format_map(world.ids).partition("?")
        Asked.names.clear()
        answer(client, path, query)
        names = Asked.names | {"q", "page"}
        for odd in ODD:
            code = answer(client, path, "&".join(f"{name}={odd}" for name in sorted(names)))
            broken += [(path, odd[:10], code)] if code >= 500 else []
    assert broken == []


@pytest.mark.parametrize("odd", ["%E5", "%00", "x" * 5000, "9" * 22, "-1"])
def test_words_of_a_path_that_mean_nothing_lead_nowhere(world: World, odd: str) -> None:
    client = world.app.test_client()
    for path in ("/networks", "/networks/north/hubs", "/density", "/instruments", "/places/se", "/facts", "/sv"):
        assert client.get(f"{path}/{odd}").status_code == 404, path


def test_bytes_of_an_old_page_are_read_as_it_meant_them(world: World) -> None:
    page = world.app.test_client().get("/search", environ_overrides={"QUERY_STRING": "q=kol\xf6gon"})
    assert 'value="kolögon"' in page.text


def test_a_form_in_bytes_that_are_no_text_is_told_what_to_do(world: World) -> None:
    client = world.app.test_client()
    page = client.post("/sign-in", data=b"email=\xe5&password=\xe5", content_type="application/x-www-form-urlencoded")
    assert page.status_code == 400
    assert "reload the page" in page.text
