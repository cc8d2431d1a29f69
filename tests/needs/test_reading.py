"""Public needs as visitors find and answer them."""

import re
from datetime import timedelta

from flask.testing import FlaskClient

from facilities.catalogue.models import Kind
from facilities.db import db
from facilities.formats import site_today
from facilities.needs.models import NeedState, PublicNeed
from facilities.search.index import rebuild
from tests.counting import fewest, statements
from tests.enquiry_cast import Visitor as Asker
from tests.listings import add
from tests.manage.owner_pages import anew
from tests.needs.cast import WANTED, Cast


def test_needs_are_found_by_words_country_and_network_and_ordered_by_their_end(cast: Cast) -> None:
    today = site_today()
    for title, name, days in (("Cold room", "poster", 50), ("Cold storage", "many", 20), ("Auditor", "choir", 30)):
        _open(cast, title, name, days)
    visitor = cast.app.test_client()
    cold = visitor.get("/needs?q=cold&sort=ending").text
    assert cold.index("Cold storage") < cold.index("Cold room") and "Auditor" not in cold
    danish = visitor.get("/needs?country=DK").text
    assert "Cold storage" in danish and "Cold room" not in danish
    assert "Auditor" not in visitor.get("/needs?network=fillers").text
    assert str(today.year) in cold


def test_a_need_is_over_after_its_last_day(cast: Cast) -> None:
    need = _open(cast, "Cold room", "poster", -1)
    visitor = cast.app.test_client()
    assert "Cold room" not in visitor.get("/needs").text
    page = visitor.get(need.path).text
    assert "It takes no more answers" in page and "/enquiries/new" not in page


def test_a_need_in_another_language_says_so_in_words_and_in_the_markup(cast: Cast) -> None:
    cast.published(title="Sterilfyllning i små serier", language="sv")
    here, there = (cast.app.test_client().get(path).text for path in ("/needs", "/sv/needs"))
    assert re.search(r'<a [^>]*lang="sv"[^>]*>Sterilfyllning', here)
    assert re.search(r'class="written-in">in Swedish</span>', here)
    assert "written-in" not in there


def test_an_answer_is_an_enquiry_that_names_the_need(cast: Cast) -> None:
    need = cast.published()
    visitor = cast.app.test_client()
    address = f"/enquiries/new?listing={need.organisation_id}&need={need.id}"
    assert address.replace("&", "&amp;") in visitor.get(need.path).text
    form = visitor.get(address).text
    assert WANTED in form and "Poster Pharma" in form
    assert "About your need" not in visitor.get(f"/enquiries/new?listing={need.organisation_id}&need=99").text


def test_an_answer_names_the_need_also_when_its_writer_has_taken_that_out(cast: Cast) -> None:
    need = cast.published()
    asker = Asker(cast.app)
    address = f"/enquiries/new?listing={need.organisation_id}&need={need.id}"
    action = f"/enquiries/new?need={need.id}"
    assert f'action="{action}"' in asker.get(address).text
    for typed in ("We fill vials.", f"About your need “{need.title}”: we fill vials."):
        sent = asker.post(action, asker.form(need.organisation_id or 0, message=typed))
        message = asker.enquiry(sent.location.rsplit("/", 1)[1]).messages[0].body
        assert message.count(need.title) == 1 and message.lower().endswith("we fill vials.")


def test_the_page_of_an_organisation_says_what_it_looks_for_now(cast: Cast) -> None:
    for title, days in (("Cold room", 5), ("Auditor", -5)):
        _open(cast, title, "poster", days)
    page = cast.app.test_client().get(cast.listings["poster"].path).text
    assert "Cold room" in page and "Auditor" not in page
    assert "Cold room" not in cast.app.test_client().get(cast.listings["filler"].path).text


def test_statements_do_not_grow_with_needs_or_matches(cast: Cast) -> None:
    need = cast.published()
    visitor = cast.app.test_client()
    few = [_statements(visitor, path) for path in ("/needs", need.path)]
    for number in range(8):
        company = add(Kind.ORGANISATION, f"Filling {number}", summary=WANTED)
        _open(cast, f"Need {number}", "poster", 9)
        add(Kind.SERVICE, f"Line {number}", parent=company, summary=WANTED)
    assert [_statements(visitor, path) for path in ("/needs", need.path)] == few


def test_why_something_was_found_is_searched_once_and_again_after_a_change(cast: Cast) -> None:
    need = cast.published()
    visitor = cast.app.test_client()
    with statements() as first:
        assert "<mark>Aseptic</mark>" in visitor.get(need.path).text
    with statements() as again:
        assert "<mark>Aseptic</mark>" in visitor.get(need.path).text
    assert len(again) < len(first)
    anew(cast.listings["filling"]).summary = "We handle the filling of small batches"
    db.session.commit()
    rebuild()
    assert "We handle the <mark>filling</mark>" in visitor.get(need.path).text


def _statements(visitor: FlaskClient, path: str) -> int:
    visitor.get(path)  # what a process reads once after a change
    return fewest(lambda: visitor.get(path))


def _open(cast: Cast, title: str, organisation: str, days: int) -> PublicNeed:
    need = PublicNeed(form_id=title, title=title, state=NeedState.OPEN, ends_on=site_today() + timedelta(days=days))
    need.organisation_id = cast.listings[organisation].id
    db.session.add(need)
    db.session.commit()
    return need
