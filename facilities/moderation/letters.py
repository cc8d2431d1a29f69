"""The desk's letters: each is stored with the change it tells of; the caller commits."""

from typing import Any

from facilities.accounts.models import User
from facilities.catalogue.models import Listing
from facilities.moderation.models import Claim, Report
from facilities.outbox.letters import post


def accepted(to: User | None, listing: Listing, *, by: User, edited: bool) -> None:
    """To the author: it is public now."""
    _to_author("decision_accepted", to, listing, by, edited=edited)


def sent_back(to: User | None, listing: Listing, reason: str, *, by: User) -> None:
    """To the author: something is to be put right first."""
    _to_author("decision_sent_back", to, listing, by, reason=reason)


def rejected(to: User | None, listing: Listing, reason: str, *, by: User) -> None:
    """To the author: it does not become public, and why."""
    _to_author("decision_rejected", to, listing, by, reason=reason)


def _to_author(name: str, to: User | None, listing: Listing, by: User, **values: Any) -> None:
    """Nobody is written to about their own decision, nor where the author is not known (any more)."""
    if to is not None and to.active and to.id != by.id:
        post(name, to.email, locale=to.locale, listing=listing, **values)


def reported(to: User, report: Report) -> None:
    """To a manager: somebody says that a listing is wrong."""
    post("listing_reported", to.email, locale=to.locale, listing=report.listing, report=report)


def report_settled(report: Report) -> None:
    """To whoever reported a listing and left an address: what came of it."""
    if report.email:
        post("report_settled", report.email, locale=report.locale, listing=report.listing, report=report)


def claim_proof(claim: Claim, link: str) -> None:
    """To the address that the catalogue knows: is it right that this person keeps the listing? `link` is private."""
    post("claim_proof", claim.mailed_to, listing=claim.listing, claim=claim, link=link)


def claim_told(to: User, claim: Claim) -> None:
    """To a manager: somebody else says that the listing is theirs to keep."""
    post("claim_told", to.email, locale=to.locale, listing=claim.listing, claim=claim)


def claim_settled(claim: Claim) -> None:
    """To the claimant: what came of the claim."""
    post("claim_settled", claim.user.email, locale=claim.user.locale, listing=claim.listing, claim=claim)
