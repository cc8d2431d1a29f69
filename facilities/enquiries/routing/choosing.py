"""Who receives an enquiry about a listing: the contacts in charge at the nearest level that has any, else the desk."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from facilities.catalogue.models import Contact, Kind, Listing, Status
from facilities.enquiries.models import Delivery, Recipient, Route, new_token
from facilities.enquiries.routing.rules import (
    Asked,
    Candidate,
    Passed,
    Why,
    best_suited,
    candidate,
    criteria,
    once_for_each_mailbox,
)

MOST_RECEIVERS = 20
"""Mailboxes that an enquiry to one listing goes to, however many contacts are in charge."""

MOST_TOLD = 5
"""Contacts passed over that a recipient's reason keeps."""

LONGEST_ROLE = 120


@dataclass(frozen=True, slots=True)
class Receiver:
    """One mailbox that receives an enquiry about a listing, and the rule that chose it.

    `reason` is what `explain` reads: `rule` ("contact", "deputy", "desk"), `role` and `holder` of the contact; what it
    names that the enquiry is (`kind`, `group`, `language`); for a deputy `absence`; `passed`, who was passed over; and
    where it takes somebody's place, `instead`.
    """

    role: str
    email: str
    route: Route
    contact: Contact | None = None
    reason: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Routed:
    """Who receives it, and who was passed over on the way, the nearest first."""

    receivers: list[Receiver]
    passed: list[Passed]


def receivers(listing: Listing, asked: Asked, *, desk_email: str, lost: Collection[str] = ()) -> list[Receiver]:
    """The contacts in charge, in the owner's order, each mailbox once, MOST_RECEIVERS at most; never empty.

    `lost` are mailboxes, in small letters, that a letter about this has not reached.
    """
    return routed(listing, asked, desk_email=desk_email, lost=lost).receivers


def routed(listing: Listing, asked: Asked, *, desk_email: str, lost: Collection[str] = ()) -> Routed:
    """The same with those who were passed over."""
    passed: list[Passed] = []
    gone = set(lost)
    for holder in _holders(listing):
        gone |= {contact.email.lower() for contact in holder.contacts if contact.bounced_at}
        chosen, over = _at(listing, holder, asked, gone)
        passed += over
        if chosen:
            route = _route(listing, holder)
            return Routed([_receiver(holder, each, route, asked, passed) for each in chosen], passed)
    return Routed([desk(asked, desk_email, passed)], passed)


def recipient_of(receiver: Receiver) -> Recipient:
    """A receiver as a recipient of a thread, not yet in it."""
    return Recipient(
        contact=receiver.contact,
        token=new_token(),
        role=receiver.role,
        email=receiver.email,
        route=receiver.route,
        reason=receiver.reason,
        delivery=Delivery.WAITING,
    )


def _at(listing: Listing, holder: Listing, asked: Asked, lost: Collection[str]) -> tuple[list[Candidate], list[Passed]]:
    """Who receives it at one level, and who there does not."""
    if holder is not listing and holder.status != Status.PUBLISHED:
        return [], [Passed(Why.NOT_PUBLISHED, holder.name)]
    if not holder.contacts:
        return [], [Passed(Why.NO_CONTACTS, holder.name)]
    outcomes = [candidate(contact, holder, asked, lost) for contact in holder.contacts]
    passed = [each for each in outcomes if isinstance(each, Passed)]
    able, back = best_suited([each for each in outcomes if isinstance(each, Candidate)], asked, holder)
    chosen, again = once_for_each_mailbox(able, holder)
    too_many = [Passed(Why.TOO_MANY, holder.name, each.contact.role) for each in chosen[MOST_RECEIVERS:]]
    return chosen[:MOST_RECEIVERS], [*passed, *back, *again, *too_many]


def _receiver(holder: Listing, chosen: Candidate, route: Route, asked: Asked, passed: list[Passed]) -> Receiver:
    contact, absence = chosen.contact, chosen.absence
    reason: dict[str, Any] = {"rule": "deputy" if absence else "contact", "role": contact.role, "holder": holder.name}
    reason |= criteria(contact, asked)
    if absence:
        reason["absence"] = absence.as_json()
    role = _in_words_of(asked, contact, is_deputy=absence is not None)
    return Receiver(role, chosen.email, route, contact, reason | _told(passed, holder))


def _in_words_of(asked: Asked, contact: Contact, *, is_deputy: bool) -> str:
    """The role that the requester reads."""
    if not is_deputy:
        return contact.role
    with force_locale(asked.locale):
        return _("Deputy of %(role)s", role=contact.role)[:LONGEST_ROLE]


def desk(asked: Asked, desk_email: str, passed: Sequence[Passed] = ()) -> Receiver:
    """The desk, which receives what nobody else can."""
    with force_locale(asked.locale):
        role = _("Desk of the catalogue")
    return Receiver(role, desk_email, Route.DESK, None, {"rule": "desk"} | _told(passed))


def _told(passed: Sequence[Passed], holder: Listing | None = None) -> dict[str, Any]:
    """What a reason says of those passed over: at the level itself only what is amiss, below it all that sent the
    enquiry further up."""
    told = [each for each in passed if each.why.is_lost or holder is None or each.holder != holder.name]
    return {"passed": [each.as_json() for each in told[:MOST_TOLD]]} if told else {}


def _holders(listing: Listing) -> Iterator[Listing]:
    """The listing, then what it belongs to, nearest first."""
    lineage = list(listing.lineage())
    if listing.organisation is not None and listing.organisation not in lineage:
        lineage.append(listing.organisation)
    yield from lineage


def _route(listing: Listing, holder: Listing) -> Route:
    if holder is listing:
        return Route.LISTING
    return Route.ORGANISATION if holder.kind == Kind.ORGANISATION else Route.FACILITY
