"""Saved searches: asked for by anyone, confirmed by letter, told of new listings only, ended at one press."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from facilities import mail
from facilities.accounts.erasure import erase_account
from facilities.accounts.personal_data import personal_data
from facilities.catalogue.actions import create_listing, publish_listing
from facilities.catalogue.models import Kind, Status
from facilities.db import db, now
from facilities.enquiries.seal import new_seal
from facilities.outbox.letters import as_letter
from facilities.outbox.models import StoredLetter
from facilities.search.index import rebuild
from facilities.search.saved import views
from facilities.search.saved.actions import CONFIRM_WITHIN, MOST_OF_ADDRESS, end_search, forget_unconfirmed, save_search
from facilities.search.saved.models import Frequency, SavedSearch
from facilities.search.saved.queries import due_before
from facilities.search.saved.telling import SETTLED, send_new_results, write_letter
from tests.accounts.visiting import csrf_of, letters, link_in
from tests.conftest import running_app
from tests.counting import statements
from tests.listings import add
from tests.people import add_user

ANNA = "anna@example.net"
DAY = timedelta(days=1)


def ask(app: Flask, client: FlaskClient, args: str = "q=confocal", *, opened: float = 60, **typed: Any) -> Any:
    """Fill in the form that was opened so many seconds ago."""
    path = f"/saved-searches/new?{args}"
    seal = new_seal(app.config["SECRET_KEY"], at=now() - timedelta(seconds=opened))
    said = {"email": ANNA, "frequency": "daily", "website": "", "seal": seal} | typed
    return client.post(path, data={"csrf_token": csrf_of(client.get(path).text)} | said)


def saved(args: str = "q=confocal", *, at: datetime, frequency: Frequency = Frequency.DAILY) -> SavedSearch:
    """A search that was confirmed then."""
    one = SavedSearch(email=ANNA, args=args, frequency=frequency, locale="en", created_at=at, looked_at=at)
    one.confirmed_at = at
    db.session.add(one)
    db.session.commit()
    return one


def kept() -> SavedSearch:
    """The one saved search, as the database has it now."""
    db.session.rollback()
    return db.session.scalars(sa.select(SavedSearch), execution_options={"populate_existing": True}).one()


def news() -> list[StoredLetter]:
    db.session.commit()
    return [letter for letter in letters(ANNA) if letter.name == "saved_search"]


def test_a_search_is_saved_once_the_owner_of_the_mailbox_has_said_yes(app_on: Flask) -> None:
    client = app_on.test_client()
    answer = ask(app_on, client, "q=confocal&country=SE&page=3&sort=name")
    assert (answer.status_code, answer.location) == (303, "/saved-searches/asked")
    [letter] = letters(ANNA)
    assert "“confocal” · Sweden" in letter.text
    path = link_in(letter)
    assert "Yes, send me new results" in client.get(path).text
    assert (kept().confirmed_at, kept().args) == (None, "q=confocal&country=SE")
    sent = client.post(path, data={"csrf_token": csrf_of(client.get(path).text), "frequency": "weekly"})
    assert sent.status_code == 303
    assert kept().confirmed_at is not None
    assert kept().frequency == Frequency.WEEKLY


def test_nothing_is_sent_before_the_search_is_confirmed(app: Flask) -> None:
    rebuild()
    save_search(ANNA, "q=confocal", Frequency.DAILY, locale="en", at=now() - 3 * DAY)
    add(Kind.INSTRUMENT, "Confocal microscope")
    rebuild()
    assert send_new_results(now() + 3 * DAY) == 0
    assert news() == []


def test_a_letter_names_what_is_new_and_only_once(app_on: Flask) -> None:
    add(Kind.INSTRUMENT, "Old confocal microscope")
    start = now()
    saved(at=start)
    later = add(Kind.INSTRUMENT, "New confocal microscope")
    add(Kind.INSTRUMENT, "New mass spectrometer")
    rebuild()
    assert send_new_results(start + DAY + SETTLED) == 1
    [letter] = news()
    assert later.name in letter.text
    assert later.path in letter.text
    assert "Old" not in letter.text
    assert "spectrometer" not in letter.text
    assert "One new result" in letter.subject
    assert send_new_results(start + 2 * DAY + 2 * SETTLED) == 0
    assert len(news()) == 1


def test_a_draft_that_is_published_later_is_new_then(app: Flask) -> None:
    draft = create_listing(
        Kind.INSTRUMENT, {"name": "Confocal microscope"}, parent=None, by="test", status=Status.DRAFT
    )
    rebuild()
    since = saved(at=now()).looked_at
    publish_listing(draft, by="test")
    rebuild()
    assert send_new_results(since + DAY + SETTLED) == 1
    assert draft.name in news()[0].text


def test_no_letter_comes_when_nothing_is_new(app: Flask) -> None:
    add(Kind.INSTRUMENT, "Confocal microscope")
    rebuild()
    one = saved(at=now())
    at = one.looked_at + DAY + SETTLED
    assert send_new_results(at) == 0
    assert (news(), kept().looked_at) == ([], at - SETTLED)


def test_a_listing_that_only_nearly_fits_is_not_told(app: Flask) -> None:
    start = now()
    saved("q=confocal+microscope", at=start)
    add(Kind.INSTRUMENT, "Confocal table")
    add(Kind.INSTRUMENT, "Confocl microscop")
    rebuild()
    assert send_new_results(start + DAY + SETTLED) == 0


def test_letters_of_a_week_do_not_come_daily(app: Flask) -> None:
    start = now()
    saved(at=start, frequency=Frequency.WEEKLY)
    add(Kind.INSTRUMENT, "Confocal microscope")
    rebuild()
    days = [day for day in range(1, 16) if send_new_results(start + day * DAY + SETTLED)]
    assert days == [7]


def test_two_workers_send_each_letter_once(app_on: Flask) -> None:
    """The second had looked at all before the first wrote, and one search was ended meanwhile."""
    start = now()
    for args in ("q=confocal", "q=microscope", "kind=instrument", "q=confocal+microscope"):
        saved(args, at=start)
    listing = add(Kind.INSTRUMENT, "Confocal microscope")
    rebuild()
    until = start + DAY
    second = due_before(dict.fromkeys(Frequency, until), limit=9)
    end_search(db.session.get_one(SavedSearch, second[0].id))
    assert send_new_results(until + SETTLED) == 3
    assert [write_letter(due, [listing.id], until + timedelta(minutes=1)) for due in second] == [False] * 4
    assert len(news()) == 3
    assert set(db.session.scalars(sa.select(SavedSearch.looked_at))) == {until}


def test_a_letter_can_be_ended_by_the_mail_program_at_one_press(app_on: Flask) -> None:
    start = now()
    one = saved(at=start)
    add(Kind.INSTRUMENT, "Confocal microscope")
    rebuild()
    send_new_results(start + DAY + SETTLED)
    message = mail.compose(as_letter(news()[0]))
    address = re.fullmatch(r"<http://catalogue\.test(/[^>]+)>", message["List-Unsubscribe"])
    assert address is not None
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    client = app_on.test_client()
    assert client.get(address[1]).status_code == 200
    assert kept().id == one.id
    for _again in range(2):
        assert client.post(address[1], data={"List-Unsubscribe": "One-Click"}).status_code == 200
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(SavedSearch.id))) == 0


def test_the_address_that_ends_letters_survives_a_long_name_of_the_site(tmp_path: Path) -> None:
    site = "https://core-facilities-and-research-infrastructures.faculty-of-medicine.example-university.org"
    with running_app(tmp_path, SITE_URL=site):
        letter = StoredLetter(id=1, name="saved_search", to=ANNA, subject="New", text="New", html="New")
        letter.written_at, letter.unsubscribe = now(), "/saved-searches/" + 32 * "a" + "/end"
        raw = mail.compose(as_letter(letter)).as_bytes().decode()
    assert f"\r\nList-Unsubscribe: <{site}/saved-searches/{32 * 'a'}/end>\r\n" in raw


def test_letters_that_still_wait_are_not_sent_after_the_end(app: Flask) -> None:
    start = now()
    one = saved(at=start)
    add(Kind.INSTRUMENT, "Confocal microscope")
    rebuild()
    send_new_results(start + DAY + SETTLED)
    end_search(one)
    assert news() == []


def test_a_robot_and_an_address_with_many_searches_get_the_same_answer_and_no_letter(app: Flask) -> None:
    client = app.test_client()
    assert ask(app, client, website="http://spam.example").location == "/saved-searches/asked"
    assert letters() == []
    for number in range(MOST_OF_ADDRESS):
        saved(f"q={number}", at=now())
    before = len(letters())
    assert ask(app, client).location == "/saved-searches/asked"
    assert len(letters()) == before


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"email": "anna"}, "Enter an e-mail address"),
        ({"email": ""}, "Enter your e-mail address."),
        ({"opened": 1}, "too quick"),
        ({"seal": "made-up"}, "changed on its way"),
    ],
)
def test_a_form_that_cannot_be_taken_says_why(app: Flask, typed: dict[str, Any], said: str) -> None:
    answer = ask(app, app.test_client(), **typed)
    assert answer.status_code == 422
    assert said.lower() in answer.text.lower()
    assert letters() == []


def test_one_network_and_one_address_can_only_ask_for_some_letters(tmp_path: Path) -> None:
    with running_app(tmp_path, RATELIMIT_ENABLED=True) as app:
        client = app.test_client()
        answers = [ask(app, client, f"q={number}") for number in range(21)]
        assert [answer.status_code for answer in answers] == [303] * 20 + [422]
        assert "from your network" in answers[-1].text
        assert len(letters(ANNA)) == 4


def test_asking_twice_keeps_one_search_as_it_was_asked_for_last(app_on: Flask) -> None:
    long_ago = now() - CONFIRM_WITHIN
    save_search("Anna@example.net", "q=confocal", Frequency.DAILY, locale="en", at=long_ago)
    ask(app_on, app_on.test_client(), frequency="weekly")
    assert (kept().frequency, kept().email) == (Frequency.WEEKLY, ANNA)
    assert kept().created_at > long_ago
    assert len(letters(ANNA)) == 1


def test_a_stranger_changes_nothing_about_a_confirmed_search(app: Flask) -> None:
    saved(at=now())
    ask(app, app.test_client(), frequency="weekly")
    assert kept().frequency == Frequency.DAILY
    assert "already" in letters(ANNA)[0].text


def test_strangers_do_not_fill_the_places_of_an_address(app: Flask) -> None:
    for number in range(MOST_OF_ADDRESS + 1):
        save_search(ANNA, f"q={number}", Frequency.DAILY, locale="en")
    assert len(letters(ANNA)) == MOST_OF_ADDRESS + 1


@pytest.mark.parametrize(
    "text", ["win now: http://evil.example/claim", "www.evil", "evil.example", "EVIL。example", "write to a@b"]
)
def test_nobody_has_us_send_an_address_to_anybody(app: Flask, text: str) -> None:
    answer = ask(app, app.test_client(), urlencode({"q": text}))
    assert answer.status_code == 422
    assert "Leave it out of the search" in answer.text
    assert letters() == []


def test_letters_that_anybody_can_have_sent_say_no_words_of_theirs_in_place_of_values(app: Flask) -> None:
    add(Kind.INSTRUMENT, "Microscope", city="Lund")
    rebuild()
    ask(app, app.test_client(), "city=Lund&city=evil.example&technique=evil.example&kind=evil.example&q=laser+2.0")
    [letter] = letters(ANNA)
    assert "evil" not in letter.subject + letter.text + letter.html
    assert "“laser 2.0”" in letter.text
    assert "Lund" in letter.text
    assert "laser" not in letter.subject


def test_a_search_saved_from_corrected_results_is_the_corrected_one(app: Flask) -> None:
    add(Kind.INSTRUMENT, "Confocal microscope")
    rebuild()
    page = app.test_client().get("/search?q=confocl+microscope").text
    assert 'href="/saved-searches/new?q=confocal+microscope"' in page
    assert 'href="/search.atom?q=confocal+microscope"' in page


def test_letters_end_however_many_others_of_the_network_end_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "GUESSES_FROM_ADDRESS", "2 per hour")
    with running_app(tmp_path, RATELIMIT_ENABLED=True) as app:
        path = saved(at=now()).end_path
        client = app.test_client()
        assert [client.get("/saved-searches/" + 32 * "a").status_code for _guess in range(3)][-1] == 429
        assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200


def test_the_letter_that_asks_makes_no_link_of_what_was_searched(app: Flask) -> None:
    save_search("anna@example.org", "q=Win+evil.example.com", Frequency.DAILY, locale="en")
    [letter] = letters()
    assert "evil[.]example[.]com" in letter.text
    assert "evil.example" not in letter.subject + letter.text + letter.html


def test_the_letter_that_asks_is_not_sent_after_the_end_nor_after_the_account_is_erased(app: Flask) -> None:
    user = add_user("Anna")
    for args in ("q=ended", "q=erased"):
        save_search("Anna@Example.org", args, Frequency.DAILY, locale="en")
    end_search(db.session.scalars(sa.select(SavedSearch).where(SavedSearch.args == "q=ended")).one())
    assert [letter.name for letter in letters() if "ended" in letter.text] == []
    erase_account(user)
    assert [letter for letter in letters() if letter.name == "confirm_saved_search"] == []


def test_the_address_is_on_no_page(app: Flask) -> None:
    one = saved(at=now())
    client = app.test_client()
    for path in (one.path, one.end_path):
        answer = client.get(path)
        assert ANNA not in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("/saved-searches/made-up").status_code == 404


def test_the_link_of_a_search_that_has_ended_says_so_and_nothing_of_any_address(app: Flask) -> None:
    one = saved(at=now())
    path = one.path
    end_search(one)
    client = app.test_client()
    ended = client.get(path)
    assert ended.status_code == 410
    assert "forgotten" in ended.text
    assert ANNA not in ended.text
    other = "/saved-searches/" + 32 * "a"
    assert client.get(other).text.replace(other, path) == ended.text


def test_a_search_that_is_too_long_to_keep_says_so(app: Flask) -> None:
    args = "&".join(f"city={number:03}{'å' * 60}" for number in range(20))
    answer = ask(app, app.test_client(), args)
    assert answer.status_code == 422
    assert "too long to be kept" in answer.text


def test_searches_nobody_confirms_are_forgotten(app: Flask) -> None:
    save_search(ANNA, "q=a", Frequency.DAILY, locale="en", at=now() - CONFIRM_WITHIN - DAY)
    save_search(ANNA, "q=b", Frequency.DAILY, locale="en")
    saved("q=c", at=now() - CONFIRM_WITHIN - DAY)
    assert forget_unconfirmed() == 1
    assert sorted(db.session.scalars(sa.select(SavedSearch.args))) == ["q=b", "q=c"]


def test_saved_searches_are_among_ones_own_data_and_go_with_the_account(app: Flask) -> None:
    user = add_user("Anna")
    save_search("Anna@Example.org", "q=confocal", Frequency.DAILY, locale="en")
    [told] = personal_data(user)["saved_searches"]
    assert told["args"] == "q=confocal"
    erase_account(user)
    assert db.session.scalar(sa.select(sa.func.count(SavedSearch.id))) == 0


def test_the_pages_of_saved_searches_send_few_statements(app: Flask) -> None:
    one = saved("q=confocal&country=SE", at=now())
    client = app.test_client()
    for path, most in (("/saved-searches/new?q=confocal", 1), (one.path, 2), (one.end_path, 2)):
        with statements() as sent:
            assert client.get(path).status_code == 200
        assert len(sent) <= most, "\n".join(sent)
