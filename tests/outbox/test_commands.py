"""`flask outbox`: what waits and what was given up, for operators and their programs."""

import re

import pytest
from click.testing import Result
from flask import Flask

from facilities.db import db
from facilities.outbox.actions import claim
from facilities.outbox.models import Delivery, Job, JobStatus, StoredLetter
from facilities.outbox.worker import work_once
from tests.outbox.letters import dead, deferred, put


@pytest.fixture
def app(app_on_each: Flask) -> Flask:
    return app_on_each


def flask(app: Flask, *words: object) -> Result:
    return app.test_cli_runner().invoke(args=["outbox", *map(str, words)])


def numbers(result: Result) -> dict[str, int]:
    """The last line, as a program reads it."""
    return {name: int(number) for name, number in re.findall(r"(\w+)=(\d+)", result.output.splitlines()[-1])}


def status(app: Flask, job_id: int) -> JobStatus:
    with app.app_context():
        return db.session.get_one(Job, job_id).status


def test_an_empty_outbox_is_well(app: Flask) -> None:
    result = flask(app, "list")
    assert result.exit_code == 0
    assert set(numbers(result).values()) == {0}


def test_letters_given_up_are_listed_first_in_the_servers_words(app: Flask) -> None:
    with app.app_context():
        ids = deferred("anna.berg@example.net"), dead("gone@example.org"), *put("new@example.org")
    result = flask(app, "list")
    assert result.exit_code == 1
    lines = [line.split("\t") for line in result.output.splitlines()[:-1]]
    assert [int(line[0]) for line in lines] == [ids[1], ids[0], ids[2]]
    assert lines[0][3] == "g…@example.org"
    assert (lines[0][-1], lines[1][-1]) == ("550 No such mailbox", "451 Greylisted")
    assert "anna.berg" not in result.output
    assert numbers(result)["dead"] == numbers(result)["deferred"] == numbers(result)["due"] == 1
    assert numbers(result)["waiting"] == 2


def test_a_list_is_of_what_was_asked_for_and_says_how_much_it_leaves_out(app: Flask) -> None:
    with app.app_context():
        gone, late = dead("gone@example.org"), deferred("late@example.org")
        dead("gone2@example.org")
    assert {line.split("\t")[0] for line in flask(app, "list", "--waiting").output.splitlines()[:-1]} == {str(late)}
    assert str(gone) in flask(app, "list", "--dead").output
    assert "and 2 more" in flask(app, "list", "--limit", "1").output
    assert "late@example.org" in flask(app, "list", "--full-addresses").output


def test_one_letter_is_shown_whole(app: Flask) -> None:
    with app.app_context():
        gone = dead("gone@example.org")
    shown = flask(app, "show", gone).output
    assert {"to: gone@example.org", "server_said: 550 No such mailbox", "subject: News"} <= set(shown.splitlines())
    assert flask(app, "show", 999).exit_code == 2


def test_a_letter_tried_again_is_sent_at_the_next_chance(app: Flask) -> None:
    with app.app_context():
        gone, late = dead("gone@example.org"), deferred("late@example.org")
    result = flask(app, "retry", gone, late)
    assert (result.exit_code, numbers(result)) == (0, {"tried": 2, "left": 0})
    assert work_once(app) == 2
    assert {status(app, gone), status(app, late)} == {JobStatus.DONE}
    with app.app_context():
        assert {letter.delivery for letter in db.session.query(StoredLetter)} == {Delivery.SENT}


def test_all_that_were_given_up_are_tried_again(app: Flask) -> None:
    with app.app_context():
        gone, late = [dead("a@example.org"), dead("b@example.org")], deferred("late@example.org")
    assert numbers(flask(app, "retry", "--dead")) == {"tried": 2, "left": 0}
    assert {status(app, each) for each in gone} == {JobStatus.WAITING}
    assert numbers(flask(app, "retry", "--all")) == {"tried": 1, "left": 0}
    assert status(app, late) == JobStatus.WAITING


def test_a_letter_that_a_worker_may_be_sending_is_left_to_it(app: Flask) -> None:
    with app.app_context():
        late = deferred("late@example.org")
        job = db.session.get_one(Job, late)
        assert claim(job, at=job.due_at)
        job.due_at -= job.due_at - job.created_at
        db.session.commit()
    result = flask(app, "retry", late)
    assert (result.exit_code, numbers(result)) == (2, {"tried": 0, "left": 1})


def test_a_command_that_does_not_say_which_letters_is_refused(app: Flask) -> None:
    assert flask(app, "retry").exit_code == 2
    assert flask(app, "retry", "1", "--dead").exit_code == 2


def test_a_letter_given_up_is_neither_tried_nor_listed(app: Flask) -> None:
    with app.app_context():
        late = deferred("late@example.org")
    assert flask(app, "give-up", late).exit_code == 0
    assert flask(app, "list").exit_code == 0
    assert work_once(app) == 0
    with app.app_context():
        assert db.session.query(StoredLetter).one().delivery == Delivery.FAILED
    assert flask(app, "give-up", late).exit_code == 2
