"""Pages of listings with all that their JSON says, in a fixed number of SELECTs."""

import base64
import binascii
from collections.abc import Iterable
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from facilities.accounts.models import User
from facilities.api.problems import ApiProblem, Fault
from facilities.api.shapes import Filter
from facilities.catalogue.ended import ENDED
from facilities.catalogue.models import LISTINGS, Listing, SourceRecord, Status
from facilities.db import db
from facilities.moderation.models import Proposal
from facilities.moderation.proposals import OPEN


def page_of(asked: Filter, user: User | None) -> tuple[list[Listing], str | None]:
    """One page of listings in the order of their ids, and the cursor of the next page if there is one."""
    query = _only(sa.select(Listing), asked, user).where(Listing.id > _after(asked.cursor))
    query = query.options(*all_it_says()).order_by(Listing.id).limit(asked.per_page + 1)
    found = list(db.session.scalars(query))
    more = len(found) > asked.per_page
    listings = found[: asked.per_page]
    return listings, _cursor(listings[-1].id) if more else None


def with_all_it_says(listing_id: int) -> Listing:
    """One listing that the session has, with its parts loaded anew."""
    return db.session.scalars(whole_listings([listing_id]), execution_options={"populate_existing": True}).one()


def whole_listings(ids: list[int]) -> sa.Select[Listing]:
    return sa.select(Listing).where(Listing.id.in_(ids)).options(*all_it_says())


def open_proposals(listings: Iterable[Listing]) -> dict[int, Proposal]:
    """The changes that wait, by listing."""
    ids = [listing.id for listing in listings]
    query = sa.select(Proposal).where(Proposal.listing_id.in_(ids), Proposal.state.in_(OPEN))
    return {proposal.listing_id: proposal for proposal in db.session.scalars(query)}


def source_record(source: str, source_id: str) -> SourceRecord | None:
    return db.session.scalar(sa.select(SourceRecord).filter_by(source=source, source_id=source_id))


def used_by_others(source: str, user: User) -> bool:
    """Whether a source has records of listings that the user has no right on: it is then somebody else's."""
    own = below([grant.listing_id for grant in user.grants])
    others = sa.select(SourceRecord.id).where(SourceRecord.source == source, SourceRecord.listing_id.not_in(own))
    return bool(db.session.scalar(sa.select(others.exists())))


def _only(query: sa.Select[Listing], asked: Filter, user: User | None) -> sa.Select[Listing]:
    """The query with what was asked, over what may be seen."""
    own = asked.own if asked.own is not None else user is not None
    query = _own(query, asked, user) if own else query.where(Listing.status == Status.PUBLISHED)
    ended = asked.ended if asked.ended is not None else (None if own else False)
    if ended is not None:
        query = query.where(Listing.id.in_(ENDED) if ended else Listing.id.not_in(ENDED))
    if asked.kind:
        query = query.where(Listing.kind.in_(asked.kind))
    if asked.below is not None:
        query = query.where(Listing.id.in_(below([asked.below])))
    if asked.updated_since is not None:
        query = query.where(Listing.updated_at >= _aware(asked.updated_since))
    return _from_source(query, asked)


def _own(query: sa.Select[Listing], asked: Filter, user: User | None) -> sa.Select[Listing]:
    if user is None:
        raise ApiProblem("token_needed", "“own=true” needs a token with the scope “read”.")
    query = query.where(Listing.status.in_(asked.status) if asked.status else Listing.status != Status.MERGED)
    if user.is_moderator:
        return query
    return query.where(Listing.id.in_(below([grant.listing_id for grant in user.grants], "own")))


def _from_source(query: sa.Select[Listing], asked: Filter) -> sa.Select[Listing]:
    wanted = ((SourceRecord.source, asked.source), (SourceRecord.source_id, asked.source_id))
    given = [column == value for column, value in wanted if value]
    return query.where(Listing.source_records.any(sa.and_(*given))) if given else query


def below(ids: list[int], name: str = "below") -> sa.Select[tuple[int]]:
    """The ids of these listings and of all that belongs to them. Two in one query need two names."""
    found = sa.select(LISTINGS.c.id).where(LISTINGS.c.id.in_(ids)).cte(name, recursive=True)
    found = found.union(sa.select(LISTINGS.c.id).where(LISTINGS.c.parent_id == found.c.id))
    return sa.select(found.c.id)


def all_it_says() -> list[sa.orm.interfaces.LoaderOption]:
    parts = (
        Listing.texts, Listing.access, Listing.prices, Listing.certificates, Listing.contacts, Listing.attachments,
        Listing.specifications, Listing.sites, Listing.pipeline, Listing.techniques, Listing.categories,
        Listing.source_records,
    )  # fmt: skip
    parent = selectinload(Listing.parent).selectinload(Listing.source_records)
    return [*map(selectinload, parts), parent]


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _cursor(listing_id: int) -> str:
    return base64.urlsafe_b64encode(f"after:{listing_id}".encode()).decode().rstrip("=")


def _after(cursor: str) -> int:
    """The id after which the page begins. Raises `bad_request`."""
    if not cursor:
        return 0
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        return min(int(text.removeprefix("after:")), 2**31 - 1)
    except (binascii.Error, ValueError):
        fault = Fault("cursor", "is not one that a page gave: begin again without it")
        raise ApiProblem("bad_request", "Take “cursor” from the page before.", faults=[fault]) from None
