"""A facility's manager from the invitation to an import undone and a confirmation by mail, and the desk beside her.

With PICTURES=docs/pictures in the environment (`make pictures`) the pages are kept for the owner's guide.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from shutil import copytree

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from facilities import create_app
from facilities.catalogue.models import LISTINGS
from facilities.db import db, now, writing
from facilities.manage.confirmation import ask_for_confirmation
from tests.journeys.people import at_desk, give_account
from tests.post_office import PostOffice, open_post_office, wait_for_letter
from tests.running_site import Site, running_site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("owner")]

FACILITY = "Lumen Light Microscopy Centre"
ADDRESS = "mia.manager@example.org"
PASSWORD = "slow otters read maps"
WRONG = """Namn;Tillverkare;Modell;Inventarienummer;Antal;Länk
Spektralt konfokalmikroskop;Zeiss;LSM 980;INV-1;1;https://example.org/lsm980
Konfokalmikroskop Stellaris;Leica;Stellaris 8;INV-2;några;
Ljusarkmikroskop Nordlys;Zeiss;Lightsheet 7;INV-3;1;not an address
"""
RIGHT = WRONG.replace("några", "2").replace("not an address", "https://example.org/z7")


@dataclass
class Cast:
    site: Site
    letters: PostOffice
    browser: Browser

    def page(self) -> Page:
        """Somebody's own browser window."""
        context = self.browser.new_context(
            base_url=self.site.url, viewport={"width": 1280, "height": 900}, locale="en", reduced_motion="reduce"
        )
        return context.new_page()


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory, demo_files: Path, browser: Browser) -> Iterator[Cast]:
    instance = copytree(demo_files, tmp_path_factory.mktemp("owners"), dirs_exist_ok=True)
    with open_post_office() as letters, running_site(instance, SMTP_URL=letters.url) as site:
        yield Cast(site, letters, browser)


def test_a_manager_is_invited_and_keeps_her_listings_right(cast: Cast, tmp_path: Path) -> None:
    desk = at_desk(cast.page(), cast.site)
    number = invite(desk, FACILITY)
    mia = cast.page()
    accept_invitation(mia, wait_for_letter(cast.letters, ADDRESS, "look after"))
    fix_a_listing(mia, number)
    add_three_instruments(mia, number)
    import_with_errors_then_right(mia, number, tmp_path)
    undo_the_import(mia)
    confirm_by_mail(cast, mia, number)


def invite(desk: Page, name: str) -> int:
    """The desk invites a manager; gives the facility's id."""
    desk.goto(f"/manage/listings?q={name.replace(' ', '+')}&kind=facility")
    address = desk.get_by_role("link", name=name).first.get_attribute("href") or ""
    number = int(re.findall(r"/listings/(\d+)", address)[0])
    desk.goto(f"/manage/listings/{number}/team")
    desk.get_by_label("E-mail address").fill(ADDRESS)
    desk.get_by_label("Role").select_option("manager")
    desk.get_by_role("button", name="Invite").click()
    expect(desk.get_by_text(ADDRESS).first).to_be_visible()
    return number


def accept_invitation(mia: Page, letter: EmailMessage) -> None:
    mia.goto(link_in(letter, "/invitations/"))
    keep(mia, "invitation")
    mia.get_by_label("Your name").fill("Mia Manager")
    mia.get_by_label("Password").fill(PASSWORD)
    mia.get_by_role("button", name="Make the account and accept").click()
    expect(mia).to_have_url(re.compile("/manage/"))
    mia.goto("/manage/")
    keep(mia, "overview")


def fix_a_listing(mia: Page, number: int) -> None:
    mia.goto(f"/manage/listings/{number}/edit")
    keep(mia, "sections")
    mia.goto(f"/manage/listings/{number}/edit/texts")
    mia.get_by_label("Summary").first.fill("Light microscopes for cells and tissue, with an operator if you wish.")
    keep(mia, "texts")
    mia.get_by_role("button", name="Save", exact=True).last.click()
    expect(mia.get_by_text("Saved").first).to_be_visible()
    mia.goto(f"/facilities/{number}-x")
    expect(mia.get_by_text("with an operator if you wish")).to_be_visible()
    mia.goto(f"/manage/listings/{number}/history")
    expect(mia.get_by_text("Mia Manager").first).to_be_visible()
    keep(mia, "history")


def add_three_instruments(mia: Page, number: int) -> None:
    mia.goto(f"/manage/listings/{number}/instruments/new")
    for maker, model in (("Zeiss", "Celldiscoverer 7"), ("Nikon", "AX R"), ("Evident", "FV4000")):
        mia.get_by_label("Manufacturer (optional)").fill(maker)
        mia.get_by_label("Model (optional)").fill(model)
        mia.get_by_role("button", name="Save and add the next").last.click()
        expect(mia.locator(".added").get_by_text(model).first).to_be_visible()
    keep(mia, "instruments")
    mia.goto("/search?q=FV4000")
    expect(mia.locator(".listing-card").first).to_contain_text("FV4000")


def import_with_errors_then_right(mia: Page, number: int, folder: Path) -> None:
    send(mia, number, folder / "register.csv", WRONG)
    expect(mia.get_by_label("Tillverkare")).to_have_value("manufacturer")
    keep(mia, "columns")
    mia.get_by_role("button", name="Check the file").click()
    expect(mia.get_by_role("heading", name="What would change")).to_be_visible(timeout=60_000)
    expect(mia.get_by_text(re.compile("Row [34]")).first).to_be_visible()
    keep(mia, "errors")
    mia.get_by_role("link", name="Send a corrected file").click()
    choose_file(mia, folder / "corrected.csv", RIGHT)
    mia.get_by_role("button", name="Check the file").click()
    expect(mia.get_by_role("heading", name="What would change")).to_be_visible(timeout=60_000)
    expect(mia.get_by_text("Stellaris").first).to_be_visible()
    keep(mia, "difference")
    mia.get_by_role("button", name="Save 3 listings").click()
    expect(mia.get_by_role("heading", name="The import is saved")).to_be_visible(timeout=60_000)
    keep(mia, "imported")
    found = mia.context.new_page()
    found.goto("/search?q=Nordlys")
    expect(found.locator(".listing-card").first).to_contain_text("Nordlys")
    found.close()


def send(mia: Page, number: int, path: Path, text: str) -> None:
    mia.goto(f"/manage/import?listing={number}")
    choose_file(mia, path, text)


def choose_file(mia: Page, path: Path, text: str) -> None:
    path.write_text(text, encoding="cp1252")
    mia.get_by_label("Spreadsheet").set_input_files(path)
    mia.get_by_role("button", name="Send the file").click()
    expect(mia.get_by_role("heading", name="What is in the columns?")).to_be_visible(timeout=30_000)


def undo_the_import(mia: Page) -> None:
    mia.get_by_role("link", name="Undo this import").click()
    mia.get_by_role("button", name="Undo the import").click()
    expect(mia.get_by_role("heading", name="The import was undone")).to_be_visible(timeout=60_000)
    found = mia.context.new_page()
    found.goto("/search?q=Nordlys&kind=instrument")
    expect(found.locator(".listing-card", has_text="Nordlys")).to_have_count(0)
    found.close()


def confirm_by_mail(cast: Cast, mia: Page, number: int) -> None:
    """A year goes by; the letter's link confirms without a password, but only when its button is pressed."""
    make_overdue(cast.site, number)
    visitor = cast.page()
    visitor.goto(f"/facilities/{number}-x")
    expect(visitor.get_by_text("check with the owner").first).to_be_visible()
    link = link_in(wait_for_letter(cast.letters, ADDRESS, "still right"), "/confirm-listings/")
    visitor.goto(link)
    keep(visitor, "confirmation")
    assert last_confirmed_long_ago(cast.site, number)
    visitor.get_by_role("button", name=re.compile("^Yes")).click()
    expect(visitor.get_by_role("heading", name="All of it is confirmed")).to_be_visible()
    assert not last_confirmed_long_ago(cast.site, number)


def make_overdue(site: Site, number: int) -> None:
    """As if the listing had been confirmed more than a year ago; then the letters of the day are written."""
    with create_app(site.settings).app_context():
        writing()
        long_ago = now() - timedelta(days=500)
        db.session.execute(sa.update(LISTINGS).values(confirmed_at=now()))
        db.session.execute(sa.update(LISTINGS).where(LISTINGS.c.id == number).values(confirmed_at=long_ago))
        db.session.commit()
        assert ask_for_confirmation() >= 1


def last_confirmed_long_ago(site: Site, number: int) -> bool:
    with create_app(site.settings).app_context():
        confirmed = db.session.scalar(sa.select(LISTINGS.c.confirmed_at).where(LISTINGS.c.id == number))
        assert confirmed is not None
        return now() - confirmed > timedelta(days=300)


def test_a_moderator_accepts_sends_back_and_merges(cast: Cast) -> None:
    editor = give_account(cast.page(), cast.site, "Ellen Editor", editor_of="Elektra Electron Microscopy Unit")
    desk = at_desk(cast.page(), cast.site)
    first, second = instruments_of(cast.site, "Elektra Electron Microscopy Unit")
    for number, words in ((first, "Now with a cooling stage."), (second, "Broken?")):
        propose(editor, number, words)
    decide(desk, first, "Accept")
    expect_public(cast.page(), first, "Now with a cooling stage.")
    send_back(desk, second, "What is broken, and until when?")
    wait_for_letter(cast.letters, "ellen.editor@example.org", "put this right")
    editor.goto("/manage/")
    expect(editor.get_by_text("What is broken, and until when?").first).to_be_visible()
    keep(editor, "sent_back")
    merge(desk, first, second)
    visitor = cast.page()
    visitor.goto(f"/instruments/{second}-x")
    expect(visitor).to_have_url(re.compile(f"/instruments/{first}-"))


def instruments_of(site: Site, name: str) -> tuple[int, int]:
    with create_app(site.settings).app_context():
        facility = sa.select(LISTINGS.c.id).where(LISTINGS.c.name == name).scalar_subquery()
        found = sa.select(LISTINGS.c.id).where(LISTINGS.c.parent_id == facility, LISTINGS.c.kind == "instrument")
        first, second = db.session.scalars(found.order_by(LISTINGS.c.id).limit(2))
        return first, second


def propose(editor: Page, number: int, words: str) -> None:
    editor.goto(f"/manage/listings/{number}/edit/texts")
    editor.get_by_label("Summary").first.fill(words)
    editor.get_by_role("button", name="Save", exact=True).last.click()
    expect(editor.get_by_text("wait", exact=False).first).to_be_visible()


def decide(desk: Page, number: int, button: str) -> None:
    desk.goto(f"/manage/reviews/{number}")
    keep(desk, "decision")
    desk.get_by_role("button", name=button, exact=True).click()
    expect(desk).not_to_have_url(re.compile(f"/reviews/{number}$"))


def send_back(desk: Page, number: int, reason: str) -> None:
    desk.goto(f"/manage/reviews/{number}")
    desk.get_by_text("Send back or reject").click()
    desk.get_by_label("In your own words").fill(reason)
    desk.get_by_role("button", name="Send back to be put right").click()
    expect(desk).not_to_have_url(re.compile(f"/reviews/{number}$"))


def expect_public(visitor: Page, number: int, words: str) -> None:
    visitor.goto(f"/listings/{number}")
    expect(visitor.get_by_text(words).first).to_be_visible()


def merge(desk: Page, kept: int, merged: int) -> None:
    desk.goto(f"/moderate/duplicates/{min(kept, merged)}/{max(kept, merged)}?keep={kept}")
    keep(desk, "merge")
    desk.get_by_role("button", name="Merge", exact=True).click()
    desk.wait_for_load_state()


def link_in(letter: EmailMessage, path: str) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    found = re.search(rf"https?://\S*({re.escape(path)}\S+)", body.get_content())
    assert found, body.get_content()
    return found.group(1)


def keep(page: Page, name: str) -> None:
    """Keep a picture for the owner's guide, if it is asked for."""
    if folder := os.environ.get("PICTURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png")
