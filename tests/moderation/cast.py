"""The cast of the desk's tests: a university with an editor and a manager, and a moderator."""

from dataclasses import dataclass
from typing import Any

from facilities.accounts.models import SiteRole, User
from facilities.catalogue.actions import create_listing, submit_listing
from facilities.catalogue.models import Facility, Instrument, Kind, Listing, Organisation, Review
from facilities.db import db
from facilities.manage.editing import editable, save_edit
from facilities.moderation.proposals import open_proposal
from facilities.outbox.models import StoredLetter
from tests.listings import small_catalogue
from tests.people import add_user


@dataclass
class Cast:
    university: Organisation
    facility: Facility
    microscope: Instrument
    editor: User
    manager: User
    moderator: User


def cast(review: Review = Review.DESK) -> Cast:
    """A small catalogue whose owners' changes are accepted by the desk, or by whom `review` says."""
    university, facility, microscope = small_catalogue()
    university.review = review
    db.session.commit()
    return Cast(
        university,
        facility,
        microscope,
        editor=add_user("Edit Or", editor_of=facility),
        manager=add_user("Mana Ger", manager_of=university),
        moderator=add_user("Mode Rator", site_role=SiteRole.MODERATOR),
    )


def propose(listing: Listing, by: User, **fields: Any) -> None:
    """An owner's change that waits. After a request of a client both are read anew."""
    listing, by = db.session.get_one(Listing, listing.id), db.session.get_one(User, by.id)
    saved = save_edit(listing, fields, opened=editable(listing, tuple(fields)), by=by)
    assert saved.waits
    assert open_proposal(listing) is not None


def hand_in(name: str, by: User, *, parent: Listing | None = None, kind: Kind = Kind.INSTRUMENT, **fields: Any) -> Any:
    """A new listing that waits."""
    listing = create_listing(kind, {"name": name, **fields}, parent=parent, by=by.actor)
    submit_listing(listing, by=by.actor)
    return listing


def letters(name: str) -> list[StoredLetter]:
    return [letter for letter in db.session.query(StoredLetter) if letter.name == name]
