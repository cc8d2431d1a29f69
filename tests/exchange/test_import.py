"""Records become listings once, are linked, and later imports change only what changed."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from facilities.catalogue.actions import update_listing
from facilities.catalogue.models import Instrument, Kind, Listing, Organisation, RevisionAct, SourceRecord
from facilities.db import db
from facilities.exchange.records.importing import Outcome
from tests.exchange.conftest import CYTOMETER

Take = Callable[..., Outcome]
pytestmark = pytest.mark.usefixtures("app_on")


def only(kind: Kind) -> Any:
    db.session.expire_all()
    return db.session.scalars(sa.select(Listing).where(Listing.kind == kind)).one()


def counts(outcome: Outcome) -> tuple[int, int, int, int]:
    return outcome.created, outcome.updated, outcome.unchanged, outcome.rejected


def test_a_record_becomes_a_listing_with_its_source_and_place(take: Take) -> None:
    assert counts(take(CYTOMETER)) == (1, 0, 0, 0)
    instrument = only(Kind.INSTRUMENT)
    assert (instrument.city, instrument.country, instrument.lat) == ("Bergen", "NO", 60.39)
    [origin] = instrument.source_records
    assert (origin.source, origin.source_id, origin.licence) == ("lab", "lab:1", "CC0-1.0")


def test_institution_and_facility_are_made_once_and_linked(take: Take) -> None:
    second = CYTOMETER | {"id": "lab:2", "name": "LSRFortessa", "institution": "University of  Bergen (UiB)"}
    assert take(CYTOMETER, second).added == 2
    facility, organisation = only(Kind.FACILITY), only(Kind.ORGANISATION)
    assert facility.parent is organisation
    assert {child.name for child in facility.children} == {"FACSAria III cell sorter", "LSRFortessa"}
    assert all(child.organisation is organisation for child in facility.children)


def test_institutions_of_one_name_in_two_countries_stay_two(take: Take) -> None:
    take(CYTOMETER, CYTOMETER | {"id": "lab:2", "country": "SE"})
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Organisation)) == 2


def test_an_organisation_known_only_by_name_becomes_the_record_that_comes_later(take: Take) -> None:
    take(CYTOMETER)
    outcome = take(
        {
            "id": "ror:1",
            "type": "organisation",
            "name": "University of Bergen",
            "country": "NO",
            "ror": "https://ror.org/03zga2b32",
            "source": "ror",
        }
    )
    assert outcome.created == 0
    assert only(Kind.ORGANISATION).ror == "03zga2b32"


def test_a_ror_id_recognises_a_listing_of_another_source(take: Take) -> None:
    first = {
        "id": "a",
        "type": "company",
        "name": "Acib",
        "country": "AT",
        "ror": "https://ror.org/03dm7dd93",
    }
    take(
        first | {"source": "one"},
        first | {"source": "two", "name": "ACIB GmbH", "url": "https://www.acib.at"},
    )
    organisation = only(Kind.ORGANISATION)
    assert (organisation.name, organisation.url) == ("Acib", "https://www.acib.at")
    assert [record.source for record in organisation.source_records] == ["one", "two"]


def test_importing_the_same_file_again_changes_nothing(take: Take) -> None:
    take(CYTOMETER)
    again = take(CYTOMETER)
    assert counts(again) == (0, 0, 1, 0)
    assert again.changed == set()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SourceRecord)) == 3


def test_an_edited_file_updates_only_what_changed(take: Take) -> None:
    take(CYTOMETER)
    update_listing(only(Kind.INSTRUMENT), {"summary": "Sorts four ways"}, by="owner")
    assert counts(take(CYTOMETER | {"model": "FACSAria III"})) == (0, 1, 0, 0)
    instrument = only(Kind.INSTRUMENT)
    assert (instrument.model, instrument.summary) == ("FACSAria III", "Sorts four ways")
    assert instrument.revisions[-1].act == RevisionAct.IMPORTED
    assert instrument.revisions[-1].changes == {"model": ["", "FACSAria III"]}


def test_a_field_that_leaves_the_file_leaves_the_listing(take: Take) -> None:
    take(
        CYTOMETER | {"url": "https://example.org/facs", "links": [{"label": "Manual", "url": "https://example.org/m"}]}
    )
    take(CYTOMETER)
    instrument = only(Kind.INSTRUMENT)
    assert (instrument.url, instrument.links) == ("", [])


def test_what_an_owner_changed_stays_while_the_source_says_nothing_new(take: Take) -> None:
    take(CYTOMETER)
    update_listing(only(Kind.INSTRUMENT), {"name": "Cell sorter"}, by="owner")
    take(CYTOMETER | {"room": "B12"})
    assert only(Kind.INSTRUMENT).name == "Cell sorter"


def test_a_child_may_come_before_its_parent(take: Take) -> None:
    take(
        {"id": "i", "type": "instrument", "name": "Krios", "parent": "f"},
        {"id": "f", "type": "facility", "name": "Cryo-EM", "parent": "o"},
        {"id": "o", "type": "organisation", "name": "Institute"},
    )
    instrument = only(Kind.INSTRUMENT)
    assert [listing.name for listing in instrument.lineage()] == ["Krios", "Cryo-EM", "Institute"]
    assert instrument.organisation.name == "Institute"


def test_parents_in_a_circle_do_not_hang_the_import(take: Take) -> None:
    take(
        {"id": "a", "type": "facility", "name": "A", "parent": "b"},
        {"id": "b", "type": "facility", "name": "B", "parent": "a"},
    )
    listings = list(db.session.scalars(sa.select(Listing)))
    assert all(listing.organisation_id is None for listing in listings)
    assert any(listing.parent_id is None for listing in listings)


@pytest.mark.usefixtures("vocabulary")
def test_techniques_and_categories_are_tagged_where_the_vocabulary_knows_them(take: Take) -> None:
    take(CYTOMETER)
    slugs = {technique.slug for technique in only(Kind.INSTRUMENT).techniques}
    assert {"cell-sorting", "flow-cytometry"} & slugs
    assert only(Kind.INSTRUMENT).categories


def test_a_dry_run_says_what_would_change_and_saves_nothing(take: Take) -> None:
    outcome = take(CYTOMETER, dry_run=True)
    assert counts(outcome) == (1, 0, 0, 0)
    assert not outcome.saved
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Instrument)) == 0


def test_what_stands_below_a_facility_moves_with_it(take: Take) -> None:
    facility = {
        "id": "f",
        "type": "facility",
        "name": "Cryo-EM",
        "institution": "Old University",
        "country": "SE",
    }
    take(facility, {"id": "i", "type": "instrument", "name": "Krios", "parent": "f"})
    take(facility | {"institution": "New University"})
    assert only(Kind.INSTRUMENT).organisation.name == "New University"
