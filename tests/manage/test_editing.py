"""What an owner writes is saved at once or waits for a decision, and never runs over somebody else's words."""

import pytest
from flask import Flask

from facilities.accounts.models import SiteRole, User
from facilities.catalogue import content
from facilities.catalogue.models import Facility, Instrument, Organisation, Review, Status
from facilities.db import db
from facilities.manage.editing import editable, save_edit
from facilities.moderation.proposals import (
    accept_proposal,
    open_proposal,
    overtaken,
    send_back_proposal,
    take_back_proposal,
)
from tests.listings import small_catalogue
from tests.people import add_user

Cast = tuple[Organisation, Facility, Instrument]


@pytest.fixture
def cast(app_on: Flask) -> Cast:
    return small_catalogue()


@pytest.fixture
def editor(cast: Cast) -> User:
    return add_user("Edit Ellen", editor_of=cast[1])


@pytest.fixture
def manager(cast: Cast) -> User:
    return add_user("Manage Mia", manager_of=cast[0])


def test_a_manager_s_edit_is_public_at_once(cast: Cast, manager: User) -> None:
    microscope = cast[2]
    saved = save_edit(microscope, {"model": "LSM 980"}, opened={"model": "LSM 880"}, by=manager)
    assert (saved.changed, saved.waits, microscope.model) == (("model",), False, "LSM 980")
    assert microscope.revisions[-1].user_id == manager.id


def test_an_editor_s_edit_waits_and_the_public_sees_the_old_version(cast: Cast, editor: User, manager: User) -> None:
    microscope = cast[2]
    saved = save_edit(microscope, {"model": "LSM 980"}, opened={"model": "LSM 880"}, by=editor)
    assert saved.waits
    assert microscope.model == "LSM 880"
    assert editable(microscope, ("model",)) == {"model": "LSM 980"}
    proposal = open_proposal(microscope)
    assert proposal is not None
    accept_proposal(proposal, by=manager.actor)
    assert microscope.model == "LSM 980"
    assert microscope.revisions[-1].made_by == "Edit Ellen"
    assert microscope.revisions[-1].note == "Manage Mia"
    assert open_proposal(microscope) is None


@pytest.mark.parametrize(
    ("review", "waits"), [(Review.NOBODY, (False, False)), (Review.MANAGER, (True, False)), (Review.DESK, (True, True))]
)
def test_the_organisation_s_setting_says_whose_edits_wait(
    cast: Cast, editor: User, manager: User, review: Review, waits: tuple[bool, bool]
) -> None:
    cast[0].review = review
    db.session.commit()
    microscope = cast[2]
    found = []
    for user, model in ((editor, "LSM 900"), (manager, "LSM 980")):
        opened = editable(microscope, ("model",))
        found.append(save_edit(microscope, {"model": model}, opened=opened, by=user).waits)
    assert tuple(found) == waits


def test_drafts_are_changed_in_place_by_anyone_who_may_edit(cast: Cast, editor: User) -> None:
    microscope = cast[2]
    microscope.status = Status.DRAFT
    db.session.commit()
    assert not save_edit(microscope, {"model": "LSM 980"}, opened={"model": "LSM 880"}, by=editor).waits
    assert microscope.model == "LSM 980"


def test_a_field_that_both_changed_is_shown_and_not_saved_until_chosen(cast: Cast, manager: User) -> None:
    microscope = cast[2]
    opened = editable(microscope, ("model", "room"))
    save_edit(microscope, {"model": "LSM 980", "room": ""}, opened=opened, by=manager)
    desk = add_user("Desk", site_role=SiteRole.MODERATOR)
    saved = save_edit(microscope, {"model": "LSM 900", "room": "B 12"}, opened=opened, by=desk)
    (collision,) = saved.collisions
    assert (collision.name, collision.before, collision.theirs, collision.mine) == (
        "model", "LSM 880", "LSM 980", "LSM 900",
    )  # fmt: skip
    assert content.read(microscope, ("model", "room")) == {"model": "LSM 980", "room": ""}
    settled = save_edit(
        microscope, {"model": "LSM 900", "room": "B 12"}, opened=editable(microscope, ("model", "room")), by=desk
    )  # fmt: skip
    assert set(settled.changed) == {"model", "room"}


def test_fields_that_only_the_other_changed_keep_the_other_s_words(cast: Cast, manager: User) -> None:
    microscope = cast[2]
    opened = editable(microscope, ("model", "room"))
    save_edit(microscope, {"model": "LSM 980"}, opened=opened, by=manager)
    saved = save_edit(microscope, {"model": "LSM 880", "room": "B 12"}, opened=opened, by=manager)
    assert saved.changed == ("room",)
    assert microscope.model == "LSM 980"


def test_later_edits_join_the_proposal_and_typing_the_old_words_again_ends_it(cast: Cast, editor: User) -> None:
    microscope = cast[2]
    for fields in ({"model": "LSM 980"}, {"room": "B 12"}):
        save_edit(microscope, fields, opened=editable(microscope, tuple(fields)), by=editor)
    proposal = open_proposal(microscope)
    assert proposal is not None
    assert proposal.changes == {"model": ["LSM 880", "LSM 980"], "room": ["", "B 12"]}
    old = {"model": "LSM 880", "room": ""}
    save_edit(microscope, old, opened=editable(microscope, tuple(old)), by=editor)
    assert open_proposal(microscope) is None


def test_a_proposal_sent_back_stays_open_and_waits_again_once_changed(cast: Cast, editor: User) -> None:
    microscope = cast[2]
    save_edit(microscope, {"model": "LSM 980"}, opened={"model": "LSM 880"}, by=editor)
    proposal = open_proposal(microscope)
    assert proposal is not None
    send_back_proposal(proposal, reason="Which one?", by="Desk")
    db.session.commit()
    assert editable(microscope, ("model",)) == {"model": "LSM 980"}
    save_edit(microscope, {"model": "LSM 980 NLO"}, opened={"model": "LSM 980"}, by=editor)
    again = open_proposal(microscope)
    assert again is not None
    assert (again.id, again.state.value, again.changes["model"]) == (
        proposal.id, "waiting", ["LSM 880", "LSM 980 NLO"],
    )  # fmt: skip
    take_back_proposal(again, by=editor.actor)
    db.session.commit()
    assert editable(microscope, ("model",)) == {"model": "LSM 880"}


def test_a_proposal_says_which_of_its_fields_were_overtaken(cast: Cast, editor: User, manager: User) -> None:
    microscope = cast[2]
    save_edit(microscope, {"model": "LSM 980", "room": "B"}, opened={"model": "LSM 880", "room": ""}, by=editor)
    save_edit(microscope, {"manufacturer": "Carl Zeiss"}, opened={"manufacturer": "Zeiss"}, by=manager)
    proposal = open_proposal(microscope)
    assert proposal is not None
    assert overtaken(proposal) == {}
    microscope.room = "C"
    assert overtaken(proposal) == {"room": ["", "C"]}
    db.session.rollback()


def test_a_manager_s_edit_of_a_field_that_waits_settles_it(cast: Cast, editor: User, manager: User) -> None:
    microscope = cast[2]
    save_edit(microscope, {"model": "LSM 980"}, opened={"model": "LSM 880"}, by=editor)
    save_edit(microscope, {"model": "LSM 900"}, opened=editable(microscope, ("model",)), by=manager)
    assert open_proposal(microscope) is None
    assert microscope.model == "LSM 900"
