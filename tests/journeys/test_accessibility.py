"""axe finds nothing, and no page is wider than a phone, in light and in dark, in every language."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from facilities import create_app
from facilities.accounts.models import Grant, OwnerRole, SiteRole
from facilities.db import db, writing
from facilities.needs.models import PublicNeed
from facilities.networks.models import Application, Membership, Network
from tests.barriers import PHONE, barriers
from tests.networks.casting import run
from tests.people import client_of
from tests.running_site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

PAGES = ["/", "/search?q=microscopy", "/search?q=zzzzqqqq", "/map?q=microscopy&near=Uppsala",
         "/search/values?facet=technique", "/saved-searches/new?q=confocal", "listing", "form", "/map",
         "/map/share?kind=facility", "/map/embed?kind=facility", "/techniques", "/categories", "/enquiries/shortlist",
         "/nowhere", "/networks", "/sv/networks/malarbage", "/sv/networks/malarbage/search?q=mikroskop",
         "/nb/networks/fjordlys/map", "/networks/malarbage/roles", "/da/networks/bolgekam/needs",
         "/networks/malarbage/ask?role=manufacturing", "/nb/networks/fjordlys/members",
         "/networks/malarbage/join?q=uni", "/sv/networks/malarbage/join?new=1", "/da/networks/bolgekam/hubs/copenhagen",
         "/networks/applications/{applied}",
         "/networks/bolgekam/hubs/copenhagen/facts", "/sv/facts", "/nb/places/se/uppsala/facts", "/places",
         "/da/needs", "/places/se/uppsala"]  # fmt: skip
"""What everybody can open. A third of what is new here is in another language: longer words, on the same phone."""

DESK = "/manage/networks/malarbage"
AT_DESK = ["/manage/networks", f"{DESK}/", f"/sv{DESK}/page", f"{DESK}/log", f"{DESK}/hubs", f"/nb{DESK}/hubs/uppsala",
           f"{DESK}/hubs/uppsala/members", f"{DESK}/categories", f"/da{DESK}/categories/new", f"{DESK}/members",
           f"/nb{DESK}/members/add?q=uni", f"{DESK}/members/list", f"{DESK}/members/{{member}}", f"/da{DESK}/people",
           f"{DESK}/applications", f"/sv{DESK}/applications/{{application}}", f"{DESK}/needs",
           "/needs/new", "/da/needs/{need}/edit", "/sv/manage/needs",
           "/moderate/networks", "/da/moderate/networks/malarbage", "/moderate/public-needs", "/moderate/roles",
           "/sv/moderate/facts"]  # fmt: skip
"""What the desk of a network, the site's desk and who posts a need can open."""

LOADS_MORE = re.compile("/map")
"""Pages that are not all there when they have been loaded."""


@pytest.fixture(scope="module")
def known(site: Site) -> dict[str, str]:
    """Ids that the addresses name, and the `session` of somebody with all desks."""
    app = create_app(site.settings)
    with app.app_context():
        writing()
        network = db.session.scalars(sa.select(Network).where(Network.slug == "malarbage")).one()
        need = db.session.scalars(sa.select(PublicNeed).order_by(PublicNeed.id)).all()[-1]
        application = Application(
            token=uuid4().hex, form_id=uuid4().hex, network_id=network.id, name="Vassbygget AS", contact_name="Ada",
            contact_email="ada@example.org", message="We would like to take part.",
        )  # fmt: skip
        db.session.add(application)
        person = run(network, "All Desks")
        writing()
        person.site_role = SiteRole.ADMINISTRATOR
        person.grants.append(Grant(listing_id=need.organisation_id, role=OwnerRole.MANAGER))
        db.session.commit()
        session = client_of(app, person).get_cookie("session")
        assert session is not None
        member = db.session.scalars(sa.select(Membership.id).where(Membership.network_id == network.id)).first()
        ids = {"need": need.id, "application": application.id, "member": member, "applied": application.token}
        return {"session": session.value} | {name: str(value) for name, value in ids.items()}


@pytest.fixture(scope="module")
def phone(browser: Browser, site: Site) -> Iterator[Page]:
    context = browser.new_context(base_url=site.url, **PHONE)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def phone_of_desk(browser: Browser, site: Site, known: dict[str, str]) -> Iterator[Page]:
    context = browser.new_context(base_url=site.url, **PHONE)
    context.add_cookies([{"name": "session", "value": known["session"], "url": site.url}])
    yield context.new_page()
    context.close()


def address_of(page: Page, name: str, known: dict[str, str]) -> str:
    """The address of a page; of the listing and the form those of the first instrument found."""
    if name.startswith("/"):
        return name.format_map(known)
    page.goto("/search?q=confocal&kind=instrument")
    listing = page.locator(".listing-card h3 a").first.get_attribute("href") or ""
    number = re.findall(r"/(\d+)-", listing)[0]
    return listing if name == "listing" else f"/enquiries/new?listing={number}"


def barriers_at(page: Page, name: str, known: dict[str, str]) -> list[tuple[str, str]]:
    """What is in the way on a page; the page must be there."""
    page.context.clear_cookies(name="language")  # the last page's, which this one's address may not say
    answer = page.goto(address_of(page, name, known))
    assert answer is not None
    assert answer.status == (404 if name == "/nowhere" else 200)
    if LOADS_MORE.search(name):
        page.wait_for_load_state("networkidle")
    return barriers(page)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_barrier_and_fits_a_phone(phone: Page, known: dict[str, str], name: str) -> None:
    assert barriers_at(phone, name, known) == []


@pytest.mark.parametrize("name", AT_DESK)
def test_a_page_of_a_desk_has_no_barrier_and_fits_a_phone(
    phone_of_desk: Page, known: dict[str, str], name: str
) -> None:
    assert barriers_at(phone_of_desk, name, known) == []


def test_the_search_box_is_reached_and_used_by_keyboard(page: Page) -> None:
    page.goto("/")
    for _ in range(12):
        if page.evaluate("document.activeElement.type") == "search":
            break
        page.keyboard.press("Tab")
    page.keyboard.type("cytometer")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=cytometer*")


def test_everything_needed_to_enquire_works_without_scripts(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/search?q=microscopy")
    page.get_by_role("checkbox", name=re.compile("^Instruments")).first.check()
    page.get_by_role("button", name=re.compile("Apply|Show")).first.click()
    page.locator(".listing-card h3 a").first.click()
    page.get_by_role("link", name=re.compile("Send an enquiry")).first.click()
    page.get_by_role("button", name=re.compile("^Send")).click()
    expect(page.locator(".error-summary")).to_be_visible()
    context.close()


def test_nothing_moves_for_who_asks_for_less_motion(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url, **PHONE)
    page = context.new_page()
    page.goto("/search?q=microscopy")
    everything = "[...document.querySelectorAll('body *')].filter((each) => getComputedStyle(each).transitionDuration"
    assert page.evaluate(f"{everything} !== '0s').map((each) => each.outerHTML.slice(0, 80))") == []
    context.close()
