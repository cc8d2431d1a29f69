"""Listing pages: the address, what each kind shows, languages, inherited terms, withdrawn listings, statements."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.actions import withdraw_listing
from facilities.catalogue.models import Category, Kind, Listing, Source, SourceRecord, Status, Technique
from facilities.db import db
from tests.counting import statements
from tests.listings import add

PRICES = [
    {"item": "Microscope time", "group": "academic", "basis": "hour", "amount": "320", "currency": "SEK"},
    {
        "item": "Microscope time", "group": "company", "basis": "hour", "amount": "950", "currency": "SEK",
        "setup_fee": "1200", "includes_operator": True, "valid_until": "2030-12-31",
    },
]  # fmt: skip
CONTACT = {"role": "Facility manager", "email": "lumen@example.org", "languages": ["sv"]}


class Cast:
    """A university, its facility with an instrument and a service, all rich; and a competitor that can do the same."""

    def __init__(self) -> None:
        techniques = add_techniques("confocal-microscopy", "live-cell-imaging", "optical-sectioning")
        self.university = add(
            Kind.ORGANISATION, "Skerry University", abbreviation="SKU", city="Uppsala", country="SE", lat=59.85,
            lng=17.63, organisation_kind="university", roles=["discovery"], url="https://example.org/sku",
            ror="04tqe8z27", employees=1200, certificates=[{"name": "ISO 9001", "valid_until": "2030-01-01"}],
            contacts=[{"role": "Research office", "email": "office@example.org"}],
        )  # fmt: skip
        self.facility = add(
            Kind.FACILITY, "Lumen Imaging", parent=self.university, city="Uppsala", country="SE", lat=59.8, lng=17.6,
            access={
                "groups": ["academia", "companies"], "modes": ["physical"], "training": "required",
                "training_hours": 4, "agreements": ["nda"], "price_level": 2, "conditions": "Book a week ahead.",
            },
            prices=PRICES, contacts=[CONTACT], techniques=techniques,
        )  # fmt: skip
        self.instrument = add(
            Kind.INSTRUMENT, "Confocal microscope", parent=self.facility, manufacturer="Zeiss", model="LSM 980",
            summary="For live cells.", description="First.\n\nSee https://example.org/manual, or <ask>.",
            specification=[{"name": "Lasers", "value": "405, 488 nm"}], techniques=techniques,
            instrument_status="limited", building="C", room="C2:10",
            texts={"sv": {"name": "Konfokalmikroskop", "description": "För levande celler."}},
            images=[{"url": "/demo/images/confocal.svg", "title": "A microscope"}],
            documents=[{"url": "https://example.org/a.pdf", "title": "Quick guide"}],
        )  # fmt: skip
        self.service = add(
            Kind.SERVICE, "Image analysis", parent=self.facility, sample_input="Raw files", deliverables="A report",
            lead_time_min=5, lead_time_max=10, trl_min=4, trl_max=8, techniques=techniques[:1],
        )  # fmt: skip
        self.competitor = add(Kind.ORGANISATION, "Fjord Optics AS", city="Bergen", country="NO")
        self.same = add(Kind.INSTRUMENT, "Spinning disk microscope", parent=self.competitor, techniques=techniques[:2])


@pytest.fixture
def cast(app: Flask) -> Cast:
    return Cast()


def add_techniques(*slugs: str) -> list[str]:
    category = Category(slug="microscopy", labels={"en": "Microscopy"})
    db.session.add_all(Technique(slug=slug, labels={"en": slug}, category=category) for slug in slugs)
    db.session.commit()
    return list(slugs)


def shown(client: FlaskClient, listing: Listing, query: str = "", status: int = 200) -> str:
    answer = client.get(listing.path + query)
    assert answer.status_code == status
    return answer.text


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def words(html: str) -> str:
    """The text of the page's main part, blanks folded."""
    parser = _Words()
    parser.feed(html[html.index("<main") : html.index("</main>")])
    return " ".join(" ".join(parser.found).split())


def test_the_id_decides_and_the_rest_of_the_address_is_put_right(client: FlaskClient, cast: Cast) -> None:
    number, right = cast.instrument.id, cast.instrument.path
    for wrong in (
        f"/instruments/{number}",
        f"/instruments/{number}-other",
        f"/services/{number}-x",
        f"/listings/{number}",
    ):
        answer = client.get(wrong + "?lang=sv")
        assert (answer.status_code, answer.location) == (301, right + "?lang=sv"), wrong


@pytest.mark.parametrize(
    "address", ["/instruments/999", "/listings/999", "/facilities/99999999999999999999-x", "/services/x"]
)
def test_an_unknown_listing_is_not_found_and_offers_a_search(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert 'role="search"' in answer.text


@pytest.mark.parametrize("status", [Status.DRAFT, Status.IN_REVIEW, Status.ARCHIVED])
def test_a_listing_that_is_not_public_is_not_found(client: FlaskClient, cast: Cast, status: Status) -> None:
    cast.instrument.status = status
    db.session.commit()
    assert client.get(cast.instrument.path).status_code == 404
    assert client.get(f"/listings/{cast.instrument.id}").status_code == 404
    assert cast.instrument.name not in shown(client, cast.facility)


def test_a_withdrawn_listing_is_gone_with_date_reason_successor_and_neighbours(client: FlaskClient, cast: Cast) -> None:
    cast.instrument.successor = cast.same
    withdraw_listing(cast.instrument, reason="Sold", by="desk", at=datetime(2026, 3, 4, tzinfo=UTC))

    page = shown(client, cast.instrument, status=410)

    assert "4 Mar 2026" in page
    assert "Sold" in page
    assert f'href="{cast.same.path}"' in page
    assert f'href="{cast.service.path}"' in page
    assert client.get(f"/instruments/{cast.instrument.id}-old").status_code == 301


def test_a_successor_that_is_itself_withdrawn_is_not_offered(client: FlaskClient, cast: Cast) -> None:
    cast.instrument.successor = cast.same
    withdraw_listing(cast.same, reason="", by="desk")
    withdraw_listing(cast.instrument, reason="", by="desk")
    assert cast.same.path not in shown(client, cast.instrument, status=410)


def test_an_instrument_shows_maker_specification_place_owner_and_techniques(client: FlaskClient, cast: Cast) -> None:
    page = shown(client, cast.instrument)
    text = words(page)
    for said in (
        "Zeiss LSM 980",
        "Limited availability",
        "Lasers",
        "405, 488 nm",
        "Uppsala",
        "C, C2:10",
        "Quick guide",
    ):
        assert said in text, said
    above = page[page.index("<main") : page.index("<h1")]
    assert above.index(f'href="{cast.university.path}"') < above.index(f'href="{cast.facility.path}"')
    for technique in cast.instrument.techniques:
        assert f"/search?technique={technique.slug}" in page


def test_terms_prices_and_contacts_of_the_facility_hold_for_its_instrument(client: FlaskClient, cast: Cast) -> None:
    text = words(shown(client, cast.instrument))
    assert "Terms as at Lumen Imaging" in text
    assert "Academia, Companies" in text
    assert "Training required, 4 hours" in text
    assert re.search(r"Company with operator|Company start-up fee SEK\s?1,200, with operator", text)
    assert "Valid until 31 Dec 2030." in text
    assert "Facility manager" in text
    assert "Held by Skerry University" in text


def test_own_terms_are_not_called_inherited(client: FlaskClient, cast: Cast) -> None:
    assert "Terms as at" not in shown(client, cast.facility)


def test_the_prices_of_an_organisation_are_not_passed_on(client: FlaskClient, cast: Cast) -> None:
    cast.facility.prices = []
    cast.university.prices = []
    db.session.commit()
    assert "Prices" not in words(shown(client, cast.instrument))


def test_no_page_shows_the_address_of_a_contact(client: FlaskClient, cast: Cast) -> None:
    for listing in (cast.university, cast.facility, cast.instrument, cast.service):
        assert "lumen@" not in shown(client, listing)
        assert "office@" not in shown(client, listing)


def test_a_service_says_what_goes_in_what_comes_out_and_how_long_it_takes(client: FlaskClient, cast: Cast) -> None:
    text = words(shown(client, cast.service))
    for said in ("What you send Raw files", "What you get A report", "5–10 working days", "level 4–8"):
        assert said in text, said


def test_a_facility_lists_its_instruments_and_services(client: FlaskClient, cast: Cast) -> None:
    page = shown(client, cast.facility)
    assert f'href="{cast.instrument.path}"' in page
    assert f'href="{cast.service.path}"' in page
    assert "Limited availability" in page


def test_an_organisation_lists_facilities_services_and_roles_and_not_instruments_of_a_facility(
    client: FlaskClient, cast: Cast
) -> None:
    page = shown(client, cast.university)
    assert f'href="{cast.facility.path}"' in page
    assert f'href="{cast.service.path}"' in page
    assert f'href="{cast.instrument.path}"' not in page
    assert "Research office" in page
    assert "Discovery" in page
    assert "https://ror.org/04tqe8z27" in page


def test_an_instrument_of_an_organisation_without_facility_is_on_its_page(client: FlaskClient, cast: Cast) -> None:
    assert f'href="{cast.same.path}"' in shown(client, cast.competitor)


def test_similar_listings_are_of_other_owners(client: FlaskClient, cast: Cast) -> None:
    page = shown(client, cast.instrument)
    similar = page[page.index("similar-title") : page.index("about-title")]
    assert cast.same.path in similar
    assert "Fjord Optics AS" in similar
    assert cast.facility.path not in similar
    assert cast.service.path not in similar


def similar_names(page: str) -> list[str]:
    similar = page[page.index("similar-title") : page.index("about-title")]
    return re.findall(r'<a href="[^"]*" lang="[^"]*">([^<]*)</a>', similar)


def test_a_rare_technique_in_common_counts_more_than_common_ones(client: FlaskClient, cast: Cast) -> None:
    for number in range(8):
        shared = ["confocal-microscopy", "live-cell-imaging"]
        add(Kind.INSTRUMENT, f"Common {number}", parent=cast.competitor, techniques=shared)
    add(Kind.INSTRUMENT, "Rare", parent=cast.competitor, techniques=["optical-sectioning"])
    assert similar_names(shown(client, cast.instrument))[0] == "Rare"


def test_a_listing_that_shares_little_beside_the_closest_is_not_similar(client: FlaskClient, cast: Cast) -> None:
    for number in range(12):
        add(Kind.INSTRUMENT, f"Common {number}", parent=cast.competitor, techniques=["confocal-microscopy"])
    closest = add(
        Kind.INSTRUMENT, "Closest", parent=cast.competitor, techniques=["confocal-microscopy", "optical-sectioning"]
    )
    names = similar_names(shown(client, cast.instrument))
    assert closest.name in names
    assert not [name for name in names if name.startswith("Common")]


def test_the_same_kind_comes_first_among_similar_listings(client: FlaskClient, cast: Cast) -> None:
    add(Kind.SERVICE, "Microscopy to order", parent=cast.competitor, techniques=["optical-sectioning"])
    assert similar_names(shown(client, cast.instrument)) == ["Spinning disk microscope", "Microscopy to order"]


def test_what_an_organisation_has_is_not_similar_to_it(client: FlaskClient, cast: Cast) -> None:
    university = add(Kind.ORGANISATION, "Tarn University", techniques=["optical-sectioning", "live-cell-imaging"])
    unit = add(Kind.FACILITY, "Tarn Imaging", parent=university)
    add(Kind.INSTRUMENT, "Tarn microscope", parent=unit, techniques=["optical-sectioning"])
    names = similar_names(shown(client, university))
    assert "Lumen Imaging" in names
    assert "Tarn microscope" not in names


@pytest.mark.parametrize(
    ("kind", "facts", "line"),
    [
        (Kind.ORGANISATION, {"established": 1982}, "Established: 1982"),
        (Kind.FACILITY, {"other_names": ["The Lamp"]}, "Also known as: The Lamp"),
        (Kind.SERVICE, {"specification": [{"name": "Batch", "value": "96 wells"}]}, "Batch: 96 wells"),
    ],
)
def test_a_single_fact_stands_in_the_title_and_not_under_a_heading(
    client: FlaskClient, kind: Kind, facts: dict[str, Any], line: str
) -> None:
    page = shown(client, add(kind, "Alone", **facts))
    assert line in words(page)
    assert page.index(line) < page.index("listing-columns")
    assert "In brief" not in page


def test_two_facts_stand_under_a_heading(client: FlaskClient, app: Flask) -> None:
    text = words(shown(client, add(Kind.FACILITY, "Two", established=1982, other_names=["The Lamp"])))
    assert "In brief Established 1982 Also known as The Lamp" in text


def test_a_service_by_mail_alone_does_not_say_that_no_training_is_needed(client: FlaskClient, app: Flask) -> None:
    def says(kind: Kind, modes: list[str]) -> bool:
        listing = add(kind, "Reading", access={"groups": ["academia"], "modes": modes, "training": "none"})
        return "No training needed" in words(shown(client, listing))

    assert not says(Kind.SERVICE, ["mail_in"])
    assert says(Kind.SERVICE, ["mail_in", "physical"])
    assert says(Kind.FACILITY, ["mail_in"])


def test_keywords_alone_are_called_keywords(client: FlaskClient, app: Flask) -> None:
    text = words(shown(client, add(Kind.FACILITY, "Tagged", keywords=["lamps", "light"])))
    assert "Keywords lamps, light" in text
    assert "Subjects" not in text


def test_the_switch_of_languages_says_that_it_is_about_the_text(client: FlaskClient, cast: Cast) -> None:
    assert "Text in: English Svenska" in words(shown(client, cast.instrument))
    assert "Text in:" not in words(shown(client, cast.facility))


def test_the_enquiry_comes_before_the_terms(client: FlaskClient, cast: Cast) -> None:
    text = words(shown(client, cast.instrument))
    assert text.index("How to use it") < text.index("Send an enquiry") < text.index("Who may use it")


def test_description_is_escaped_and_its_addresses_are_links(client: FlaskClient, cast: Cast) -> None:
    page = shown(client, cast.instrument)
    assert '<p>First.</p>\n<p>See <a href="https://example.org/manual" rel="nofollow noopener">' in page
    assert "or &lt;ask&gt;." in page


def test_the_visitor_reads_the_language_asked_for(client: FlaskClient, cast: Cast) -> None:
    page = shown(client, cast.instrument, "?lang=sv")
    assert '<h1 lang="sv">Konfokalmikroskop' in page
    assert '<div class="prose" lang="sv"><p>För levande celler.</p></div>' in page
    assert 'href="?lang=en" hreflang="en"' in page


def test_the_visitors_own_language_comes_first_when_the_listing_has_it(client: FlaskClient, cast: Cast) -> None:
    def name(accepted: str) -> str:
        answer = client.get(cast.instrument.path, headers={"Accept-Language": accepted})
        assert "Accept-Language" in answer.headers["Vary"]
        return answer.text

    assert '<h1 lang="sv">' in name("sv-SE,sv;q=0.9,en;q=0.5")
    assert '<h1 lang="en">' in name("fi,de;q=0.5")
    assert '<h1 lang="en">' in name("")


def test_an_unknown_language_shows_the_original(client: FlaskClient, cast: Cast) -> None:
    assert '<h1 lang="en">' in shown(client, cast.instrument, "?lang=xx")


def test_the_page_can_be_cited_previewed_and_found_again(client: FlaskClient, cast: Cast) -> None:
    page = shown(client, cast.instrument)
    address = f"http://catalogue.test{cast.instrument.path}"
    year = cast.instrument.updated_at.year
    work = f"Skerry University, Lumen Imaging ({year}). Confocal microscope (Zeiss LSM 980) [Instrument]"
    assert f"{work}. Open Bench. {address}" in words(page)
    assert f'<link rel="canonical" href="{address}">' in page
    assert '<meta property="og:title" content="Confocal microscope">' in page
    assert '<meta name="twitter:card"' in page


def test_an_imported_record_names_its_source_and_licence(client: FlaskClient, cast: Cast) -> None:
    db.session.add(Source(name="register", title="Asset register", url="https://example.org/register"))
    db.session.flush()
    record = SourceRecord(source="register", source_id="A-17", licence="CC0-1.0", listing_id=cast.instrument.id)
    db.session.add(record)
    db.session.commit()
    assert "Asset register · A-17 · licence CC0-1.0" in words(shown(client, cast.instrument))


@pytest.mark.parametrize("kind", list(Kind))
def test_a_bare_listing_shows_no_empty_heading(client: FlaskClient, app: Flask, kind: Kind) -> None:
    bare = add(kind, "Bare")
    page = shown(client, bare)
    headings = re.findall(r"<h2[^>]*>([^<]*)", page)
    assert headings == ["How to reach it" if kind == Kind.ORGANISATION else "How to use it", "About this listing"]
    assert "the catalogue's desk passes your enquiry on" in words(page)


def test_an_owner_that_is_not_public_is_not_linked(client: FlaskClient, cast: Cast) -> None:
    cast.facility.status = Status.DRAFT
    db.session.commit()
    page = shown(client, cast.instrument)
    assert cast.facility.path not in page.split("<h1")[0]
    assert cast.university.path in page


@pytest.mark.parametrize("name", ["university", "facility", "instrument", "service"])
def test_a_rich_page_takes_at_most_eleven_statements(app: Flask, client: FlaskClient, cast: Cast, name: str) -> None:
    address = getattr(cast, name).path
    client.get(address)
    db.session.expunge_all()
    with statements() as sent:
        assert client.get(address).status_code == 200
    assert len(sent) <= 11, "\n".join(sent)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_bare_page_takes_at_most_eleven_statements(app: Flask, client: FlaskClient, kind: Kind) -> None:
    address = add(kind, "Bare").path
    client.get(address)
    db.session.expunge_all()
    with statements() as sent:
        assert client.get(address).status_code == 200
    assert len(sent) <= 11, "\n".join(sent)


def test_many_relatives_cost_no_more_statements(app: Flask, client: FlaskClient, cast: Cast) -> None:
    address = cast.facility.path
    with statements() as few:
        client.get(address)
    for number in range(40):
        add(Kind.INSTRUMENT, f"Microscope {number:02}", parent=cast.facility)
    db.session.expunge_all()
    with statements() as many:
        page = client.get(address).text
    assert len(many) <= len(few)
    assert page.count('class="relative-name"') == 24 + 1 + page.count('class="panel kind-')
    assert f"/search?kind=instrument&amp;organisation={cast.university.id}" in page


def test_every_kind_of_page_is_the_same_on_both_databases(app_on: Flask) -> None:
    cast, client = Cast(), app_on.test_client()
    db.session.expunge_all()
    for listing in (cast.university, cast.facility, cast.instrument, cast.service, cast.same):
        assert listing.name in words(shown(client, listing))
    assert cast.same.path in shown(client, cast.instrument)
    withdraw_listing(db.session.merge(cast.service), reason="", by="desk")
    assert cast.instrument.path in shown(client, cast.service, status=410)


def test_the_button_of_the_page_puts_the_listing_on_the_shortlist_and_takes_it_off(
    client: FlaskClient, cast: Cast
) -> None:
    before = shown(client, cast.instrument)
    assert "Add to shortlist" in words(before)
    form = dict(
        re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', before[before.index("how-to-actions") :])
    )
    assert client.post("/enquiries/shortlist", data=form | {"action": "add"}).location == cast.instrument.path
    assert "Remove from shortlist" in words(shown(client, cast.instrument))
    client.post("/enquiries/shortlist", data=form | {"action": "remove"})
    assert "Add to shortlist" in words(shown(client, cast.instrument))
