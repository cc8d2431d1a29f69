"""A listing's way through its life: handed in, published, withdrawn, brought back, put away, planned to go."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from facilities.accounts.models import SiteRole
from facilities.catalogue.actions import archive_listing, schedule_withdrawal
from facilities.catalogue.models import (
    Kind,
    Review,
    Revision,
    RevisionAct,
    Status,
)
from facilities.db import db, now
from facilities.manage.life import withdraw_due
from facilities.moderation.models import Decision, DecisionAct
from facilities.outbox.models import StoredLetter
from facilities.search.index import follow
from tests.counting import statements
from tests.listings import add, small_catalogue
from tests.manage.owner_pages import Cast, anew, owner_pages
from tests.people import add_user


def life(listing: Any, step: str = "") -> str:
    return f"/manage/listings/{listing.id}/life" + (f"/{step}" if step else "")


def set_status(listing: Any, status: Status) -> None:
    listing.status = status
    db.session.commit()


def acts(listing: Any) -> list[RevisionAct]:
    query = sa.select(Revision.act).where(Revision.listing_id == listing.id).order_by(Revision.version)
    return list(db.session.scalars(query))


def found(pages: FlaskClient, text: str) -> bool:
    return text in pages.get(f"/search?q={text}").text.split("listing-list")[-1]


def test_a_manager_publishes_a_draft(pages: FlaskClient, catalogue: Cast) -> None:
    set_status(catalogue[2], Status.DRAFT)
    assert pages.get(catalogue[2].path).status_code == 404
    assert "Publish now" in pages.get(life(catalogue[2])).text
    assert pages.post(life(catalogue[2], "publish")).status_code == 303
    assert pages.get(catalogue[2].path).status_code == 200
    assert acts(catalogue[2]) == [RevisionAct.PUBLISHED]


def test_an_editor_hands_in_and_takes_back(app: Flask, catalogue: Cast) -> None:
    set_status(catalogue[2], Status.DRAFT)
    editor = owner_pages(app, add_user("Eddie", editor_of=catalogue[1]))
    page = editor.get(life(catalogue[2])).text
    assert "Hand in" in page and "Publish now" not in page
    editor.post(life(catalogue[2], "publish"))
    assert anew(catalogue[2]).status == Status.DRAFT
    editor.post(life(catalogue[2], "hand_in"))
    assert anew(catalogue[2]).status == Status.IN_REVIEW
    editor.post(life(catalogue[2], "take_back"))
    assert anew(catalogue[2]).status == Status.DRAFT
    assert acts(catalogue[2]) == [RevisionAct.SUBMITTED, RevisionAct.EDITED]


def test_publishing_what_an_editor_handed_in_is_a_decision_that_the_editor_is_told(
    app: Flask, pages: FlaskClient, catalogue: Cast
) -> None:
    set_status(catalogue[2], Status.DRAFT)
    owner_pages(app, add_user("Eddie", editor_of=catalogue[1])).post(life(catalogue[2], "hand_in"))
    assert "waits for your word" in pages.get("/manage/").text
    pages.post(life(catalogue[2], "publish"))
    assert anew(catalogue[2]).status == Status.PUBLISHED
    assert db.session.scalars(sa.select(Decision.act)).all() == [DecisionAct.ACCEPTED]
    assert "eddie@example.org" in db.session.scalars(sa.select(StoredLetter.to)).all()


def test_where_the_desk_accepts_managers_hand_in_too(pages: FlaskClient, catalogue: Cast) -> None:
    catalogue[0].review = Review.DESK
    set_status(catalogue[2], Status.DRAFT)
    assert "Publish now" not in pages.get(life(catalogue[2])).text
    pages.post(life(catalogue[2], "publish"))
    assert anew(catalogue[2]).status == Status.DRAFT
    assert "cannot be done now" in pages.get(life(catalogue[2])).text


def test_a_withdrawn_listing_says_since_when_why_and_what_instead(pages: FlaskClient, catalogue: Cast) -> None:
    newer = add(Kind.INSTRUMENT, "Zeiss LSM 980", parent=catalogue[1])
    answer = pages.post(
        life(catalogue[2], "withdraw"), data={"reason": "Worn out", "successor": "zeiss lsm 980", "when": "now"}
    )
    assert answer.status_code == 303
    gone = pages.get(catalogue[2].path)
    assert gone.status_code == 410
    assert "Worn out" in gone.text and "Zeiss LSM 980" in gone.text
    assert anew(catalogue[2]).successor_id == newer.id
    assert not found(pages, "LSM 880</a>")
    page = pages.get(life(catalogue[2])).text
    assert "Bring back" in page and "Visitors are led to" in page
    pages.post(life(catalogue[2], "bring_back"))
    back = anew(catalogue[2])
    assert (back.status, back.withdrawn_reason, back.successor_id) == (Status.PUBLISHED, "", None)
    assert pages.get(catalogue[2].path).status_code == 200


def test_a_reason_is_asked_for_and_what_was_typed_stays(pages: FlaskClient, catalogue: Cast) -> None:
    answer = pages.post(
        life(catalogue[2], "withdraw"), data={"reason": " ", "successor": "Lumen Imaging", "when": "now"}
    )
    assert answer.status_code == 422
    assert "Write why it is withdrawn" in answer.text
    assert 'value="Lumen Imaging"' in answer.text
    assert anew(catalogue[2]).status == Status.PUBLISHED


def test_a_successor_whose_name_means_several_is_asked_for(pages: FlaskClient, catalogue: Cast) -> None:
    one, two = (add(Kind.INSTRUMENT, "Leica SP8", parent=parent) for parent in catalogue[:2])
    typed = {"reason": "Worn out", "successor": "leica sp8", "when": "now"}
    asked = pages.post(life(catalogue[2], "withdraw"), data=typed)
    assert asked.status_code == 422
    assert "Which one is the successor?" in asked.text
    assert "Skerry University" in asked.text and "Choose the successor" in asked.text
    assert pages.post(life(catalogue[2], "withdraw"), data=typed | {"found": str(two.id)}).status_code == 303
    assert anew(catalogue[2]).successor_id == two.id != one.id


def test_a_successor_that_is_nobody_is_said(pages: FlaskClient, catalogue: Cast) -> None:
    typed = {"reason": "Worn out", "successor": "Nothing like it", "when": "now"}
    answer = pages.post(life(catalogue[2], "withdraw"), data=typed)
    assert answer.status_code == 422
    assert "No published listing is called so" in answer.text


def test_what_is_below_goes_only_when_that_is_ticked(pages: FlaskClient, catalogue: Cast) -> None:
    _university, facility, microscope = catalogue
    assert "Withdraw the one listing below it too" in pages.get(life(facility)).text
    typed = {"reason": "Closed", "when": "now"}
    assert pages.post(life(facility, "withdraw"), data=typed).status_code == 422
    assert anew(facility).status == anew(microscope).status == Status.PUBLISHED
    assert pages.post(life(facility, "withdraw"), data=typed | {"below": "y"}).status_code == 303
    assert anew(facility).status == anew(microscope).status == Status.WITHDRAWN
    assert anew(microscope).withdrawn_reason == "Closed"
    assert acts(microscope) == [RevisionAct.WITHDRAWN]
    assert pages.get(microscope.path).status_code == 410


def test_what_went_together_comes_back_together(pages: FlaskClient, catalogue: Cast) -> None:
    _university, facility, microscope = catalogue
    older = add(Kind.INSTRUMENT, "Leica SP5", parent=facility)
    pages.post(life(older, "withdraw"), data={"reason": "Worn out", "when": "now"})
    pages.post(life(facility, "withdraw"), data={"reason": "Closed", "when": "now", "below": "y"})
    assert "with the one listing that went with it" in pages.get(life(facility)).text
    pages.post(life(facility, "bring_back"), data={"below": "y"})
    assert anew(facility).status == anew(microscope).status == Status.PUBLISHED
    assert anew(older).status == Status.WITHDRAWN, "it had gone before"


def test_a_withdrawal_is_planned_and_called_off(pages: FlaskClient, catalogue: Cast) -> None:
    day = (now() + timedelta(days=30)).date()
    typed = {"reason": "Sold", "when": "later", "withdraw_on": day.isoformat()}
    assert pages.post(life(catalogue[2], "withdraw"), data=typed).status_code == 303
    planned = anew(catalogue[2])
    assert (planned.status, planned.withdraw_on) == (Status.PUBLISHED, day)
    assert pages.get(catalogue[2].path).status_code == 200
    assert "It will be withdrawn on" in pages.get(life(catalogue[2])).text
    pages.post(life(catalogue[2], "call_off"))
    assert anew(catalogue[2]).withdraw_on is None


def test_the_successor_of_a_plan_is_forgotten_when_another_word_is_given(pages: FlaskClient, catalogue: Cast) -> None:
    schedule_withdrawal(catalogue[2], (now() + timedelta(days=9)).date(), by="Maja", successor=catalogue[1])
    pages.post(life(catalogue[2], "withdraw"), data={"reason": "Sold", "when": "now", "successor": ""})
    assert anew(catalogue[2]).status == Status.WITHDRAWN
    assert anew(catalogue[2]).successor_id is None


@pytest.mark.parametrize("day", ["", "yesterday", "2020-01-01"])
def test_a_day_that_cannot_be_is_not_taken(pages: FlaskClient, catalogue: Cast, day: str) -> None:
    typed = {"reason": "Sold", "when": "later", "withdraw_on": day}
    answer = pages.post(life(catalogue[2], "withdraw"), data=typed)
    assert answer.status_code == 422
    assert "Choose" in answer.text
    assert anew(catalogue[2]).withdraw_on is None


def test_the_last_day_of_an_instrument_is_offered(pages: FlaskClient, catalogue: Cast) -> None:
    catalogue[2].available_until = date(2031, 5, 1)
    db.session.commit()
    page = pages.get(life(catalogue[2])).text
    assert 'value="2031-05-01"' in page
    assert "available until" in page


def test_the_worker_withdraws_on_the_day_with_all_below_and_tells_the_managers(app_on: Flask) -> None:
    _university, facility, microscope = small_catalogue()
    add_user("Maja", manager_of=facility)
    add_user("Eddie", editor_of=facility)
    day = (now() + timedelta(days=3)).date()
    schedule_withdrawal(facility, day, by="Maja", reason="Moving out")
    assert withdraw_due(now() + timedelta(days=2)) == 0
    assert anew(facility).status == Status.PUBLISHED
    assert withdraw_due(now() + timedelta(days=3)) == 1
    assert anew(facility).status == anew(microscope).status == Status.WITHDRAWN
    assert anew(facility).withdrawn_reason == "Moving out"
    last = db.session.scalars(sa.select(Revision).where(Revision.listing_id == facility.id)).all()[-1]
    assert (last.made_by, last.act) == ("planned", RevisionAct.WITHDRAWN)
    letters = db.session.scalars(sa.select(StoredLetter)).all()
    assert [letter.to for letter in letters] == ["maja@example.org"]
    assert "Lumen Imaging" in letters[0].subject
    assert "Moving out" in letters[0].text and f"/manage/listings/{facility.id}/life" in letters[0].text
    assert withdraw_due(now() + timedelta(days=4)) == 0, "twice does no harm"


def test_what_is_put_away_is_seen_by_its_owners_only(app: Flask, pages: FlaskClient, catalogue: Cast) -> None:
    set_status(catalogue[2], Status.DRAFT)
    pages.post(life(catalogue[2], "archive"))
    assert anew(catalogue[2]).status == Status.ARCHIVED
    assert pages.get(catalogue[2].path).status_code == 404
    assert "It is put away" in pages.get(life(catalogue[2])).text
    assert owner_pages(app, add_user("Stranger")).get(life(catalogue[2])).status_code == 404


def test_a_manager_who_may_not_publish_brings_back_a_draft(pages: FlaskClient, catalogue: Cast) -> None:
    catalogue[0].review = Review.DESK
    archive_listing(catalogue[2], by="Maja")
    pages.post(life(catalogue[2], "bring_back"))
    assert anew(catalogue[2]).status == Status.DRAFT


def test_strangers_and_editors_withdraw_nothing(app: Flask, catalogue: Cast) -> None:
    for user in (add_user("Stranger"), add_user("Eddie", editor_of=catalogue[1])):
        client = owner_pages(app, user)
        typed = {"reason": "Ha", "when": "now"}
        assert client.post(life(catalogue[2], "withdraw"), data=typed).status_code == 403
        client.post(life(catalogue[2], "archive"))
        assert anew(catalogue[2]).status == Status.PUBLISHED


def test_the_index_follows_each_step(pages: FlaskClient, catalogue: Cast) -> None:

    def hits() -> int:
        follow()
        return "Zeiss LSM 880</a>" in pages.get("/search?q=zeiss").text

    assert hits()
    pages.post(life(catalogue[2], "withdraw"), data={"reason": "Sold", "when": "now"})
    assert not hits()
    pages.post(life(catalogue[2], "bring_back"))
    assert hits()


def test_the_desk_may_take_every_step(app: Flask, catalogue: Cast) -> None:
    desk = owner_pages(app, add_user("Desk", site_role=SiteRole.MODERATOR))
    desk.post(life(catalogue[2], "withdraw"), data={"reason": "Fake", "when": "now"})
    assert anew(catalogue[2]).status == Status.WITHDRAWN


def test_the_page_takes_a_fixed_number_of_statements(pages: FlaskClient, catalogue: Cast) -> None:
    pages.get(life(catalogue[1]))
    with statements() as few:
        pages.get(life(catalogue[1]))
    for number in range(30):
        add(Kind.INSTRUMENT, f"Microscope {number}", parent=catalogue[1])
    with statements() as many:
        pages.get(life(catalogue[1]))
    assert len(many) == len(few) <= 30
