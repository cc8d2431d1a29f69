"""What came back says why, who and when, wherever its author puts it right, until it is handed in again."""

import pytest
from flask import Flask

from facilities.catalogue.actions import create_listing, submit_listing
from facilities.catalogue.models import Kind, Listing
from facilities.db import db
from facilities.formats import short_date
from facilities.moderation.decisions import case_of, send_back
from tests.manage.forms import Editor
from tests.manage.owners import found
from tests.moderation.cast import Cast, cast, propose

WHY = "Where does it stand?"


@pytest.fixture
def people(app: Flask) -> Cast:
    return cast()


def pages_of(author: Editor, listing: Listing) -> list[str]:
    """All sections, and the form of one."""
    address = f"/manage/listings/{listing.id}/edit"
    return [author.client.get(each).text for each in (address, f"{address}/place")]


def test_a_new_listing_says_why_it_was_sent_back_until_it_is_handed_in_again(app: Flask, people: Cast) -> None:
    scope = create_listing(Kind.INSTRUMENT, {"name": "Scope"}, parent=people.facility, by=people.editor.actor)
    submit_listing(scope, by=people.editor.actor)
    author = Editor(app, people.editor)
    assert not any("sent back" in page for page in pages_of(author, scope))
    case = case_of(db.session.merge(scope))
    send_back(case, reason=WHY, by=db.session.merge(people.moderator))
    day = short_date(found(scope).revisions[-1].made_at)
    for page in pages_of(author, scope):
        assert "This listing was sent back." in page
        assert all(words in page for words in (WHY, "Mode Rator", day, "Hand it in for review"))
    author.save(f"/manage/listings/{scope.id}/edit/place", city="Uppsala")
    assert all(WHY in page for page in pages_of(author, scope))
    submit_listing(found(scope), by=db.session.merge(people.editor).actor)
    assert not any(WHY in page for page in pages_of(author, scope))


def test_changes_say_why_they_were_sent_back_until_they_are_saved_again(app: Flask, people: Cast) -> None:
    propose(people.microscope, people.editor, city="Upsala")
    send_back(case_of(people.microscope), reason=WHY, by=people.moderator)
    author = Editor(app, people.editor)
    for page in pages_of(author, people.microscope):
        assert all(words in page for words in ("Your changes were sent back.", WHY, "Mode Rator"))
    author.save(f"/manage/listings/{people.microscope.id}/edit/place", city="Uppsala")
    assert not any(WHY in page for page in pages_of(author, people.microscope))
