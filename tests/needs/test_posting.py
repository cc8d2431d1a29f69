"""Posting a public need, changing it, and who decides about it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from facilities.db import db, now
from facilities.needs.models import NeedState, PublicNeed
from facilities.networks.models import NetworkAct
from facilities.outbox.models import StoredLetter
from tests.needs.cast import WANTED, Cast, letters, need_at


def test_a_need_waits_for_the_desk_and_nobody_else_reads_it(cast: Cast) -> None:
    need = cast.posted()
    visitor = cast.app.test_client()
    assert need.state == NeedState.WAITING
    assert visitor.get(need.path).status_code == 404
    assert WANTED not in visitor.get("/needs").text
    assert cast.pages("fia").get(need.path).status_code == 404
    assert "waits for the desk" in cast.pages("maja").get(need.path).text
    assert WANTED in cast.pages("desk").get("/moderate/public-needs").text


def test_the_same_form_sent_twice_is_one_need(cast: Cast) -> None:
    assert cast.posted().id == cast.posted().id
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PublicNeed)) == 1


def test_looking_at_matches_first_keeps_nothing(cast: Cast) -> None:
    page = cast.post(act="preview").text
    assert "Aseptic filling" in page and f'value="{WANTED}"' in page
    assert db.session.scalar(sa.select(PublicNeed.id)) is None


def test_a_form_says_what_is_missing_and_keeps_what_was_typed(cast: Cast) -> None:
    late = (now().date() + timedelta(days=800)).isoformat()
    answer = cast.post(title="", text="Ten litres, twice", ends_on=late)
    assert answer.status_code == 422
    assert "Write in a few words" in answer.text and "within a year" in answer.text
    assert "Ten litres, twice" in answer.text and late in answer.text


@pytest.mark.parametrize("typed", ["31/12/2026", "soon", "0001-01-01", "9999-12-31"])
def test_a_last_day_that_cannot_be_is_shown_again_beside_what_to_do(cast: Cast, typed: str) -> None:
    need = cast.posted()
    said = {"organisation": need.organisation_id, "network": 0, "title": WANTED, "language": "en", "ends_on": typed}
    edited = cast.pages("maja").post(f"{need.path}/edit", data=said | {"act": "post", "version": need.version})
    for answer in (cast.post(ends_on=typed), cast.post(ends_on=typed, act="preview"), edited):
        assert answer.status_code == 422
        assert "Last day: " in answer.text and f'value="{typed}"' in answer.text
        assert ("year-month-day" in answer.text) == (not typed[:4].isdigit())


def test_a_need_is_posted_only_for_organisations_one_edits_and_in_their_networks(cast: Cast) -> None:
    assert cast.post(organisation=cast.listings["filler"].id).status_code == 422
    other = cast.network.id + 1
    assert cast.post(network=other).status_code == 422
    assert "you edit none yet" in cast.pages("nils").get("/needs/new").text


def test_what_the_desk_posts_is_open_at_once(cast: Cast) -> None:
    need = cast.posted("desk", organisation=cast.listings["choir"].id)
    assert need.state == NeedState.OPEN
    assert cast.app.test_client().get(need.path).status_code == 200


def test_a_networks_desk_decides_about_what_is_posted_in_it_and_no_other_networks_does(cast: Cast) -> None:
    need = cast.posted(network=cast.network.id)
    base = "/manage/networks/fillers/needs"
    assert WANTED not in cast.pages("desk").get("/moderate/public-needs").text
    assert WANTED in cast.pages("desk").get("/moderate/public-needs?all=1").text
    assert cast.decide(need, "publish", person="otto", base=base).status_code == 403
    assert cast.decide(need, "publish", person="otto", base="/manage/networks/others/needs").status_code == 404
    assert WANTED in cast.pages("nils").get(base).text
    assert cast.decide(need, "publish", person="nils", base=base).status_code == 303
    assert need_at(need.path).state == NeedState.OPEN
    assert WANTED in cast.app.test_client().get("/networks/fillers/needs").text
    assert WANTED not in cast.app.test_client().get("/networks/others/needs").text
    [act] = db.session.scalars(sa.select(NetworkAct))
    assert (act.what, act.made_by) == ("need_published", "Nils Network")


def test_a_refusal_needs_a_reason_which_its_poster_gets(cast: Cast) -> None:
    need = cast.posted()
    assert cast.decide(need, "refuse").status_code == 422
    assert cast.decide(need, "refuse", reason="Name the batch size.").status_code == 303
    [letter] = letters()
    assert letter.to == "maja.manager@example.org" and "Name the batch size." in letter.text
    assert "Name the batch size." in cast.pages("maja").get(need.path).text
    assert cast.app.test_client().get(need.path).status_code == 404


def test_other_words_wait_again_and_a_longer_time_does_not(cast: Cast) -> None:
    need = cast.published()
    longer = (now().date() + timedelta(days=90)).isoformat()
    same = {"organisation": need.organisation_id, "network": 0, "title": WANTED, "language": "en", "act": "post"}
    pages = cast.pages("maja")
    pages.post(f"{need.path}/edit", data=same | {"ends_on": longer, "version": need.version})
    need = need_at(need.path)
    assert (need.state, need.ends_on.isoformat()) == (NeedState.OPEN, longer)
    pages.post(f"{need.path}/edit", data=same | {"title": "Premises", "ends_on": longer, "version": need.version})
    assert need_at(need.path).state == NeedState.WAITING


def test_of_two_who_change_a_need_the_second_is_told(cast: Cast) -> None:
    need = cast.posted()
    said = {"organisation": need.organisation_id, "network": 0, "title": "Mine", "language": "en", "act": "post"}
    said |= {"ends_on": need.ends_on.isoformat(), "version": need.version}
    assert cast.pages("maja").post(f"{need.path}/edit", data=said).status_code == 303
    answer = cast.pages("desk").post(f"{need.path}/edit", data=said | {"title": "Theirs"})
    assert answer.status_code == 422 and "Somebody has changed this need" in answer.text
    assert need_at(need.path).title == "Mine"


def test_a_met_need_is_listed_among_those_and_a_withdrawn_one_nowhere(cast: Cast) -> None:
    need = cast.published()
    visitor = cast.app.test_client()
    cast.pages("maja").post(need.path, data={"act": "met"})
    assert WANTED not in visitor.get("/needs").text
    assert WANTED in visitor.get("/needs?ended=1").text
    assert f"need={need.id}" not in visitor.get(need.path).text
    cast.pages("maja").post(need.path, data={"act": "withdraw"})
    gone = visitor.get(need.path)
    assert gone.status_code == 410
    assert "This need was withdrawn" in gone.text and 'href="/needs"' in gone.text
    assert WANTED not in gone.text
    assert cast.pages("maja").get(need.path).status_code == 200
    assert WANTED not in visitor.get("/needs?ended=1").text


def test_the_desk_that_decides_gets_one_letter_about_a_need_that_waits(cast: Cast) -> None:
    need = cast.posted()
    [told] = waiting_letters()
    assert (told.to, WANTED in told.subject) == (cast.app.config["DESK_EMAIL"], True)
    assert f"/moderate/public-needs/{need.id}\n" in told.text and f"/moderate/public-needs/{need.id}" in told.html
    said = {"organisation": need.organisation_id, "network": 0, "title": "Cold rooms", "language": "en", "act": "post"}
    said |= {"ends_on": need.ends_on.isoformat()}
    cast.pages("maja").post(f"{need.path}/edit", data=said | {"version": need.version})
    assert len(waiting_letters()) == 1
    moved = need_at(need.path)
    cast.pages("maja").post(f"{need.path}/edit", data=said | {"version": moved.version, "network": cast.network.id})
    [_first, second] = waiting_letters()
    assert second.to == "nils.network@example.org"
    assert f"/manage/networks/fillers/needs/{need.id}\n" in second.text
    cast.posted(person="desk", form_id="desks")
    assert len(waiting_letters()) == 2


def waiting_letters() -> list[StoredLetter]:
    return list(db.session.scalars(sa.select(StoredLetter).filter_by(name="need_waits").order_by(StoredLetter.id)))
