"""A contact's leave, entered in one step: it holds at once, whoever has to accept what visitors read."""

from dataclasses import dataclass

from facilities.catalogue import content
from facilities.catalogue.actions import update_listing
from facilities.catalogue.models import Actor, Contact
from facilities.db import db


@dataclass(frozen=True, slots=True)
class Leave:
    """The first and the last day of leave (ISO 8601, empty for open), and whether the contact is gone for good."""

    away_from: str = ""
    away_until: str = ""
    left: bool = False


def set_leave(contact: Contact, leave: Leave, *, works: bool = False, by: Actor) -> None:
    """Note when a contact is away; `works` forgets that mail to it came back. Its listing must be locked."""
    if works:
        contact.bounced_at, contact.bounce_words = None, ""
    listing = contact.listing
    said, place = content.read(listing, ("contacts",))["contacts"], listing.contacts.index(contact)
    row = {name: value for name, value in said[place].items() if name not in content.LEAVE}
    given = {"away_from": leave.away_from, "away_until": leave.away_until, "left": leave.left}
    said[place] = row | {name: value for name, value in given.items() if value}
    if not update_listing(listing, {"contacts": said}, by=by):
        db.session.commit()
