"""An owner works through the inbox with a browser: by keyboard, on a phone, in light and dark."""

import pytest
from playwright.sync_api import Browser, expect

from facilities.db import db
from facilities.enquiries.models import AnswerTemplate, EnquiryKind
from tests.barriers import PHONE, barriers
from tests.enquiries.answering import Lab, app, lab, now_of
from tests.running_site import served

__all__ = ["app", "lab"]

pytestmark = pytest.mark.browser


def test_an_owner_answers_with_a_template_and_an_offer_on_a_phone(browser: Browser, lab: Lab) -> None:
    thread = lab.ask(kind=EnquiryKind.QUOTE, terms="Tell nobody.").threads[0]
    db.session.add(AnswerTemplate(listing=lab.facility, name="Welcome", body="Dear {name}, thank you."))
    db.session.commit()
    client = lab.pages(lab.manager)
    session = client.get_cookie("session")
    assert session is not None
    with served(lab.app) as url, browser.new_context(**PHONE) as context:
        context.add_cookies([{"name": "session", "value": session.value, "url": url}])
        page = context.new_page()
        page.goto(f"{url}/manage/enquiries")
        assert barriers(page) == []
        page.get_by_role("link", name="Rita Researcher").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Quote request from Rita Researcher")
        page.get_by_label("Answer template").select_option(label="Welcome")
        page.get_by_role("button", name="Fill in").click()
        expect(page.get_by_label("Your answer")).to_have_value("Dear Rita Researcher, thank you.")
        page.get_by_label("Price").fill("a lot")
        page.get_by_role("button", name="Send to Rita Researcher").click()
        expect(page.get_by_role("alert")).to_contain_text("Price: write the amount in figures")
        assert barriers(page) == []
        page.get_by_label("Price").fill("450")
        page.get_by_role("button", name="Send to Rita Researcher").click()
        expect(page.locator(".flashes")).to_contain_text("Your answer is on its way to Rita Researcher.")
        page.goto(f"{url}{thread.recipients[0].path}")
        assert barriers(page) == []
    quote = now_of(thread).quote
    assert quote is not None
    assert f"{quote.amount:.0f}" == "450"
