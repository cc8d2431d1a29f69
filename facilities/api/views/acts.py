"""What happens to a listing as a whole: handed in, published, confirmed, withdrawn."""

from collections.abc import Callable

from flask.typing import ResponseReturnValue

from facilities.accounts.models import Scope, User
from facilities.accounts.rights import Rule, may_confirm, may_edit, may_publish, may_see, may_withdraw
from facilities.api.access import caller, listing_for, needs
from facilities.api.body import invalid, read_body
from facilities.api.conditions import check_version
from facilities.api.problems import ApiProblem, Fault
from facilities.api.shapes import Note, Withdrawal
from facilities.api.views import bp
from facilities.api.views.listings import shown
from facilities.catalogue.actions import confirm_listing, publish_listing, submit_listing
from facilities.catalogue.models import Actor, Listing, Status
from facilities.manage.life import below_to_change, withdraw_with_below
from facilities.moderation.decisions import note_act_of_desk
from facilities.moderation.models import DecisionAct

Act = Callable[..., None]
GONE = (Status.WITHDRAWN, Status.ARCHIVED)


@bp.post("/listings/<listing_id:listing_id>/submit")
@needs(Scope.WRITE)
def submit(listing_id: int) -> ResponseReturnValue:
    return _act(listing_id, may_edit, submit_listing, when=(Status.DRAFT,))


@bp.post("/listings/<listing_id:listing_id>/publish")
@needs(Scope.WRITE)
def publish(listing_id: int) -> ResponseReturnValue:
    return _act(listing_id, _may_make_public, publish_listing, when=(Status.DRAFT, Status.IN_REVIEW, *GONE))


@bp.post("/listings/<listing_id:listing_id>/confirm")
@needs(Scope.WRITE)
def confirm(listing_id: int) -> ResponseReturnValue:
    return _act(listing_id, may_edit, confirm_listing, when=(Status.PUBLISHED,), also=may_confirm)


@bp.post("/listings/<listing_id:listing_id>/withdraw")
@needs(Scope.WITHDRAW)
def withdraw(listing_id: int) -> ResponseReturnValue:
    said = read_body(Withdrawal, optional=True)
    successor = _successor(said.successor_id, listing_id) if said.successor_id else None

    def take_out(listing: Listing, *, by: Actor) -> None:
        below = below_to_change(listing)
        note_act_of_desk(listing, DecisionAct.WITHDRAWN, by=caller(), reason=said.reason)
        withdraw_with_below(listing, reason=said.reason, by=by, successor=successor, below=below)

    return _act(listing_id, may_withdraw, take_out, when=(Status.PUBLISHED,), empty=False)


def _act(
    listing_id: int, rule: Rule, act: Act, *, when: tuple[Status, ...], also: Rule = may_see, empty: bool = True
) -> ResponseReturnValue:
    """Do it to the listing, if the rules hold, the version is the one that was seen and the status allows it."""
    if empty:
        read_body(Note, optional=True)
    listing = listing_for(listing_id, rule, caller())
    check_version(listing)
    if listing.status not in when:
        states = " or ".join(status.value for status in when)
        raise ApiProblem("conflict", f"The listing is {listing.status.value}; this is for one that is {states}.")
    if not also(caller(), listing):
        raise ApiProblem("forbidden", "The token's owner has no right to do this.")
    act(listing, by=caller().actor)
    return shown(listing, caller())


def _may_make_public(user: User | None, listing: Listing) -> bool:
    """What was taken out comes back only by the word of those who may take it out."""
    return may_publish(user, listing) and (listing.status not in GONE or may_withdraw(user, listing))


def _successor(successor_id: int, listing_id: int) -> Listing:
    fault = Fault("/successor_id", "must be the id of another published listing")
    try:
        successor = listing_for(successor_id, may_see, caller())
    except ApiProblem:
        raise invalid([fault]) from None
    if successor_id == listing_id or successor.status != Status.PUBLISHED:
        raise invalid([fault])
    return successor
