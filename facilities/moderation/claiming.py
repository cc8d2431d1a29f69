"""Claims: a user's word that a listing is theirs to keep, proven by a letter to its known address or by the desk."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from facilities.accounts.models import User
from facilities.catalogue.models import Listing, Status
from facilities.db import db, now
from facilities.moderation import letters
from facilities.moderation.decisions import give_manager, note_decision
from facilities.moderation.models import CaseState, Claim, Decision, DecisionAct
from facilities.moderation.teams import keepers_of, managers_of

SALT = "claim of a listing"
VALID_FOR = timedelta(days=7)
"""How long the link in the letter works."""

MOST_CLAIMS = 5
"""Claims of one user in a day."""

MOST_LETTERS = 2
"""Letters to the known address of one listing in a week, whoever claims it. After that the desk decides."""

ROLES = ("info", "contact", "kontakt", "office", "post", "registrator")
"""Mailboxes that belong to the office of an organisation and to no single student or guest of it."""

TRADES = {"ac", "co", "com", "edu", "gov", "net", "org", "gv", "or"}
"""Second parts of domains that belong to nobody: ac.uk."""

DAY, WEEK = timedelta(days=1), timedelta(days=7)


class TooManyClaims(Exception):
    """The user has made MOST_CLAIMS claims within a day."""


class ClaimSettled(Exception):
    """The claim has been decided already."""


def known_addresses(listing: Listing) -> list[str]:
    """Where a letter would reach those who keep the listing: its first contact; without one the mailboxes of an office
    at its website's domain. None if somebody keeps the listing already: editors write contacts and websites, and a
    letter to an address of their own would prove nothing. Then its managers and the desk decide."""
    if keepers_of(listing):
        return []
    if listing.contacts:
        return [contact.email for contact in listing.contacts if contact.email][:1]
    return [f"{role}@{domain}" for domain in _domains(listing.url) for role in ROLES]


def _domains(url: str) -> list[str]:
    """The host of a website without www, and the one above it if that is more than a country's or a trade's."""
    host = (urlsplit(url).hostname or "").lower().removeprefix("www.")
    labels = host.split(".")
    if len(labels) < 2 or labels[-1].isdigit():
        return []
    shared = len(labels) == 2 or (len(labels) == 3 and labels[1] in TRADES)
    return [host] if shared else [host, ".".join(labels[1:])]


def claim_listing(listing: Listing, *, by: User, message: str, address: str = "", at: datetime | None = None) -> Claim:
    """Store a claim; ask at `address`, one of the known ones, whether it is right, and tell who manages the listing.

    An open claim of the same user is the same claim. Raises TooManyClaims.
    """
    at = at or now()
    open_already = _open_claim(listing, by)
    if open_already is not None:
        return open_already
    if _number_since(at - DAY, Claim.user_id == by.id) >= MOST_CLAIMS:
        raise TooManyClaims(by.id)
    claim = Claim(listing=listing, user=by, message=message, state=CaseState.OPEN, claimed_at=at)
    db.session.add(claim)
    db.session.flush()
    _ask(claim, address, at)
    for manager in managers_of(listing):
        letters.claim_told(manager, claim)
    db.session.commit()
    return claim


def _ask(claim: Claim, address: str, at: datetime) -> None:
    asked = _number_since(at - WEEK, Claim.listing_id == claim.listing_id, Claim.mailed_at.is_not(None))
    if address in known_addresses(claim.listing) and asked < MOST_LETTERS:
        claim.mailed_to, claim.mailed_at = address, at
        letters.claim_proof(claim, f"{current_app.config['SITE_URL']}/claims/{token_of(claim)}")


def token_of(claim: Claim) -> str:
    """What the link in the letter carries: which claim, and to whom it was mailed."""
    return str(_signer().dumps([claim.id, claim.mailed_to]))


def claim_of(token: str, *, to_settle: bool = False) -> Claim | None:
    """The claim that a link stands for, locked if it is to be settled; None if the link is not ours, too old, or not
    mailed for this claim."""
    try:
        claim_id, mailed_to = _signer().loads(token, max_age=int(VALID_FOR.total_seconds()))
    except (BadData, ValueError, TypeError):
        return None
    claim = db.session.get(Claim, claim_id, with_for_update=to_settle or None, populate_existing=to_settle)
    return claim if claim is not None and claim.mailed_to == mailed_to else None


def can_be_proven(claim: Claim) -> bool:
    """Whether the link of a claim still decides: the address is still the known one, nobody else keeps the listing, and
    both the listing and the claimant are there."""
    there = claim.listing.status == Status.PUBLISHED and claim.user.active
    return there and claim.state == CaseState.OPEN and claim.mailed_to in known_addresses(claim.listing)


def settle_claim(claim: Claim, *, right: bool, answer: str = "", by: User | None, public_note: str = "") -> None:
    """Make the claimant manager of the listing, or refuse; with a letter to the claimant. `by` is None where whoever
    reads the known address decided. Raises ClaimSettled."""
    if claim.state != CaseState.OPEN:
        raise ClaimSettled(claim.id)
    claim.state = CaseState.ACCEPTED if right else CaseState.REJECTED
    claim.answer, claim.decided_at = answer, now()
    claim.decided_by = by.actor.name if by else KNOWN_ADDRESS
    if right:
        give_manager(claim.user, claim.listing, by=by)
    act = DecisionAct.CLAIM_ACCEPTED if right else DecisionAct.CLAIM_REJECTED
    _note(claim, act, answer, by, public_note)
    letters.claim_settled(claim)
    db.session.commit()


KNOWN_ADDRESS = "the listing's known address"


def _note(claim: Claim, act: DecisionAct, answer: str, by: User | None, public_note: str) -> None:
    if by is not None:
        note_decision(claim.listing, act, reason=answer, public_note=public_note, by=by)
        return
    name = claim.listing.name
    db.session.add(Decision(listing=claim.listing, listing_name=name, act=act, reason=answer, made_by=KNOWN_ADDRESS))


def _open_claim(listing: Listing, user: User) -> Claim | None:
    mine = (Claim.listing_id == listing.id, Claim.user_id == user.id, Claim.state == CaseState.OPEN)
    return db.session.scalar(sa.select(Claim).where(*mine))


def _number_since(since: datetime, *conditions: sa.ColumnElement[Any]) -> int:
    query = sa.select(sa.func.count(Claim.id)).where(Claim.claimed_at > since, *conditions)
    return db.session.scalar(query) or 0


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=SALT)
