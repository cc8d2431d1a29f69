"""A question and its answers by mail, from the browser through a real mail server and back into the thread."""

import re
from email.message import EmailMessage
from email.utils import make_msgid

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from facilities.outbox.worker import work_once
from tests.enquiry_cast import Catalogue, app, catalogue, counting, post_office
from tests.post_office import PostOffice
from tests.running_site import served

__all__ = ["app", "catalogue", "counting", "post_office"]
pytestmark = pytest.mark.browser


def test_owner_and_requester_answer_each_other_by_mail(
    app: Flask, catalogue: Catalogue, post_office: PostOffice, browser: Browser
) -> None:
    app.config["REPLY_ADDRESS"] = "reply@catalogue.test"
    with served(app) as url, browser.new_context(base_url=url, locale="en") as context:
        app.config["SITE_URL"] = url
        page = context.new_page()
        ask(page, catalogue.microscope)
        question = page.get_by_text("Can you image thick sections?")
        times = question.count()
        work_once(app)
        to_owner = newest(post_office, "light@example.org")
        by_mail(app, to_owner, "Yes, on Tuesday.", sender="Manager <light@example.org>")
        page.reload()
        expect(page.get_by_text("Yes, on Tuesday.").first).to_be_visible()
        expect(question).to_have_count(times)

        work_once(app)
        to_requester = newest(post_office, "anna.berg@example.net")
        assert "Yes, on Tuesday." in plain(to_requester)
        by_mail(app, to_requester, "Wednesday suits us better.", sender="anna.berg@example.net")
        work_once(app)
        told = newest(post_office, "light@example.org")
        assert "Wednesday suits us better." in plain(told)
        page.goto(re.findall(rf"{url}(/enquiries/answer/[\w-]+)", plain(told))[0])
        expect(page.get_by_text("Wednesday suits us better.").first).to_be_visible()


def ask(page: Page, listing: int) -> None:
    page.goto(f"/enquiries/new?listing={listing}")
    page.get_by_label("Your message").fill("Can you image thick sections?")
    page.get_by_label("Your name").fill("Anna Berg")
    page.get_by_label("Your e-mail address").fill("anna.berg@example.net")
    page.wait_for_timeout(3200)
    page.get_by_role("button", name=re.compile("^Send")).click()
    expect(page).to_have_url(re.compile(r"/enquiries/[\w-]{43}"))


def newest(post_office: PostOffice, address: str) -> EmailMessage:
    return post_office.letters_to(address)[-1]


def by_mail(app: Flask, letter: EmailMessage, words: str, *, sender: str) -> None:
    """Answer a letter as a mail program does, quoting all of it, and have the mail server hand it over."""
    reply = EmailMessage()
    reply["From"], reply["To"] = sender, letter["Reply-To"]
    reply["Subject"], reply["Message-ID"] = f"Re: {letter['Subject']}", make_msgid()
    reply["In-Reply-To"] = letter["Message-ID"]
    quoted = "\n".join(f"> {row}" for row in plain(letter).splitlines())
    reply.set_content(f"{words}\n\nOn Thu, 5 Mar 2026 at 10:00, {letter['From']} wrote:\n{quoted}\n")
    handed = app.test_cli_runner().invoke(args=["mail", "receive"], input=reply.as_bytes())
    assert handed.exit_code == 0, handed.output


def plain(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    text: str = body.get_content()
    return text
