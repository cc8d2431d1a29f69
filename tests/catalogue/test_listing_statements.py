"""How much a listing page asks of the database."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.models import Kind
from facilities.db import db
from tests.catalogue.listing_cast import Cast
from tests.counting import statements
from tests.listings import add

MOST = dict.fromkeys(Kind, 11) | {Kind.ORGANISATION: 15}
"""Organisations have four lists more: sites, pipeline, memberships, open needs."""


@pytest.mark.parametrize("name", ["university", "facility", "instrument", "service"])
def test_a_rich_page_takes_few_statements(app: Flask, client: FlaskClient, cast: Cast, name: str) -> None:
    address, most = getattr(cast, name).path, MOST[getattr(cast, name).kind]
    client.get(address)
    db.session.expunge_all()
    with statements() as sent:
        assert client.get(address).status_code == 200
    assert len(sent) <= most, "\n".join(sent)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_bare_page_takes_few_statements(app: Flask, client: FlaskClient, kind: Kind) -> None:
    address = add(kind, "Bare").path
    client.get(address)
    db.session.expunge_all()
    with statements() as sent:
        assert client.get(address).status_code == 200
    assert len(sent) <= MOST[kind], "\n".join(sent)


def test_many_relatives_cost_no_more_statements(app: Flask, client: FlaskClient, cast: Cast) -> None:
    address = cast.facility.path
    with statements() as few:
        client.get(address)
    for number in range(40):
        add(Kind.INSTRUMENT, f"Microscope {number:02}", parent=cast.facility)
    db.session.expunge_all()
    with statements() as many:
        page = client.get(address).text
    assert len(many) <= len(few)
    assert page.count('class="relative-name"') == 24 + 1 + page.count('class="panel kind-')
    assert f"/search?kind=instrument&amp;organisation={cast.university.id}" in page
