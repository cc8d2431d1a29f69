"""The desk by keyboard, in a real browser: walking through a queue, accepting, sending back; and the pages without
barriers at the width of a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from facilities.db import db
from facilities.moderation.claiming import claim_listing
from facilities.moderation.models import ReportReason
from facilities.moderation.preferences import set_preferences
from facilities.moderation.reporting import report_listing
from tests.barriers import barriers
from tests.conftest import running_app
from tests.moderation.cast import cast, hand_in, propose
from tests.people import add_user, client_of
from tests.running_site import running_site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[BrowserContext]:
    """A browser in which a moderator is signed in, before full queues."""
    folder = tmp_path_factory.mktemp("desk")
    session = _fill(folder)
    with running_site(folder, processes=1, with_worker=False) as site:
        context = browser.new_context(base_url=site.url, viewport={"width": 1280, "height": 900}, locale="en")
        context.add_cookies([{"name": "session", "value": session, "url": site.url}])
        yield context
        context.close()


def _fill(folder: Path) -> str:
    with running_app(folder) as app:
        people = cast()
        for number in range(4):
            hand_in(f"Scope {number}", people.editor, parent=people.facility, summary="New")
        propose(people.microscope, people.editor, name="LSM 880 NLO", description="For live cells.")
        claim_listing(people.facility, by=add_user("Clai Mant"), message="It is mine.")
        report_listing(people.facility, ReportReason.WRONG, "Moved", email="anna@example.net", locale="en")
        set_preferences(confirmation_months=12, decisions_public=True, registration_open=True)
        db.session.commit()
        cookie = client_of(app, people.moderator).get_cookie("session")
        assert cookie is not None
        return cookie.value


@pytest.fixture
def page(desk: BrowserContext) -> Iterator[Page]:
    page = desk.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    yield page
    page.close()
    assert wrong == []


PAGES = [
    "/moderate/", "/moderate/queues/new", "/moderate/queues/changed", "/moderate/queues/claimed",
    "/moderate/queues/reported", "/moderate/queues/duplicates", "/moderate/queues/unconfirmed", "/manage/reviews/3",
    "/manage/reviews/3/edit", "/manage/reviews/4", "/manage/claims/1", "/moderate/reports/1", "/moderate/log",
    "/moderate/merges", "/moderate/organisations", "/moderate/organisations/1", "/moderate/settings",
    "/moderate/duplicates/1/2", "/decisions", "/listings/2/report",
    "/manage/reviews/3/sections", "/manage/reviews/3/sections/basics",
]  # fmt: skip


PUSHED_ASIDE = "[...document.querySelectorAll('nav ul')].filter((list) => list.scrollWidth > list.clientWidth).length"


@pytest.mark.parametrize("address", PAGES)
def test_a_page_of_the_desk_has_no_barrier_and_fits_a_phone(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200
    assert page.evaluate(PUSHED_ASIDE) == 0
    assert barriers(page) == []


def test_a_moderator_works_through_a_queue_by_keyboard(page: Page) -> None:
    page.goto("/moderate/queues/new")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/manage/reviews/*")
    assert page.locator("h1").inner_text() == "Scope 0"
    page.keyboard.press("j")
    expect(page.locator("h1")).to_have_text("Scope 1")
    page.keyboard.press("a")
    expect(page.locator("h1")).to_have_text("Scope 2")
    assert "Accepted: Scope 1" in page.locator(".flashes").inner_text()
    page.keyboard.press("s")
    page.keyboard.press("Space")
    page.get_by_label("In your own words").fill("a reason with j, k and a in it")
    assert page.locator("h1").inner_text() == "Scope 2"
    page.get_by_role("button", name="Send back to be put right").click()
    expect(page.locator("h1")).to_have_text("Scope 3")
    page.keyboard.press("u")
    page.wait_for_url("**/moderate/queues/new")


def test_the_keys_are_explained_and_can_be_turned_off(page: Page) -> None:
    page.goto("/moderate/queues/changed")
    page.keyboard.press("?")
    page.get_by_label("Keys work on this page").uncheck()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.hasAttribute('data-open')") is False
    page.reload()
    page.keyboard.press("?")
    page.get_by_label("Keys work on this page").check()
    page.keyboard.press("Tab")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.hasAttribute('data-open')") is True


def test_enter_on_a_tick_box_decides_nothing(page: Page) -> None:
    page.goto("/moderate/queues/changed")
    page.locator("[data-tick]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    page.reload()
    assert page.locator("[data-tick]").count() == 1


FIELDS = {
    "/moderate/queues/changed": "[data-tick]",
    "/manage/reviews/3": "[name=usual]",
    "/manage/reviews/3/edit": "input[type=text]",
}
"""Pages, and fields of theirs in which Enter sends the form."""


def test_enter_decides_nothing_without_scripts_either(desk: BrowserContext) -> None:
    assert desk.browser is not None
    plain = desk.browser.new_context(java_script_enabled=False, storage_state=desk.storage_state())
    page = plain.new_page()
    with_scripts = desk.new_page()
    with_scripts.goto("/moderate/queues/changed")
    for address, box in FIELDS.items():
        page.goto(with_scripts.url.replace("/moderate/queues/changed", address))
        for summary in page.locator("summary.btn").all():
            summary.click()
        page.locator(box).first.focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
    with_scripts.reload()
    assert with_scripts.locator("[data-tick]").count() == 1
    plain.close()
    with_scripts.close()
