"""The forms in a browser: rows, techniques, the warning before leaving, and nothing in the way of anybody."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from facilities.catalogue.models import Kind, Listing
from tests.barriers import PHONE, barriers
from tests.conftest import running_app
from tests.listings import add, small_catalogue
from tests.manage.owners import said
from tests.people import add_user, client_of
from tests.running_site import running_site
from tests.vocabulary import fill_vocabulary

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("owner forms")]

SECTIONS = ("basics", "texts", "techniques", "place", "contacts", "access", "prices", "certificates", "links")


@dataclass
class Desk:
    """A running site and a browser in which the manager of `facility` is signed in."""

    url: str
    browser: Browser
    cookie: str
    facility: Listing
    service: Listing

    def context(self, **settings: object) -> BrowserContext:
        context = self.browser.new_context(base_url=self.url, **settings)  # type: ignore[arg-type]
        context.add_cookies([{"name": "session", "value": self.cookie, "url": self.url}])
        return context


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("owner-forms")
    with running_app(folder) as app:
        fill_vocabulary()
        facility = small_catalogue()[1]
        service = add(Kind.SERVICE, "Imaging on order", parent=facility)
        client = client_of(app, add_user("Maria Manager", manager_of=facility))
        cookie = client.get_cookie("session")
        assert cookie is not None
        with running_site(folder, processes=1, with_worker=False) as site:
            yield Desk(site.url, browser, cookie.value, facility, service)


@pytest.fixture
def page(desk: Desk) -> Iterator[Page]:
    """A page of the manager; a script error or a refused resource on it fails the test."""
    context = desk.context(viewport={"width": 1280, "height": 900}, locale="en")
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert wrong == []


def section(listing: Listing, name: str) -> str:
    return f"/manage/listings/{listing.id}/edit/{name}"


def test_rows_are_added_moved_and_removed_in_place(desk: Desk, page: Page) -> None:
    page.goto(section(desk.facility, "prices"))
    page.get_by_label("For what").fill("Microscope time")
    page.get_by_label("Amount").fill("450")
    page.get_by_label("Currency").fill("EUR")
    page.get_by_role("button", name="Add a price").click()
    second = page.get_by_role("group", name="Price 2")
    expect(second.get_by_label("Currency")).to_have_value("EUR")
    expect(second.get_by_label("For what")).to_be_focused()
    second.get_by_label("For what").fill("Training")
    second.get_by_label("Amount").fill("900")
    page.get_by_role("button", name="Add a price").click()
    page.get_by_role("group", name="Price 3").get_by_role("button", name="Remove").click()
    second.get_by_role("button", name="Move up").click()
    expect(page.get_by_role("group", name="Price 1").get_by_label("For what")).to_have_value("Training")
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.wait_for_url("**/edit")
    assert [(each["item"], each["currency"]) for each in said(desk.facility, "prices")] == [
        ("Training", "EUR"), ("Microscope time", "EUR"),
    ]  # fmt: skip


def test_a_technique_is_chosen_by_keyboard_from_any_of_its_names(desk: Desk, page: Page) -> None:
    page.goto(section(desk.facility, "techniques"))
    box = page.get_by_role("combobox", name="Add techniques")
    box.press_sequentially("konfokal")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.get_by_role("checkbox", name="Confocal microscopy")).to_be_checked()
    expect(box).to_have_value("")
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Control+s")
    page.wait_for_url("**/edit")
    assert said(desk.facility, "techniques") == ["confocal-microscopy"]


def test_leaving_with_something_typed_is_warned_about(desk: Desk, page: Page) -> None:
    page.goto(section(desk.facility, "basics"))
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_label("Abbreviation").press_sequentially("LUM")
    page.get_by_role("link", name="Back to all sections").click()
    page.wait_for_url("**/edit")
    page.goto(section(desk.facility, "basics"))
    page.get_by_role("link", name="Back to all sections").click()
    page.wait_for_url("**/edit")
    assert asked == ["beforeunload"]


def test_no_form_has_a_barrier_or_is_wider_than_a_phone(desk: Desk) -> None:
    context = desk.context(**PHONE)
    page = context.new_page()
    pages = [section(desk.facility, name) for name in SECTIONS]
    pages += [section(desk.service, name) for name in ("basics", "specification")]
    pages += [f"/manage/listings/{desk.facility.id}/edit", "/manage/listings/new", "/manage/listings/new?kind=service"]
    pages += [
        f"/manage/listings/new?kind=service&parent={desk.facility.id}", "/manage/listings/new?kind=organisation",
        f"/manage/listings/{desk.facility.id}/instruments/new", f"/manage/listings/{desk.facility.id}/routing",
        f"/manage/listings/{desk.facility.id}/numbers", "/manage/numbers",
    ]  # fmt: skip
    wrong = []
    for address in pages:
        page.goto(address)
        wrong += [(address, *each) for each in barriers(page)]
    context.close()
    assert wrong == []
