"""The log of decisions: with names and reasons for the desk, without them for the public, if at all."""

from flask import Flask

from facilities.db import db
from facilities.moderation.decisions import accept, case_of, reject
from facilities.moderation.preferences import set_preferences
from tests.counting import statements
from tests.moderation.cast import cast, hand_in, propose
from tests.people import client_of


def publish_log() -> None:
    set_preferences(confirmation_months=12, decisions_public=True, registration_open=True)
    db.session.commit()


def test_the_desk_reads_who_decided_what_and_why(app: Flask) -> None:
    people = cast()
    scope = hand_in("My car", people.editor, parent=people.facility)
    reject(case_of(scope), reason="No instrument.", by=people.moderator)
    page = client_of(app, people.moderator).get("/moderate/log").text
    assert all(words in page for words in ("Rejected", "My car", "No instrument.", "Mode Rator"))
    assert client_of(app, people.manager).get("/moderate/log").status_code == 403


def test_the_public_log_is_there_only_if_the_desk_wants_it(app: Flask) -> None:
    visitor = client_of(app, None)
    assert visitor.get("/decisions").status_code == 404
    publish_log()
    assert visitor.get("/decisions").status_code == 200


def test_the_public_log_is_factual_and_names_nobody(app: Flask) -> None:
    people = cast()
    propose(people.microscope, people.editor, summary="Sharper")
    accept(case_of(people.microscope), by=people.moderator)
    scope = hand_in("My car", people.editor, parent=people.facility)
    reject(case_of(scope), reason="Mr Smith's car!", by=people.moderator, public_note="Not used in research.")
    publish_log()
    page = client_of(app, None).get("/decisions").text
    assert all(words in page for words in ("Accepted", "Rejected", "My car", "Not used in research."))
    assert people.microscope.path in page
    assert not any(words in page for words in ("Smith", "Mode Rator", "Edit Or"))


def test_a_long_log_is_paged_and_costs_the_same(app: Flask) -> None:
    people = cast()
    client = client_of(app, people.moderator)
    client.get("/moderate/log")
    costs = []
    for number in (1, 54):
        for each in range(number):
            propose(people.microscope, people.editor, summary=f"{number} {each}")
            accept(case_of(people.microscope), by=people.moderator)
        with statements() as sent:
            assert client.get("/moderate/log").status_code == 200
        costs.append(len(sent))
        people = cast_again(people)
    assert costs[0] == costs[1]
    assert "page=2" in client.get("/moderate/log").text


def cast_again(people: object) -> object:
    """The same people and listings, read anew after a request."""
    for name, row in vars(people).items():
        setattr(people, name, db.session.get(type(row), row.id))
    return people
