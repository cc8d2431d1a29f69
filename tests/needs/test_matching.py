"""What search finds for a need, and whom is told of it: on both databases."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from facilities.accounts.erasure import erase_account
from facilities.accounts.models import User
from facilities.accounts.personal_data import personal_data
from facilities.catalogue.models import Kind
from facilities.catalogue.queries.loading import listing_to_change
from facilities.db import db, now
from facilities.moderation.merging import merge_listings, unmerge
from facilities.needs.matching import MOST_OF_ONE, match_need, suggestions_of
from facilities.needs.models import NeedState, NeedWatch, PublicNeed
from facilities.needs.nightly import look_after_needs
from facilities.search.index import follow, rebuild
from tests.listings import add
from tests.needs.cast import WANTED, Cast, letters, need_at
from tests.people import add_user

TOMORROW = timedelta(days=1)


def found_for(need: PublicNeed) -> list[str]:
    return [each.listing.name for each in suggestions_of(need.id) if each.dropped_at is None]


def watch(cast: Cast, person: str, listing: str) -> None:
    cast.pages(person).post("/needs/watch", data={"listing": cast.listings[listing].id})


def test_a_need_is_matched_with_others_and_few_of_each(cast_on: Cast) -> None:
    found = found_for(cast_on.posted())
    assert "Aseptic filling" in found
    assert "Own filling" not in found and "Choir Society" not in found
    assert sum(name.startswith("Filling line") for name in found) == MOST_OF_ONE


def test_what_was_left_out_stays_out_and_what_no_longer_fits_is_forgotten(cast_on: Cast) -> None:
    need = cast_on.posted()
    [first, *_others] = [each for each in suggestions_of(need.id) if each.listing.name == "Aseptic filling"]
    cast_on.pages("maja").post(f"{need.path}/suggestions", data={"suggestion": first.id})
    match_need(need.id)
    assert "Aseptic filling" not in found_for(need)
    db.session.execute(sa.update(PublicNeed).values(title="choir society"))
    db.session.commit()
    match_need(need.id)
    assert found_for(need) == ["Choir Society"]


def test_nothing_is_mailed_before_a_desk_has_published_it(cast_on: Cast) -> None:
    watch(cast_on, "fia", "filler")
    need = cast_on.posted()
    look_after_needs(now() + TOMORROW)
    assert letters() == []
    cast_on.decide(need, "publish")
    to = {letter.name: letter for letter in letters()}
    assert set(to) == {"public_need_decided", "public_need_found"}
    assert to["public_need_found"].to == "fia.filler@example.org"
    assert "Filling line" in to["public_need_decided"].text
    assert "Filling line" not in to["public_need_found"].text


def test_each_mailbox_gets_one_letter_about_a_need_and_its_link_ends_them(cast_on: Cast) -> None:
    watch(cast_on, "fia", "filler")
    add(Kind.SERVICE, "Second line", parent=cast_on.listings["filler"], summary=WANTED)
    rebuild()
    need = cast_on.published()
    [letter] = letters("found")
    assert "Aseptic filling" in letter.text and "Second line" in letter.text
    add(Kind.FACILITY, "Filling hall", parent=cast_on.listings["many"], summary=WANTED)
    rebuild()
    look_after_needs(now() + TOMORROW)
    assert len(letters("found")) == 1
    visitor = cast_on.app.test_client()
    assert visitor.get(letter.unsubscribe).status_code == 200
    assert db.session.scalar(sa.select(NeedWatch.id)) is not None
    assert visitor.post(letter.unsubscribe).status_code == 200
    assert db.session.scalar(sa.select(NeedWatch.id)) is None
    assert visitor.post(letter.unsubscribe[:-9] + "/end").status_code == 404
    assert need_at(need.path).state == NeedState.OPEN


def test_what_is_new_in_the_catalogue_is_told_once(cast_on: Cast) -> None:
    need = cast_on.published()
    company = add(Kind.ORGANISATION, "New Fills", summary=WANTED)
    cast_on.people["nora"] = _manager(company)
    cast_on.listings["new"] = company
    watch(cast_on, "nora", "new")
    rebuild()
    for day in (1, 2):
        assert look_after_needs(now() + day * TOMORROW) == 1
    [to_poster], [to_watcher] = letters("matches"), letters("found")
    assert "New Fills" in to_poster.text and "Aseptic filling" not in to_poster.text
    assert to_watcher.to == "nora@example.org"
    assert need_at(need.path).version == need.version


def test_who_answers_for_it_no_longer_is_not_told(cast_on: Cast) -> None:
    watch(cast_on, "fia", "filler")
    fia = db.session.get_one(User, cast_on.people["fia"].id)
    fia.grants.clear()
    db.session.commit()
    cast_on.published()
    assert letters("found") == []


def test_a_poster_is_told_once_that_a_need_has_ended(cast_on: Cast) -> None:
    need = cast_on.published()
    after = now() + timedelta(days=42)
    for day in range(3):
        look_after_needs(after + day * TOMORROW)
    [letter] = letters("ended")
    assert letter.to == "maja.manager@example.org" and need.title in letter.subject


def test_needs_and_letters_follow_a_merged_organisation_and_come_back(cast_on: Cast) -> None:
    watch(cast_on, "fia", "filler")
    need = cast_on.published()
    kept = cast_on.listings["choir"]
    merge = merge_listings(kept, _anew(cast_on, "poster"), fields={}, by="test")
    assert need_at(need.path).organisation_id == kept.id
    unmerge(merge, by="test")
    assert need_at(need.path).organisation_id == cast_on.listings["poster"].id
    follow()
    merge_listings(kept, _anew(cast_on, "filler"), fields={}, by="test")
    assert db.session.scalars(sa.select(NeedWatch.listing_id)).all() == [kept.id]


def test_an_erased_account_leaves_its_need_without_its_name(cast_on: Cast) -> None:
    watch(cast_on, "maja", "poster")
    need = cast_on.published()
    maja = db.session.get_one(User, cast_on.people["maja"].id)
    told = personal_data(maja)
    assert told["public_needs"][0]["title"] == WANTED and len(told["letters_about_needs"]) == 1
    cast_on.people["also"] = _manager(cast_on.listings["poster"])
    erase_account(db.session.get_one(User, maja.id))
    left = need_at(need.path)
    assert (left.posted_by_id, left.posted_by) == (None, "A former user")
    assert db.session.scalar(sa.select(NeedWatch.id)) is None


def _manager(listing: Any) -> User:
    return add_user("Nora", manager_of=listing)


def _anew(cast: Cast, name: str) -> Any:
    return listing_to_change(cast.listings[name].id)
