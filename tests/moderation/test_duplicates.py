"""Listings that look like the same thing are found when one is entered, in an import, and in the whole catalogue."""

import time
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.catalogue.actions import create_listing, move_listing, update_listing, withdraw_listing
from facilities.catalogue.models import Kind, Listing, Status
from facilities.db import db, now
from facilities.moderation.duplicates import (
    Finder,
    Signs,
    find_duplicates,
    mark_different,
    scan_duplicates,
    traits_below,
)
from facilities.moderation.likeness import Sign, Traits, are_alike, web_key
from facilities.moderation.models import Duplicate, PairState
from facilities.search.index import rebuild
from tests.counting import statements

ROR = "048a87296"


def new(
    kind: Kind, name: str, parent: Listing | None = None, status: Status = Status.PUBLISHED, **fields: Any
) -> Listing:
    return create_listing(kind, {"name": name, **fields}, parent=parent, by="test", status=status)


def signs(kind: Kind, parent: Listing | None = None, apart: Listing | None = None, **fields: Any) -> dict[str, Signs]:
    """What was found: {name: signs}."""
    return {
        like.listing.name: like.signs
        for like in find_duplicates(kind, {"name": "?", **fields}, parent=parent, apart=apart)
    }


@pytest.fixture
def university(app_on: Flask) -> Listing:
    return new(
        Kind.ORGANISATION, "Skerry University", country="SE", city="Uppsala", ror=ROR,
        company_number="202100-2932", url="https://www.skerry.example.org/en/",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"ror": ROR}, (Sign.ROR,)),
        ({"company_number": "2021002932"}, (Sign.COMPANY_NUMBER,)),
        ({"url": "http://skerry.example.org/en"}, (Sign.WEBSITE,)),
        ({"name": "Skerry Univeristy", "country": "SE"}, (Sign.NAME,)),
        ({"name": "The Skerry University", "country": "SE"}, (Sign.NAME,)),
        ({"name": "University, Skerry", "country": "SE", "city": "Uppsala"}, (Sign.NAME,)),
    ],
)
def test_organisations_are_the_same_by(university: Listing, fields: dict[str, Any], expected: Signs) -> None:
    assert signs(Kind.ORGANISATION, **fields) == {"Skerry University": expected}


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Skerry University", "country": "NO"},
        {"name": "Skerry University", "country": "SE", "city": "Lund"},
        {"name": "Skerry University", "country": "SE", "ror": "05f950310"},
        {"name": "Skerry University Hospital", "country": "SE"},
        {"url": "https://skerry.example.org/en/physics"},
        {"url": "https://skerry.example.org/en", "country": "NO"},
    ],
)
def test_organisations_are_not_the_same_by(university: Listing, fields: dict[str, Any]) -> None:
    assert signs(Kind.ORGANISATION, **fields) == {}


def test_the_front_page_that_many_share_says_nothing(university: Listing) -> None:
    for number in range(4):
        new(Kind.FACILITY, f"Facility number {number}", university, url="https://skerry.example.org")

    assert signs(Kind.FACILITY, parent=university, url="https://skerry.example.org") == {}


def test_instruments_are_the_same_by_serial_number_of_a_maker(university: Listing) -> None:
    lab, other_lab = new(Kind.FACILITY, "Lumen", university), new(Kind.FACILITY, "Helix", university)
    new(Kind.INSTRUMENT, "Confocal", lab, manufacturer="Zeiss", serial_number="SN-4411", inventory_number="A 17")

    same_maker: dict[str, Any] = {"manufacturer": "ZEISS", "serial_number": "sn 4411"}
    assert signs(Kind.INSTRUMENT, other_lab, **same_maker) == {"Confocal": (Sign.SERIAL_NUMBER,)}
    assert signs(Kind.INSTRUMENT, other_lab, manufacturer="Leica", serial_number="SN-4411") == {}
    assert signs(Kind.INSTRUMENT, other_lab, inventory_number="a-17") == {"Confocal": (Sign.INVENTORY_NUMBER,)}
    assert signs(Kind.INSTRUMENT, new(Kind.ORGANISATION, "Elsewhere"), inventory_number="A 17") == {}


def test_instruments_of_one_name_are_the_same_only_at_one_place_and_without_other_numbers(university: Listing) -> None:
    lab, other_lab = new(Kind.FACILITY, "Lumen", university), new(Kind.FACILITY, "Helix", university)
    new(Kind.INSTRUMENT, "Zeiss LSM 880", lab, serial_number="1")

    assert signs(Kind.INSTRUMENT, lab, name="LSM 880 Zeiss") == {"Zeiss LSM 880": (Sign.NAME,)}
    assert signs(Kind.INSTRUMENT, lab, name="Zeiss LSM 980") == {}
    assert signs(Kind.INSTRUMENT, lab, name="Zeiss LSM 880", serial_number="2") == {}
    assert signs(Kind.INSTRUMENT, other_lab, name="Zeiss LSM 880") == {}


def test_a_listing_is_not_its_own_duplicate_nor_that_of_what_it_belongs_to(university: Listing) -> None:
    lab = new(Kind.FACILITY, "Lumen Imaging", university)
    unit = new(Kind.FACILITY, "Lumen Imaging", lab)

    assert signs(Kind.FACILITY, lab, unit, name="Lumen Imaging") == {}


def test_drafts_of_others_are_not_given_away(university: Listing) -> None:
    new(Kind.FACILITY, "Secret Lab", university, Status.DRAFT)

    assert signs(Kind.FACILITY, university, name="Secret Lab") == {}
    known = find_duplicates(Kind.FACILITY, {"name": "Secret Lab"}, parent=university, among=list(Status))
    assert [like.listing.name for like in known] == ["Secret Lab"]


def test_looking_for_duplicates_asks_the_database_the_same_few_questions(university: Listing) -> None:
    for number in range(5):
        new(Kind.ORGANISATION, "Skerry University", country="SE", url=f"https://{number}.example.org")

    with statements() as sent:
        found = find_duplicates(Kind.ORGANISATION, {"name": "Skerry University", "country": "SE"})

    assert (len(found), len(sent)) == (6, 3)


def test_a_scan_stores_pairs_once_and_drops_those_that_are_alike_no_more(university: Listing) -> None:
    rebuild()
    first, second = (new(Kind.FACILITY, "Lumen Imaging", university) for _ in range(2))

    assert (scan_duplicates(), scan_duplicates()) == (1, 0)
    assert pairs() == [(first.id, second.id, ["name"], PairState.OPEN)]

    update_listing(second, {"name": "Helix Sequencing"}, by="test")
    scan_duplicates(since=now())
    assert pairs() == []


def test_a_scan_looks_at_what_has_changed_since(university: Listing) -> None:
    rebuild()
    new(Kind.FACILITY, "Lumen Imaging", university)
    new(Kind.FACILITY, "Lumen Imaging", university)
    late = now().replace(year=now().year + 1)

    assert scan_duplicates(since=late) == 0
    assert scan_duplicates(since=now()) == 1


def test_withdrawn_and_moved_listings_leave_the_queue(university: Listing) -> None:
    rebuild()
    labs = [new(Kind.FACILITY, name, university) for name in ("Lumen", "Lumen", "Helix", "Helix")]
    assert scan_duplicates() == 2

    withdraw_listing(labs[0], reason="", by="test")
    move_listing(labs[2], new(Kind.ORGANISATION, "Elsewhere"), by="test")
    scan_duplicates(since=now())

    assert pairs() == []


def test_what_was_found_to_be_different_is_not_proposed_again(university: Listing) -> None:
    rebuild()
    first, second = (new(Kind.FACILITY, "Lumen Imaging", university) for _ in range(2))
    scan_duplicates()

    mark_different(second, first, by="Dora Desk")
    db.session.commit()

    assert scan_duplicates() == 0
    assert pairs() == [(first.id, second.id, ["name"], PairState.DIFFERENT)]
    assert signs(Kind.FACILITY, university, second, name="Lumen Imaging") == {}


def test_a_finder_answers_for_the_rows_of_a_file_and_learns_them(university: Listing) -> None:
    finder = Finder.load()
    row = traits_below(Kind.FACILITY, {"name": "Lumen Imaging"}, university)

    assert finder.like(row) == []
    finder.learn(Traits(Kind.FACILITY, "lumen imaging", -1, organisation=university.id, parent=university.id))
    assert finder.like(row) == [(-1, (Sign.NAME,))]


@pytest.mark.parametrize(
    ("name", "other", "alike"),
    [
        ("flow cytometry core", "core flow cytometri", True),
        ("confocal microscope", "confocal micro scope", True),
        ("university of skerry", "the skerry university", True),
        ("shanghai synchrotron radiation facility", "ssrf shanghai synchrotron radiation facility", True),
        ("zeiss lsm 880", "zeiss lsm880", True),
        ("mass spectrometer gc ms", "mass spectrometer icp ms", False),
        ("pf beamline bl 7a", "pf beamline bl 7c", False),
        ("synchrotron light source i", "synchrotron light source ii", False),
        ("core facility a", "core facility b", False),
    ],
)
def test_names_are_compared_as_people_do(name: str, other: str, alike: bool) -> None:
    assert are_alike(name, other) is alike
    assert are_alike(other, name) is alike


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.Uu.se/en/", "uu.se/en"),
        ("uu.se", "uu.se"),
        ("http://uu.se:8080/en?x=1#y", "uu.se/en"),
        ("", ""),
        ("https://[", ""),
    ],
)
def test_web_addresses_are_compared_by_host_and_path(url: str, key: str) -> None:
    assert web_key(url) == key


def test_twenty_thousand_rows_are_compared_in_good_time(app: Flask) -> None:
    known = [
        Traits(
            Kind.INSTRUMENT, f"{MAKERS[n % 7]} {TYPES[n % 11]} {n % 997}", n, serial_number=str(n), organisation=n % 40
        )
        for n in range(1, 15_001)
    ]
    finder = Finder(known)
    started = time.process_time()

    found = [finder.like(traits, apart=traits.id) for traits in known * 2][:20_000]

    assert time.process_time() - started < 20
    assert len(found) == 20_000


MAKERS = ("zeiss", "leica", "nikon", "bruker", "agilent", "waters", "illumina")
TYPES = (
    "confocal microscope",
    "mass spectrometer",
    "flow cytometer",
    "sequencer",
    "nmr spectrometer",
    "electron microscope",
    "cell sorter",
    "plate reader",
    "robot",
    "x ray diffractometer",
    "liquid chromatograph",
)


def pairs() -> list[tuple[int, int, list[str], PairState]]:
    found = db.session.scalars(sa.select(Duplicate).order_by(Duplicate.id).execution_options(populate_existing=True))
    return [(pair.first_id, pair.second_id, pair.signs, pair.state) for pair in found]
