"""A need without a chosen listing: posted, matched by search, sent on by the desk and by nobody else."""

import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from facilities.accounts.models import SiteRole
from facilities.catalogue.models import AccessTerms, Contact, Facility, Instrument, Listing, Organisation
from facilities.db import db, now
from facilities.enquiries.models import Enquiry, EnquiryStatus, MatchState, NeedMatch, Stage, Thread, Turn
from facilities.enquiries.needs.matching import MOST_OF_ONE, match_need, match_waiting
from facilities.enquiries.seal import new_seal
from facilities.moderation.models import Decision, DecisionAct
from facilities.moderation.queues import Queue, counts
from facilities.outbox.models import Job, StoredLetter
from facilities.outbox.worker import work_once
from facilities.search.index import rebuild
from tests.counting import fewest
from tests.enquiry_cast import Visitor, errors_on
from tests.people import add_user, client_of
from tests.post_office import PostOffice

NEED = {
    "wanted": "cryo electron microscopy of membrane proteins",
    "message": "Twelve grids, two proteins.",
    "kind": "quote",
    "place": "Uppsala",
    "budget": "EUR 5000",
    "name": "Sven Small",
    "email": "sven@small.example.se",
    "organisation": "Small AB",
    "group": "companies",
}


@pytest.fixture
def labs(app: Flask) -> dict[str, int]:
    """Two facilities with cryo-EM, one of which does not take companies, and one without."""
    with app.app_context():
        made: dict[str, Listing] = {}
        for name, groups in (("North", ["companies"]), ("South", []), ("Closed", ["academia"])):
            top = Organisation(name=f"{name} University", city="Uppsala", country="SE")
            lab = Facility(name=f"{name} Cryo Lab", parent=top, organisation=top)
            lab.summary = "Cryo electron microscopy of membrane proteins"
            lab.contacts = [Contact(role="Manager", email=f"{name.lower()}@example.org")]
            lab.access = AccessTerms(groups=groups)
            made[name] = lab
        north = made["North"]
        for number in range(4):
            scope = Instrument(name=f"Cryo electron microscope {number}", parent=north, organisation=north.organisation)
            scope.summary = "Cryo electron microscopy of membrane proteins"
            made[f"scope {number}"] = scope
        made["Balance"] = Facility(name="Weighing room", contacts=[Contact(role="Head", email="balance@example.org")])
        db.session.add_all(made.values())
        db.session.commit()
        rebuild()
        return {name: listing.id for name, listing in made.items()}


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    with app.app_context():
        return client_of(app, add_user("Mode Rator", site_role=SiteRole.MODERATOR))


def token_in(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', page)
    return found[1] if found else ""


def post(visitor: Visitor, *, opened: float = 60, **answers: Any) -> TestResponse:
    page = visitor.get("/enquiries/need").text
    seal = new_seal(visitor.app.config["SECRET_KEY"], at=now() - timedelta(seconds=opened))
    data = NEED | {"seal": seal, "csrf_token": token_in(page)} | answers
    return visitor.client.post("/enquiries/need", data=data)


def posted(visitor: Visitor, **answers: Any) -> Enquiry:
    response = post(visitor, **answers)
    assert response.status_code == 303, errors_on(response)
    return visitor.enquiry(response.location.rsplit("/", 1)[1])


def decide(desk: FlaskClient, need: Enquiry, act: str, *ticked: int, **more: Any) -> TestResponse:
    address = f"/moderate/needs/{need.id}"
    data = {"csrf_token": token_in(desk.get(address).text), "act": act, "listing": [*map(str, ticked)]} | more
    return desk.post(address, data=data)


def test_a_need_is_kept_for_the_desk_with_the_likeliest_providers_and_sent_to_nobody(
    app: Flask, visitor: Visitor, labs: dict[str, int], post_office: PostOffice
) -> None:
    need = posted(visitor)
    assert (need.stage, need.threads, need.place) == (Stage.TO_MATCH, [], "Uppsala")
    assert need.question.splitlines()[0] == NEED["wanted"]
    with app.app_context():
        found = list(db.session.scalars(sa.select(NeedMatch.listing_id).order_by(NeedMatch.position)))
    assert labs["South"] in found and labs["Closed"] not in found and labs["Balance"] not in found
    of_north = {labs["North"], *(labs[f"scope {number}"] for number in range(4))} & set(found)
    assert len(of_north) == MOST_OF_ONE
    page = visitor.get(need.path).text
    assert "The desk looks for providers" in page and "Uppsala" in page and NEED["wanted"] in page
    while work_once(app):
        pass
    [letter] = post_office.letters
    assert letter["To"] == NEED["email"] and "The desk looks for providers" in letter["Subject"]
    assert need.path in str(letter.get_body(("plain",)))


@pytest.mark.parametrize("typed", ["31/12/2026", "soon"])
def test_a_day_that_cannot_be_read_is_shown_again_beside_what_to_do(visitor: Visitor, typed: str) -> None:
    answer = post(visitor, deadline_on=typed)
    assert errors_on(answer) == ["By when: write the day as year-month-day, for instance 2027-03-14."]
    assert answer.status_code == 422 and f'value="{typed}"' in answer.text


def test_the_desk_ticks_adds_orders_and_sends(
    app: Flask, visitor: Visitor, labs: dict[str, int], desk: FlaskClient, post_office: PostOffice
) -> None:
    need = posted(visitor)
    with app.app_context():
        assert counts()[Queue.NEEDS] == 1
        db.session.execute(sa.update(Enquiry).values(created_at=now() - timedelta(days=3)))
        db.session.commit()
    assert NEED["wanted"] in desk.get("/moderate/needs").text
    page = desk.get(f"/moderate/needs/{need.id}").text
    assert "South Cryo Lab" in page and "Small AB" in page and "<mark>" in page
    found = decide(desk, need, "find", labs["South"], q="weighing", note="Best we know").text
    assert f'value="add:{labs["Balance"]}"' in found and "Best we know" in found
    added = decide(desk, need, f"add:{labs['Balance']}", labs["South"], q=str(labs["Closed"])).text
    assert re.search(rf'value="{labs["Balance"]}"[^>]*checked', added)
    assert f'value="add:{labs["Closed"]}"' in added
    order = {f"place-{labs['Balance']}": "1", f"place-{labs['South']}": "2"}
    answer = decide(desk, need, "approve", labs["South"], labs["Balance"], note="Best we know", **order)
    assert answer.location == "/moderate/needs"
    sent = visitor.enquiry(need.token)
    assert sent.stage == Stage.SENT
    assert [thread.listing_id for thread in sent.threads] == [labs["Balance"], labs["South"]]
    for thread in sent.threads:
        assert (thread.status, thread.turn) == (EnquiryStatus.NEW, Turn.OWNER)
        assert now() - thread.asked_at < timedelta(minutes=1)
    while work_once(app):
        pass
    for address in ("south@example.org", "balance@example.org"):
        assert len(post_office.letters_to(address)) == 1
    told = [str(each.get_body(("plain",))) for each in post_office.letters_to(NEED["email"])]
    assert any("Weighing room" in words and "Best we know" in words for words in told)
    assert "South Cryo Lab" in visitor.get(need.path).text
    with app.app_context():
        assert db.session.scalars(sa.select(Decision)).one().act == DecisionAct.NEED_APPROVED
        states = dict(db.session.execute(sa.select(NeedMatch.listing_id, NeedMatch.state)).all())
        assert states[labs["South"]] == MatchState.APPROVED and MatchState.OFFERED not in states.values()
    assert decide(desk, need, "approve", labs["South"]).location == "/moderate/needs"
    assert visitor.count(Thread) == 2


def test_nothing_is_sent_without_a_tick_or_to_more_than_eight(
    app: Flask, visitor: Visitor, labs: dict[str, int], desk: FlaskClient
) -> None:
    need = posted(visitor)
    before = visitor.count(Job)
    nobody = decide(desk, need, "approve", note="Kept words")
    assert nobody.status_code == 422 and "Tick at least one" in errors_on(nobody)[0] and "Kept words" in nobody.text
    with app.app_context():
        more = [Facility(name=f"Lab {number}") for number in range(9)]
        db.session.add_all(more)
        db.session.flush()
        db.session.add_all(NeedMatch(enquiry_id=need.id, listing_id=each.id) for each in more)
        db.session.commit()
        ids = [each.id for each in more]
    many = decide(desk, need, "approve", *ids)
    assert many.status_code == 422 and "at most 8" in errors_on(many)[0]
    assert (visitor.enquiry(need.token).stage, visitor.count(Job)) == (Stage.TO_MATCH, before)


def test_the_desk_asks_nobody_and_has_to_say_why(app: Flask, visitor: Visitor, desk: FlaskClient) -> None:
    need = posted(visitor)
    assert decide(desk, need, "drop").status_code == 422
    assert decide(desk, need, "drop", note="Nobody here does that; try Lund.").status_code == 303
    page = visitor.get(need.path).text
    assert "Nobody here does that; try Lund." in page and "has asked nobody" in page
    with app.app_context():
        letters = db.session.scalars(sa.select(StoredLetter)).all()
        assert [(each.name, each.to) for each in letters] == [("need_dropped", NEED["email"])]
        assert "try Lund" in letters[0].text
    assert need.path not in desk.get("/moderate/held?show=spam").text


def test_what_looks_like_spam_is_held_and_matched_once_the_desk_lets_it_through(
    app: Flask, visitor: Visitor, labs: dict[str, int], desk: FlaskClient
) -> None:
    need = posted(visitor, message="We offer SEO and backlinks, see https://boost.example.top/now")
    assert (need.stage, visitor.count(NeedMatch), visitor.count(Job)) == (Stage.HELD, 0, 0)
    assert "The desk looks for providers" in visitor.get(need.path).text
    token = token_in(desk.get("/moderate/blocked-senders").text)
    desk.post("/moderate/held", data={"csrf_token": token, "act": "release", "enquiry": str(need.id)})
    assert visitor.enquiry(need.token).stage == Stage.TO_MATCH
    assert visitor.count(NeedMatch) > 0


@pytest.mark.parametrize(
    ("answers", "says"),
    [({"wanted": ""}, "what you look for"), ({"email": "x"}, "e-mail address"), ({"deadline_on": "2020-01-01"}, "day")],
)
def test_what_was_typed_is_kept_beside_what_is_wrong(visitor: Visitor, answers: dict[str, str], says: str) -> None:
    response = post(visitor, **answers)
    assert response.status_code == 422 and says in errors_on(response)[0]
    assert "Twelve grids" in response.text and 'value="Uppsala"' in response.text
    assert visitor.count(Enquiry) == 0


def test_robots_get_the_polite_page_and_the_form_sent_twice_is_one_need(visitor: Visitor) -> None:
    robot = post(visitor, website="https://spam.example")
    assert robot.status_code == 200 and "Your enquiry" in robot.text and visitor.count(Enquiry) == 0
    assert posted(visitor).id == posted(visitor).id
    assert "too quick" in errors_on(post(visitor, opened=1, wanted="Something else"))[0]


def test_a_search_in_vain_leads_to_the_form_with_its_words(app: Flask, visitor: Visitor, labs: dict[str, int]) -> None:
    page = visitor.get("/search?q=unobtainium+forge").text
    link = re.search(r'href="(/enquiries/need\?q=[^"]*)"', page)
    assert link is not None
    assert 'value="unobtainium forge"' in visitor.get(link[1]).text
    for address in ("/enquiries/shortlist", "/enquiries/new"):
        assert 'href="/enquiries/need"' in visitor.get(address).text


def test_a_search_that_only_comes_close_leads_to_the_form(visitor: Visitor, labs: dict[str, int]) -> None:
    page = visitor.get("/search?q=cryo+electron+microscopy+weighing+room").text
    assert "Nothing has all your words." in page
    assert 'href="/enquiries/need?q=cryo' in page


def test_what_a_crash_left_unmatched_is_matched_later_and_only_once(
    app: Flask, visitor: Visitor, labs: dict[str, int]
) -> None:
    need = posted(visitor)
    number = visitor.count(NeedMatch)
    with app.app_context():
        db.session.execute(sa.delete(NeedMatch))
        db.session.commit()
        match_waiting()
        assert match_need(need.id) == 0
    assert visitor.count(NeedMatch) == number > 0


def test_the_pages_take_as_many_statements_for_many_needs_and_matches_as_for_few(
    app: Flask, visitor: Visitor, labs: dict[str, int], desk: FlaskClient
) -> None:
    need = posted(visitor)
    numbers = []
    for _round in range(2):
        for address in ("/moderate/needs", f"/moderate/needs/{need.id}"):
            assert desk.get(address).status_code == 200
            with app.app_context():
                numbers.append(fewest(partial(desk.get, address)))
        for number in range(4):
            posted(visitor, wanted=f"Cryo electron microscopy, kind {number}")
        with app.app_context():
            more = [Facility(name=f"Lab {number}") for number in range(6)]
            db.session.add_all(more)
            db.session.flush()
            db.session.add_all(NeedMatch(enquiry_id=need.id, listing_id=each.id, position=20) for each in more)
            db.session.commit()
    assert numbers[:2] == numbers[2:]
    assert max(numbers) <= 24
