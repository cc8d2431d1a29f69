"""Images, documents and the map in a browser, with the keyboard and on a phone."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from facilities.catalogue.models import Listing
from tests.barriers import barriers
from tests.conftest import running_app
from tests.listings import small_catalogue
from tests.manage.uploads import PDF, picture
from tests.people import add_user, client_of
from tests.running_site import running_site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("owner files")]


@dataclass
class Desk:
    """A running site and a browser in which the manager of `facility` is signed in."""

    url: str
    browser: Browser
    cookie: str
    facility: Listing

    def context(self, **settings: object) -> BrowserContext:
        context = self.browser.new_context(base_url=self.url, locale="en", **settings)  # type: ignore[arg-type]
        context.add_cookies([{"name": "session", "value": self.cookie, "url": self.url}])
        return context


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("owner-files")
    with running_app(folder) as app:
        facility = small_catalogue()[1]
        cookie = client_of(app, add_user("Maria Manager", manager_of=facility)).get_cookie("session")
        assert cookie is not None
        with running_site(folder, processes=1, with_worker=False) as site:
            yield Desk(site.url, browser, cookie.value, facility)


@pytest.fixture
def page(desk: Desk) -> Iterator[Page]:
    """A page of the manager; a script error or a refused resource on it fails the test."""
    context = desk.context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert wrong == []


def section(desk: Desk, name: str) -> str:
    return f"/manage/listings/{desk.facility.id}/edit/{name}"


def sent_file(name: str, data: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def test_files_are_shown_before_they_are_sent_and_visitors_see_them_after(desk: Desk, page: Page) -> None:
    for colour, title in (("teal", "Two people at work"), ("brown", "The cold room")):
        page.goto(section(desk, "media"))
        new = page.get_by_role("group", name="Add an image")
        new.get_by_label("Image file").set_input_files(sent_file("lab.png", picture(size=(1800, 900), colour=colour)))
        expect(new.get_by_role("img", name="The chosen file")).to_be_visible()
        new.get_by_label("What it shows").fill(title)
        new.get_by_role("button", name="Save, then another file").click()
        expect(page.get_by_role("img", name=title)).to_be_visible()
    new = page.get_by_role("group", name="Add a document")
    new.get_by_label("Document file").set_input_files(sent_file("prices.pdf", PDF))
    new.get_by_label("What it is").fill("Price list 2027")
    new.get_by_role("button", name="Save, then another file").click()
    page.get_by_role("group", name="Image 2").get_by_role("button", name="Move up").click()
    expect(page.get_by_role("group", name="Image 1").get_by_label("What it shows")).to_have_value("The cold room")
    page.get_by_role("button", name="Save", exact=True).last.click()

    page.goto(desk.facility.path)
    expect(page.get_by_role("img").and_(page.get_by_alt_text("The cold room"))).to_be_visible()
    for image in page.locator("main img").all():
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("image => image.naturalWidth") > 0
    with page.expect_download() as download:
        page.get_by_role("link", name="Price list 2027").click()
    assert download.value.suggested_filename == "prices.pdf"


def test_a_file_that_is_too_large_is_said_to_be_before_it_is_sent(desk: Desk, page: Page, tmp_path: Path) -> None:
    large = tmp_path / "a.pdf"
    large.write_bytes(b"%PDF-" + b"\0" * (21 * 1024 * 1024))
    page.goto(section(desk, "media"))
    new = page.get_by_role("group", name="Add a document")
    new.get_by_label("Document file").set_input_files(large)

    expect(new.get_by_role("alert")).to_have_text("Choose a smaller file: 20 MB is the most.")
    expect(new.get_by_label("Document file")).to_have_value("")


def test_the_last_image_can_be_removed_in_place(desk: Desk, page: Page) -> None:
    page.goto(section(desk, "media"))
    while page.get_by_role("group", name="Image 1").count():
        page.get_by_role("group", name="Image 1").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("heading", name="Images", exact=True)).to_be_visible()
    page.close(run_before_unload=False)


def test_a_place_is_found_and_the_pin_moved_with_the_keyboard_alone(desk: Desk, page: Page) -> None:
    page.goto(section(desk, "place"))
    page.get_by_label("Find the place").press_sequentially("Husargatan 3, 752 37 Uppsala")
    page.get_by_role("button", name="Husargatan 3, 752 37 Uppsala, Sweden").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.get_by_label("Postal code")).to_have_value("752 37")
    expect(page.get_by_label("Country")).to_have_value("SE")
    expect(page.get_by_label("Latitude")).to_have_value("59.859")
    expect(page.get_by_role("status").filter(has_text="middle of the town")).to_be_visible()
    page.get_by_role("button", name="Pin of the place").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowRight")
    assert float(page.get_by_label("Latitude").input_value()) > 59.859
    assert float(page.get_by_label("Longitude").input_value()) > 17.64
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.goto(section(desk, "place"))
    assert float(page.get_by_label("Latitude").input_value()) > 59.859


def test_a_click_on_the_map_moves_the_pin_and_typed_numbers_do(desk: Desk, page: Page) -> None:
    page.goto(section(desk, "place"))
    pin = page.get_by_role("button", name="Pin of the place")
    pin.wait_for()
    before = page.get_by_label("Longitude").input_value()
    page.locator("[data-place-picker-map].leaflet-container").click(position={"x": 60, "y": 200})
    assert page.get_by_label("Longitude").input_value() < before
    page.get_by_label("Latitude").fill("63.42")
    page.get_by_label("Longitude").fill("10.39")
    page.get_by_label("City").focus()
    expect(page.locator(".town-name", has_text="Trondheim")).to_be_visible()
    page.close(run_before_unload=False)


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_while_the_map_loads(desk: Desk, width: int) -> None:
    context = desk.context(viewport={"width": width, "height": 844})
    page = context.new_page()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/leaflet.js*", hold)
    page.goto(section(desk, "place"), wait_until="commit")
    latitude = page.get_by_label("Latitude")
    latitude.wait_for()
    before = latitude.bounding_box()
    page.wait_for_timeout(200)
    for each in held:
        each.continue_()
    page.get_by_role("button", name="Pin of the place").wait_for()

    assert held
    assert latitude.bounding_box() == before
    context.close()


def test_without_scripts_there_is_no_room_for_a_map(desk: Desk) -> None:
    context = desk.context(java_script_enabled=False)
    page = context.new_page()
    page.goto(section(desk, "place"))

    expect(page.locator("[data-place-picker-map]")).to_be_hidden()
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["media", "place"])
def test_the_pages_are_open_to_everybody(desk: Desk, name: str, width: int) -> None:
    context = desk.context(viewport={"width": width, "height": 844}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(section(desk, name))
    page.wait_for_load_state("networkidle")

    found = barriers(page)
    context.close()
    assert found == []
