"""Reply addresses say where an answer by mail belongs, and cannot be made up."""

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facilities.reply_address import ReplyTo, Side, read_reply_address, reply_address


@pytest.fixture(autouse=True)
def mailbox(app: Flask) -> None:
    app.config["REPLY_ADDRESS"] = "answers@catalogue.test"


@pytest.mark.parametrize("side", Side)
def test_an_address_says_what_it_was_made_for(app: Flask, side: Side) -> None:
    with app.app_context():
        address = reply_address(side, 2147483647, 2147483647)
        assert read_reply_address(address) == ReplyTo(side, (2147483647, 2147483647))
        assert len(address.partition("@")[0]) <= 64


def test_mail_programs_may_change_its_case(app: Flask) -> None:
    with app.app_context():
        address = reply_address(Side.REQUESTER, 7)
        assert read_reply_address(f" {address.upper()} ") == ReplyTo(Side.REQUESTER, (7,))


def test_one_threads_address_does_not_open_another(app: Flask) -> None:
    with app.app_context():
        own, other = reply_address(Side.REQUESTER, 7), reply_address(Side.REQUESTER, 8)
        signature = own.partition(".")[2]
        assert read_reply_address(f"answers+r8.{signature}") is None
        assert read_reply_address(own.replace("+r7.", "+e7.")) is None
        assert own.partition(".")[2] != other.partition(".")[2]


def test_without_a_mailbox_for_answers_there_is_no_address(app: Flask) -> None:
    with app.app_context():
        address = reply_address(Side.REQUESTER, 7)
        app.config["REPLY_ADDRESS"] = ""
        assert reply_address(Side.REQUESTER, 7) == ""
        assert read_reply_address(address) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.text(max_size=80))
def test_nothing_typed_is_taken_for_one(app: Flask, text: str) -> None:
    with app.app_context():
        assert read_reply_address(f"answers+{text}@catalogue.test") is None
        assert read_reply_address(text) is None
