"""Two listings of the same thing become one, and can be taken apart again."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from facilities.accounts.models import Grant, OwnerRole
from facilities.catalogue import content
from facilities.catalogue.actions import create_listing, move_listing, update_listing, withdraw_listing
from facilities.catalogue.history import content_at
from facilities.catalogue.models import Kind, Listing, RevisionAct, Source, SourceRecord, Status
from facilities.catalogue.queries.merged import survivors
from facilities.db import db
from facilities.enquiries.models import AnswerTemplate, DailyNumber, NeedMatch, Thread
from facilities.exchange.records.importing import import_records
from facilities.moderation.duplicates import mark_different
from facilities.moderation.merging import CannotMerge, Unmerged, merge_listings, unmerge
from facilities.moderation.models import (
    Claim,
    Duplicate,
    Merge,
    PairState,
    Proposal,
    ProposalState,
    Report,
    ReportReason,
)
from facilities.moderation.proposals import propose_changes
from facilities.search.index import check, rebuild
from tests.enquiry_cast import enquiry_to
from tests.people import add_user
from tests.vocabulary import add_technique

ROR = "048a87296"


def new(kind: Kind, name: str, parent: Listing | None = None, **fields: object) -> Listing:
    return create_listing(kind, {"name": name, **fields}, parent=parent, by="test", status=Status.PUBLISHED)


def merged(kept: Listing, other: Listing, **fields: object) -> Merge:
    return merge_listings(kept, other, fields=fields, by="Dora Desk")


@pytest.fixture
def pair(app_on: Flask) -> tuple[Listing, Listing]:
    """Two organisations that are the same; the second has the ROR id, a facility and an instrument below that."""
    rebuild()
    kept = new(Kind.ORGANISATION, "Skerry University", country="SE", city="Uppsala")
    other = new(Kind.ORGANISATION, "University of Skerry", country="SE", ror=ROR, url="https://skerry.example.org")
    lab = new(Kind.FACILITY, "Lumen Imaging", other)
    new(Kind.INSTRUMENT, "Zeiss LSM 880", lab)
    return kept, other


def test_the_kept_listing_says_what_was_chosen_and_takes_the_name_along(pair: tuple[Listing, Listing]) -> None:
    kept, other = pair

    merged(kept, other, url="https://skerry.example.org")

    assert (kept.url, kept.ror, kept.other_names) == ("https://skerry.example.org", ROR, ["University of Skerry"])
    assert (other.status, other.successor, other.ror) == (Status.MERGED, kept, None)
    assert [each.act for each in (kept.revisions[-1], other.revisions[-1])] == [RevisionAct.MERGED] * 2
    assert kept.revisions[-1].changes["url"] == ["", "https://skerry.example.org"]


def test_all_below_moves_along_and_search_agrees(pair: tuple[Listing, Listing]) -> None:
    kept, other = pair

    merged(kept, other)

    below = db.session.scalars(sa.select(Listing).where(Listing.organisation_id == kept.id)).all()
    assert sorted(each.name for each in below) == ["Lumen Imaging", "Zeiss LSM 880"]
    assert not check()


def test_enquiries_templates_sources_reports_and_claims_move_along(pair: tuple[Listing, Listing]) -> None:
    kept, other = pair
    add_followers(other)

    merged(kept, other)

    assert {count_at(kept, table) for table in (Thread, AnswerTemplate, SourceRecord, Report, Claim)} == {1}
    assert {count_at(other, table) for table in (Thread, AnswerTemplate, SourceRecord, Report, Claim)} == {0}


def numbers_at(listing: Listing) -> dict[date, tuple[int, int]]:
    rows = sa.select(DailyNumber.day, DailyNumber.views, DailyNumber.found).where(DailyNumber.listing_id == listing.id)
    return {day: (views, found) for day, views, found in db.session.execute(rows)}


def found_at(listing: Listing) -> set[int]:
    """The enquiries about a need for which the listing was found."""
    return set(db.session.scalars(sa.select(NeedMatch.enquiry_id).where(NeedMatch.listing_id == listing.id)))


def test_visits_and_what_was_found_for_needs_move_along_and_back(pair: tuple[Listing, Listing]) -> None:
    kept, other = pair
    both, one = enquiry_to(), enquiry_to()
    db.session.add_all([both, one])
    db.session.flush()
    shown = {kept: {date(2026, 3, 1): (5, 9)}, other: {date(2026, 3, 1): (2, 4), date(2026, 3, 2): (1, 0)}}
    for listing, days in shown.items():
        for day, (views, found) in days.items():
            db.session.add(DailyNumber(listing_id=listing.id, day=day, views=views, found=found))
    for enquiry, listing in ((both, kept), (both, other), (one, other)):
        db.session.add(NeedMatch(enquiry_id=enquiry.id, listing_id=listing.id))
    db.session.commit()

    merge = merged(kept, other)

    assert numbers_at(kept) == {date(2026, 3, 1): (7, 13), date(2026, 3, 2): (1, 0)}
    assert numbers_at(other) == {}
    assert (found_at(kept), found_at(other)) == ({both.id, one.id}, {both.id})

    assert unmerge(merge, by="Dora Desk").complete
    assert numbers_at(other) == shown[other]
    assert numbers_at(kept)[date(2026, 3, 1)] == shown[kept][date(2026, 3, 1)]
    assert (found_at(kept), found_at(other)) == ({both.id}, {both.id, one.id})


def test_undoing_puts_everything_back(pair: tuple[Listing, Listing]) -> None:
    kept, other = pair
    add_followers(other)
    before = content.read(kept), content.read(other)
    merge = merged(kept, other, url="https://skerry.example.org", description="New words")

    undone = unmerge(merge, by="Dora Desk")

    assert undone == Unmerged()
    assert undone.complete
    assert (content.read(kept), content.read(other)) == before
    assert (other.status, other.successor_id, merge.undone_by) == (Status.PUBLISHED, None, "Dora Desk")
    assert [child.name for child in children_of(other)] == ["Lumen Imaging"]
    assert {count_at(other, table) for table in (Thread, AnswerTemplate, SourceRecord, Report, Claim)} == {1}
    assert not check()


def test_undoing_leaves_and_names_what_has_changed_since(pair: tuple[Listing, Listing]) -> None:
    kept, other = pair
    add_followers(other)
    merge = merged(kept, other, url="https://skerry.example.org", city="Stockholm")
    third = new(Kind.ORGANISATION, "Third University")
    update_listing(kept, {"url": "https://newer.example.org"}, by="test")
    lab = children_of(kept)[0]
    move_listing(lab, third, by="test")
    db.session.execute(sa.delete(Report))
    db.session.commit()

    undone = unmerge(merge, by="Dora Desk")

    assert undone == Unmerged(("url",), (lab.id,), {"reports": 1})
    assert (kept.url, kept.city) == ("https://newer.example.org", "Uppsala")
    assert lab.parent_id == third.id
    assert not check()


def test_names_gathered_by_two_merges_go_one_by_one(pair: tuple[Listing, Listing]) -> None:
    kept, other = pair
    first = merged(kept, other)
    merged(kept, new(Kind.ORGANISATION, "Skerries' University"))

    assert unmerge(first, by="test").complete is True
    assert kept.other_names == ["Skerries' University"]


def test_everyone_with_a_right_on_either_has_the_stronger_one(pair: tuple[Listing, Listing]) -> None:
    kept, other = pair
    add_user("Mia Manager", manager_of=other)
    both = add_user("Ed Editor", editor_of=kept)
    both.grants.append(Grant(listing_id=other.id, role=OwnerRole.MANAGER))
    db.session.commit()

    merge = merged(kept, other)
    assert rights_on(kept) == [("Ed Editor", "manager"), ("Mia Manager", "manager")]

    unmerge(merge, by="test")
    assert rights_on(kept) == [("Ed Editor", "editor")]
    assert rights_on(other) == [("Ed Editor", "manager"), ("Mia Manager", "manager")]


def test_changes_that_wait_at_the_merged_listing_are_closed_with_the_reason(pair: tuple[Listing, Listing]) -> None:
    kept, other = pair
    propose_changes(other, {"city": "Lund"}, by="Ed Editor")
    db.session.commit()

    merge = merged(kept, other)
    proposal = db.session.scalars(sa.select(Proposal)).one()
    assert (proposal.state, proposal.reason) == (
        ProposalState.REJECTED,
        "The listing was merged into “Skerry University”.",
    )

    unmerge(merge, by="test")
    assert (proposal.state, proposal.reason) == (ProposalState.WAITING, "")


def test_pairs_are_settled_and_a_known_difference_holds_for_the_kept_listing(pair: tuple[Listing, Listing]) -> None:
    kept, other = pair
    third, fourth = new(Kind.ORGANISATION, "Third"), new(Kind.ORGANISATION, "Fourth")
    mark_different(other, third, by="test")
    db.session.add(Duplicate(first_id=other.id, second_id=fourth.id))
    db.session.commit()

    merge = merged(kept, other)
    assert pairs() == {
        (kept.id, other.id): PairState.MERGED,
        (other.id, third.id): PairState.DIFFERENT,
        (kept.id, third.id): PairState.DIFFERENT,
        (other.id, fourth.id): PairState.MERGED,
    }

    unmerge(merge, by="test")
    assert pairs() == {(other.id, third.id): PairState.DIFFERENT, (other.id, fourth.id): PairState.OPEN}


def test_addresses_lead_through_any_chain_of_merges(app_on: Flask, pair: tuple[Listing, Listing]) -> None:
    kept, other = pair
    third = new(Kind.ORGANISATION, "Third University")
    merged(kept, other)
    chain = merged(third, kept)

    assert survivors([other.id, kept.id, third.id]) == {other.id: third.id, kept.id: third.id}
    with pytest.raises(CannotMerge, match="undo that merge first"):
        unmerge(db.session.scalars(sa.select(Merge).where(Merge.merged_id == other.id)).one(), by="test")

    unmerge(chain, by="test")
    assert survivors([other.id, kept.id]) == {other.id: kept.id}


def test_a_merge_is_undone_once(pair: tuple[Listing, Listing]) -> None:
    merge = merged(*pair)
    unmerge(merge, by="test")

    with pytest.raises(CannotMerge, match="undone already"):
        unmerge(merge, by="test")


def test_only_what_makes_sense_is_merged(pair: tuple[Listing, Listing]) -> None:
    kept, other = pair
    lab = children_of(other)[0]
    draft = create_listing(Kind.ORGANISATION, {"name": "Draft"}, parent=None, by="test")
    below = new(Kind.ORGANISATION, "Faculty", other)
    gone = new(Kind.ORGANISATION, "Gone")
    withdraw_listing(gone, reason="", by="test")

    for first, second in ((kept, kept), (kept, lab), (draft, other), (below, other), (kept, gone), (gone, kept)):
        with pytest.raises(CannotMerge):
            merged(first, second)
        db.session.rollback()
    assert other.status == Status.PUBLISHED


def test_an_import_that_knows_the_old_name_finds_the_kept_listing(
    pair: tuple[Listing, Listing], tmp_path: Path
) -> None:
    kept, other = pair
    merged(kept, other)
    row = {"id": "1", "type": "facility", "name": "Nova Lab", "institution": "University of Skerry", "country": "SE"}
    (tmp_path / "rows.jsonl").write_text(json.dumps(row))

    add_technique("word", "Word")
    import_records(tmp_path / "rows.jsonl", source="register")

    lab = db.session.scalars(sa.select(Listing).where(Listing.name == "Nova Lab")).one()
    assert lab.parent_id == kept.id


def test_two_of_the_desk_who_merge_a_pair_both_ways_at_once_merge_it_once(
    app_on: Flask, pair: tuple[Listing, Listing]
) -> None:
    ids = [listing.id for listing in pair]
    db.session.rollback()
    start = Barrier(2)

    def merge(kept_id: int, merged_id: int) -> bool:
        with app_on.app_context():
            kept, other = (db.session.get_one(Listing, each) for each in (kept_id, merged_id))
            start.wait()
            try:
                merged(kept, other)
            except CannotMerge:
                return False
            return True

    with ThreadPoolExecutor(2) as desk:
        done = list(desk.map(merge, ids, reversed(ids)))

    assert sorted(done) == [False, True]
    assert db.session.scalar(sa.select(sa.func.count(Merge.id))) == 1
    assert not check()


def test_the_history_tells_what_both_said_before(pair: tuple[Listing, Listing]) -> None:
    kept, other = pair
    before = content.read(kept), content.read(other)
    versions = kept.version, other.version

    merged(kept, other, description="New words")

    assert (content_at(kept, versions[0]), content_at(other, versions[1])) == before


def test_old_addresses_and_chosen_listings_lead_to_the_kept_one(app: Flask, client: FlaskClient) -> None:
    kept = new(Kind.FACILITY, "Lumen Imaging", contacts=[{"role": "Manager", "email": "m@example.org"}])
    other = new(Kind.FACILITY, "Lumen Imaging Core", url="https://lumen.example.org")
    old = other.path
    with client.session_transaction() as session:
        session["shortlist"] = [other.id]
    merged(kept, other)

    for address in (f"{old}?lang=sv", f"/listings/{other.id}?lang=sv"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (301, f"{kept.path}?lang=sv")
    assert kept.name in client.get("/enquiries/shortlist").text
    assert client.get(f"/enquiries/new?listing={other.id}").text.count('name="listing" value=') == 1


def test_a_withdrawn_listing_names_what_its_successor_became(app: Flask, client: FlaskClient) -> None:
    kept, other = new(Kind.FACILITY, "Lumen Imaging"), new(Kind.FACILITY, "Lumen Core")
    gone = new(Kind.FACILITY, "Old Lab")
    withdraw_listing(gone, reason="Closed", by="test", successor=other)
    merged(kept, other)

    answer = client.get(gone.path)

    assert answer.status_code == 410
    assert kept.path in answer.text


def add_followers(listing: Listing) -> None:
    """One of each thing that points at a listing."""
    user = add_user("Clara Claimant")
    db.session.add_all(
        [
            enquiry_to(listing),
            Source(name="register", title="Register"),
            Report(listing_id=listing.id, reason=ReportReason.OUTDATED),
            Claim(listing_id=listing.id, user_id=user.id),
            AnswerTemplate(listing_id=listing.id, name="Prices", body="See the list."),
        ]
    )
    db.session.flush()
    db.session.add(SourceRecord(source="register", source_id="1", listing_id=listing.id))
    db.session.commit()


def count_at(listing: Listing, table: type[Thread | AnswerTemplate | SourceRecord | Report | Claim]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(table.listing_id == listing.id)) or 0


def children_of(listing: Listing) -> list[Listing]:
    return list(db.session.scalars(sa.select(Listing).where(Listing.parent_id == listing.id)))


def rights_on(listing: Listing) -> list[tuple[str, str]]:
    grants = db.session.scalars(sa.select(Grant).where(Grant.listing_id == listing.id))
    return sorted((grant.user.name, grant.role.value) for grant in grants)


def pairs() -> dict[tuple[int, int], PairState]:
    return {(pair.first_id, pair.second_id): pair.state for pair in db.session.scalars(sa.select(Duplicate))}
