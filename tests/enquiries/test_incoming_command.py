"""`flask mail receive` as a mail server's pipe runs it: its exit code tells the server what to do with the letter."""

import os
from pathlib import Path

import pytest
from flask import Flask

from facilities import create_app
from facilities.enquiries.models import Enquiry
from facilities.reply_address import Side
from tests.enquiries.arriving import Arrivals, letter


def exit_code(app: Flask, raw: bytes, *arguments: str) -> int:
    return app.test_cli_runner().invoke(args=["mail", "receive", *arguments], input=raw).exit_code


def test_a_letter_that_is_filed_is_done_with(app: Flask, arrivals: Arrivals, enquiry: Enquiry) -> None:
    to = arrivals.address(Side.MAILBOX, enquiry.recipients[0].id)
    assert exit_code(app, letter(to).as_bytes()) == os.EX_OK
    assert [each.body for each in arrivals.said()] == ["Yes, on Tuesday."]


def test_the_server_may_say_to_which_address_it_delivers(app: Flask, arrivals: Arrivals, enquiry: Enquiry) -> None:
    to = arrivals.address(Side.MAILBOX, enquiry.recipients[0].id)
    assert exit_code(app, letter("undisclosed@example.org").as_bytes(), "--to", to) == os.EX_OK
    assert len(arrivals.said()) == 1


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (letter("reply@catalogue.test").as_bytes(), os.EX_NOUSER),
        (b"x" * (25 * 1024 * 1024 + 1), os.EX_DATAERR),
    ],
)
def test_what_nobody_can_file_is_given_back(app: Flask, arrivals: Arrivals, raw: bytes, code: int) -> None:
    assert exit_code(app, raw) == code
    assert arrivals.said() == []


def test_while_the_database_is_away_the_server_keeps_the_letter(
    app: Flask, arrivals: Arrivals, enquiry: Enquiry, tmp_path: Path
) -> None:
    to = arrivals.address(Side.MAILBOX, enquiry.recipients[0].id)
    gone = f"sqlite:///{tmp_path}/nowhere/gone.sqlite"
    away = create_app({"INSTANCE_PATH": tmp_path, "DATABASE_URL": gone, "REPLY_ADDRESS": "reply@catalogue.test"})
    away.config["SECRET_KEY"] = app.config["SECRET_KEY"]
    assert exit_code(away, letter(to).as_bytes()) == os.EX_TEMPFAIL
