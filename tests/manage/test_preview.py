"""A listing as visitors will see it, with the changes that wait; looking saves nothing."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from facilities.accounts.models import User
from facilities.catalogue import content
from facilities.catalogue.models import Instrument, Kind, Revision, Status
from facilities.db import db
from facilities.manage.editing import editable, save_edit
from tests.counting import statements
from tests.listings import add
from tests.manage.owner_pages import Cast, anew, owner_pages
from tests.people import add_user


@pytest.fixture
def editor(catalogue: Cast) -> User:
    return add_user("Eddie Editor", editor_of=catalogue[1])


@pytest.fixture
def pages(app: Flask, editor: User) -> FlaskClient:
    return owner_pages(app, editor)


CHANGES = {
    "name": "Zeiss LSM 880 Airyscan",
    "description": "A new text about it.",
    "keywords": ["super resolution"],
    "contacts": [{"role": "Microscopist", "email": "micro@example.org"}],
    "prices": [{"item": "Microscope hour", "group": "company", "basis": "hour", "amount": "900", "currency": "SEK"}],
    "access": {"groups": ["companies"], "modes": ["remote"]},
    "specification": [{"name": "Detector", "value": "Airyscan 2"}],
    "links": [{"url": "https://example.org/manual", "title": "The manual"}],
    "texts": {"sv": {"name": "Mikroskopet", "description": "Ljusmikroskop"}},
}


def preview(listing: Instrument, more: str = "") -> str:
    return f"/manage/listings/{listing.id}/preview{more}"


def test_changes_that_wait_are_seen_in_the_preview_and_nowhere_else(
    app: Flask, pages: FlaskClient, catalogue: Cast, editor: User
) -> None:
    microscope = catalogue[2]
    before = content.read(microscope)
    save_edit(microscope, CHANGES, opened=editable(microscope, tuple(CHANGES)), by=editor)
    page = pages.get(preview(microscope)).text
    for words in ("Airyscan", "A new text about it.", "Microscopist", "Microscope hour", "The manual", "Airyscan 2"):
        assert words in page, words
    assert "changes that wait for a decision" in page
    assert "micro@example.org" not in page
    assert "Airyscan" not in app.test_client().get(microscope.path).text
    assert content.read(anew(microscope)) == before


def test_looking_writes_nothing(pages: FlaskClient, catalogue: Cast, editor: User) -> None:
    microscope = catalogue[2]
    save_edit(microscope, CHANGES, opened=editable(microscope, tuple(CHANGES)), by=editor)
    version = anew(microscope).version
    with statements() as sent:
        pages.get(preview(microscope))
    assert [each for each in sent if each.startswith(("INSERT", "UPDATE", "DELETE"))] == []
    assert anew(microscope).version == version
    assert db.session.scalar(sa.select(sa.func.count(Revision.id))) == 0


def test_a_draft_is_seen_as_it_would_be(pages: FlaskClient, catalogue: Cast) -> None:
    draft = add(Kind.SERVICE, "Cell sorting", parent=catalogue[1], description="Sorts cells.")
    draft.status = Status.DRAFT
    db.session.commit()
    page = pages.get(preview(draft)).text
    assert "Sorts cells." in page and "The listing is not public." in page


def test_every_kind_can_be_looked_at(app: Flask, catalogue: Cast) -> None:
    pages = owner_pages(app, add_user("Maja", manager_of=catalogue[0]))
    service = add(Kind.SERVICE, "Cell sorting", parent=catalogue[1])
    for listing in (*catalogue, service):
        answer = pages.get(preview(listing))
        assert answer.status_code == 200
        assert "visitors see exactly this" in answer.text
        assert answer.headers["X-Robots-Tag"] == "noindex"


def test_other_languages_can_be_looked_at(pages: FlaskClient, catalogue: Cast, editor: User) -> None:
    microscope = catalogue[2]
    save_edit(microscope, CHANGES, opened=editable(microscope, tuple(CHANGES)), by=editor)
    assert "Mikroskopet" in pages.get(preview(microscope, "?lang=sv")).text


def test_previews_are_private(app: Flask, catalogue: Cast) -> None:
    assert owner_pages(app, add_user("Stranger")).get(preview(catalogue[2])).status_code == 403
