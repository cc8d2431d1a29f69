"""What the desk makes of a posted need: whom to ask, or a word why nobody is. One transaction with its letters each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from facilities.accounts.models import User
from facilities.catalogue.models import Listing
from facilities.db import db, now
from facilities.enquiries.actions import open_thread, post_letters
from facilities.enquiries.limits import MOST_LISTINGS, pauses
from facilities.enquiries.models import Author, Enquiry, MatchState, Message, NeedMatch, Stage
from facilities.enquiries.needs.queries import matches_of
from facilities.enquiries.queries import listings_to_ask
from facilities.enquiries.routing import Asked, receivers
from facilities.enquiries.spam.score import HOLD_FROM
from facilities.moderation.decisions import note_act
from facilities.moderation.models import DecisionAct
from facilities.outbox.letters import About, post


class NobodyToAsk(Exception):
    """None of the chosen listings is in the catalogue, or none was chosen."""


class TooManyToAsk(Exception):
    """More than MOST_LISTINGS were chosen."""


def arrange(enquiry: Enquiry, chosen: Sequence[int], places: Mapping[int, int]) -> None:
    """Keep which listings are ticked, and in which order; the caller commits."""
    matches = matches_of(enquiry)
    for match in matches:
        match.state = MatchState.APPROVED if match.listing_id in chosen else MatchState.OFFERED
    matches.sort(key=lambda match: places.get(match.listing_id, len(places) + 1))
    for position, match in enumerate(matches):
        match.position = position


def add_match(enquiry: Enquiry, listing: Listing) -> None:
    """Another listing to ask, ticked, after the others; the caller commits."""
    matches = matches_of(enquiry)
    match = next((each for each in matches if each.listing_id == listing.id), None)
    if match is None:
        match = NeedMatch(enquiry_id=enquiry.id, listing_id=listing.id, position=len(matches))
        db.session.add(match)
    match.state = MatchState.APPROVED
    db.session.flush()


def approve_need(
    enquiry: Enquiry, *, by: User, desk_email: str, note: str = "", at: datetime | None = None
) -> list[Listing]:
    """Ask the listings that are ticked, as an enquiry to them would; the requester is told whom, with a line of the
    desk. Raises NobodyToAsk or TooManyToAsk, and then nothing is sent."""
    at, matches = at or now(), matches_of(enquiry)
    chosen = [match.listing_id for match in matches if match.state == MatchState.APPROVED]
    if len(chosen) > MOST_LISTINGS:
        raise TooManyToAsk(len(chosen))
    listings = listings_to_ask(chosen)
    if not listings:
        raise NobodyToAsk
    _leave_out(matches)
    _ask(enquiry, listings, desk_email, at)
    named = [listing.name for listing in listings]
    about = About(enquiry.threads[0].id)
    told: dict[str, Any] = {"enquiry": enquiry, "names": named, "note": note}
    post("need_sent", enquiry.requester_email, locale=enquiry.locale, about=about, **told)
    note_act(f"{_wanted(enquiry)}: {', '.join(named)}", DecisionAct.NEED_APPROVED, by=by, reason=note)
    db.session.commit()
    return listings


def drop_need(enquiry: Enquiry, *, by: User, reason: str, at: datetime | None = None) -> None:
    """Ask nobody, and tell the requester why."""
    said = Message(author=Author.DESK, author_name=by.actor.name, user_id=by.id, body=reason, sent_at=at or now())
    enquiry.messages.append(said)
    enquiry.stage, enquiry.spam_score = Stage.DROPPED, min(enquiry.spam_score, HOLD_FROM - 1)
    post("need_dropped", enquiry.requester_email, locale=enquiry.locale, enquiry=enquiry, reason=reason)
    note_act(_wanted(enquiry), DecisionAct.NEED_DROPPED, by=by, reason=reason)
    db.session.commit()


def _ask(enquiry: Enquiry, listings: Sequence[Listing], desk_email: str, at: datetime) -> None:
    asked = Asked(enquiry.kind, at.date(), enquiry.locale, enquiry.requester_group)
    waits = pauses([listing.id for listing in listings], at=at)
    for listing in listings:
        open_thread(enquiry, listing, receivers(listing, asked, desk_email=desk_email), at=at)
    enquiry.stage = Stage.SENT
    db.session.flush()
    post_letters(enquiry, waits, at=at)


def _leave_out(matches: Sequence[NeedMatch]) -> None:
    for match in matches:
        if match.state == MatchState.OFFERED:
            match.state = MatchState.DROPPED


def _wanted(enquiry: Enquiry) -> str:
    """What was looked for is the requester's: the log, which is kept for ever, only says what kind it was."""
    return str(enquiry.kind.label)
