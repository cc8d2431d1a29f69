"""What nobody may publish, see or get letters about without a desk: on both databases."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from facilities.accounts.models import User
from facilities.catalogue.models import Listing, Status
from facilities.db import db, now
from facilities.formats import site_today
from facilities.needs import actions
from facilities.needs.models import NeedState, NeedWatch, PublicNeed
from facilities.needs.nightly import look_after_needs
from facilities.networks.models import Network
from facilities.outbox.letters import note_sent
from facilities.outbox.models import StoredLetter
from tests.needs.cast import WANTED, Cast, letters, need_at

TOMORROW = timedelta(days=1)


def watching(cast: Cast) -> None:
    cast.pages("fia").post("/needs/watch", data={"listing": cast.listings["filler"].id})
    assert db.session.scalar(sa.select(NeedWatch.id)) is not None


def test_a_need_that_no_desk_has_let_through_cannot_be_published_as_met(cast_on: Cast) -> None:
    waiting, refused = cast_on.posted(), cast_on.posted(title="Another filling")
    cast_on.decide(refused, "refuse", reason="Not here")
    for need in (waiting, refused):
        answer = cast_on.pages("maja").post(need.path, data={"act": "met"}, follow_redirects=True)
        assert "cannot be marked as met" in answer.text
        assert need_at(need.path).state != NeedState.MET
        assert cast_on.app.test_client().get(need.path).status_code == 404
    assert WANTED not in cast_on.app.test_client().get("/needs?ended=1").text


def test_nobody_is_written_to_about_a_need_that_is_over_when_the_desk_publishes_it(cast_on: Cast) -> None:
    watching(cast_on)
    need = cast_on.posted()
    db.session.execute(sa.update(PublicNeed).values(ends_on=site_today() - TOMORROW))
    db.session.commit()
    cast_on.decide(need, "publish")
    assert letters("decided") and letters("found") == []


def test_nobody_is_written_to_about_a_need_whose_organisation_or_network_is_not_public(cast_on: Cast) -> None:
    watching(cast_on)
    in_network = cast_on.posted(network=cast_on.network.id)
    alone = cast_on.posted()
    db.session.execute(sa.update(Network).values(published=False))
    db.session.commit()
    cast_on.decide(in_network, "publish")
    db.session.execute(
        sa.update(Listing)
        .where(Listing.id == cast_on.listings["poster"].id)
        .values(status=Status.WITHDRAWN, withdrawn_at=now())
    )
    db.session.commit()
    cast_on.decide(alone, "publish")
    look_after_needs(now() + TOMORROW)
    assert letters("found") == letters("matches") == []


def test_who_posted_a_need_gets_no_letters_about_it_after_leaving_the_organisation(cast_on: Cast) -> None:
    need = cast_on.posted()
    maja = db.session.get_one(User, cast_on.people["maja"].id)
    maja.grants.clear()
    db.session.commit()
    cast_on.decide(need, "publish")
    look_after_needs(now() + 60 * TOMORROW)
    assert letters() == []


def test_a_form_sent_again_with_other_words_or_by_somebody_else_is_another_need(cast_on: Cast) -> None:
    first = cast_on.posted()
    second = cast_on.posted(title="Aseptic filling of vials")
    others = cast_on.posted("fia", organisation=cast_on.listings["filler"].id)
    assert len({first.id, second.id, others.id}) == 3
    assert need_at(second.path).title == "Aseptic filling of vials"
    assert cast_on.posted().id == first.id


def test_an_organisation_posts_only_so_many_needs_a_day(cast_on: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_IN_DAY", 2)
    cast_on.posted(), cast_on.posted(title="Second")
    third = cast_on.post(title="Third thing")
    assert third.status_code == 422 and "tomorrow" in third.text and "Third thing" in third.text
    assert cast_on.posted("fia", organisation=cast_on.listings["filler"].id).id


def test_leaving_a_suggestion_out_leads_back_to_the_desks_page_of_the_need_and_nowhere_else(cast_on: Cast) -> None:
    need = cast_on.posted(network=cast_on.network.id)
    desk, own = cast_on.pages("nils"), f"/manage/networks/fillers/needs/{need.id}"
    for back, leads in {
        own: own,
        "": need.path,
        "//evil.example": need.path,
        "/moderate/public-needs/\r\nX: y": need.path,
        "/manage/networks/../../evil": need.path,
    }.items():
        assert desk.post(f"{need.path}/suggestions", data={"back": back}).location == leads


def edited(cast: Cast, need: PublicNeed, **answers: object) -> PublicNeed:
    """The need after its poster has handed it in again."""
    need = need_at(need.path)
    said = {"organisation": need.organisation_id, "network": 0, "title": WANTED, "text": "", "language": "en"}
    said |= {"ends_on": need.ends_on.isoformat(), "act": "post", "version": need.version}
    assert cast.pages("maja").post(f"{need.path}/edit", data=said | answers).status_code == 303
    return need_at(need.path)


def taken_back(cast: Cast, need: PublicNeed) -> int:
    """What visitors are answered about the need once it is withdrawn."""
    assert cast.pages("maja").post(need.path, data={"act": "withdraw"}).status_code == 303
    return cast.app.test_client().get(need.path).status_code


def test_visitors_are_told_that_a_need_was_withdrawn_only_if_they_could_read_it(cast: Cast) -> None:
    never = cast.posted()
    assert taken_back(cast, never) == 404
    refused = cast.posted(title="Second thing")
    cast.decide(refused, "refuse", reason="Not here")
    assert taken_back(cast, refused) == 404
    again = cast.posted(title="Third thing")
    cast.decide(again, "refuse", reason="Not here")
    edited(cast, again, title="Third thing, better")
    assert taken_back(cast, again) == 404
    hidden = cast.published(title="Fourth thing", network=cast.network.id)
    db.session.execute(sa.update(Network).values(published=False))
    db.session.commit()
    assert taken_back(cast, hidden) == 404

    public = cast.published(title="Fifth thing")
    edited(cast, public, title="Fifth thing, longer")
    assert taken_back(cast, public) == 410
    assert taken_back(cast, cast.posted("desk", organisation=cast.listings["poster"].id, title="Sixth thing")) == 410


def told() -> list[str]:
    """Who got letters about needs that wait, in turn; all are sent by now."""
    found = db.session.scalars(sa.select(StoredLetter).filter_by(name="need_waits").order_by(StoredLetter.id)).all()
    for letter in found:
        note_sent(letter)
    db.session.commit()
    return [letter.to for letter in found]


def test_a_desk_gets_one_letter_a_day_about_a_need_that_goes_to_and_fro(cast_on: Cast) -> None:
    need = cast_on.posted()
    site, nils = cast_on.app.config["DESK_EMAIL"], "nils.network@example.org"
    assert told() == [site]
    for number in range(3):
        edited(cast_on, need, title=f"Filling {number}", network=cast_on.network.id)
        edited(cast_on, need, title=f"Filling {number}")
        assert taken_back(cast_on, need) == 404
        edited(cast_on, need, title=f"Filling again {number}")
    assert told() == [site, nils]
    other = cast_on.posted(title=f"As in #{need.id}", form_id="other")
    assert told() == [site, nils, site]

    cast_on.decide(need_at(need.path), "refuse", reason="Say how much.")
    edited(cast_on, need, title="Filling, two litres")
    assert told() == [site, nils, site, site]
    db.session.execute(sa.update(StoredLetter).values(written_at=now() - 2 * TOMORROW))
    db.session.commit()
    edited(cast_on, other, network=cast_on.network.id)
    edited(cast_on, other)
    assert told()[4:] == [nils, site]


def test_the_letter_to_the_desk_makes_no_links_of_what_somebody_wrote(cast: Cast) -> None:
    db.session.get_one(Listing, cast.listings["poster"].id).name = "Poster evil-name.com"
    db.session.commit()
    need = cast.posted(title="Buy at http://evil-title.com now", text="Click www.evil-text.com or a@evil-mail.com")
    letter = db.session.scalars(sa.select(StoredLetter).filter_by(name="need_waits")).one()
    for words in (letter.subject, letter.text, letter.html):
        assert "evil-title[.]com" in words
        assert not any(f"evil-{place}.com" in words for place in ("title", "name", "text", "mail"))
    for words in (letter.text, letter.html):
        assert "evil-text[.]com" in words and "evil-mail[.]com" in words and "evil-name[.]com" in words
    assert f"/moderate/public-needs/{need.id}" in letter.text
