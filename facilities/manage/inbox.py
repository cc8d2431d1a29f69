"""The owners' inbox: one line for each thread that somebody may answer, what waits longest first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString

from facilities.accounts.models import User
from facilities.accounts.rights import Level
from facilities.catalogue.models import LISTINGS, Kind
from facilities.db import as_id, db
from facilities.enquiries.models import (
    Enquiry,
    EnquiryKind,
    EnquiryStatus,
    Message,
    Recipient,
    Stage,
    Thread,
    Turn,
)
from facilities.enquiries.models.words import called
from facilities.manage.queries import granted_ids, tree_ids

PER_PAGE = 25
FEW = 3
FIRST_WORDS = 240
MOST_CHOICES = 300
STATES = {"ours": Turn.OWNER, "theirs": Turn.REQUESTER, "ended": Turn.NOBODY, "all": None}
Clause = sa.ColumnElement[bool]
ABOUT = LISTINGS.alias()
"""The listing of a thread, apart from the listings that rights are looked up among."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose inbox it is; with `whole_desk` the threads of the whole catalogue, without what was said: to read that, the
    desk opens the thread, which is written down."""

    user: User
    whole_desk: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What the inbox is narrowed to. `who` is "mine" or "unassigned"; `listing` counts all that belongs to it."""

    state: str = "ours"
    who: str = ""
    kind: EnquiryKind | None = None
    listing: int = 0
    text: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether more than the state is asked for."""
        return bool(self.who or self.kind or self.listing or self.text)


@dataclass(frozen=True, slots=True)
class Line:
    """A thread as a line of the inbox shows it. `waits_since` is when its side's turn began, or when it ended."""

    id: int
    listing_id: int | None
    listing_name: str
    requester_name: str
    requester_organisation: str
    kind: EnquiryKind
    of_offer: bool
    words: str
    status: EnquiryStatus
    turn: Turn
    asked_at: datetime
    waits_since: datetime
    reminders: int
    assigned_to_id: int | None
    assigned_to: str

    @property
    def label(self) -> LazyString:
        """Which kind of enquiry it is."""
        return called(self.kind, of_offers=self.of_offer)

    @property
    def wrote_back(self) -> bool:
        """Whether the requester has said something after an answer."""
        return self.turn == Turn.OWNER and self.status in (EnquiryStatus.ANSWERED, EnquiryStatus.WAITING)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many threads nobody has answered, and those that have waited longest."""

    total: int
    lines: list[Line]


def asked_for(args: Mapping[str, Any]) -> Asked:
    """What the address asks for, leaving out words that mean nothing."""
    state, who, kind = (str(args.get(name, "")) for name in ("state", "who", "kind"))
    return Asked(
        state=state if state in STATES else "ours",
        who=who if who in ("mine", "unassigned") else "",
        kind=next((each for each in EnquiryKind if each == kind), None),
        listing=as_id(str(args.get("listing", ""))),
        text=str(args.get("q", "")).replace("\0", "").strip()[:100],
    )


def lines_in(scope: Scope, asked: Asked, page: int = 1, per_page: int = PER_PAGE) -> list[Line]:
    """A page of the inbox, in one SELECT."""
    query = _lines(scope).where(*_visible(scope), *_narrowed(scope, asked), *_in_state(asked.state)).order_by(*_order())
    rows = db.session.execute(query.limit(per_page).offset((page - 1) * per_page))
    return [Line(**row._mapping) for row in rows]


def counts_in(scope: Scope, asked: Asked) -> dict[str, int]:
    """How many threads each state would show with everything else that is asked for, in one SELECT."""
    query = sa.select(Thread.turn, sa.func.count()).join(Thread.enquiry).group_by(Thread.turn)
    rows = db.session.execute(query.where(*_visible(scope), *_narrowed(scope, asked)))
    by_turn = {row[0]: row[1] for row in rows}
    return {state: by_turn.get(turn, 0) if turn else sum(by_turn.values()) for state, turn in STATES.items()}


def choices_in(scope: Scope) -> list[tuple[int, str, Kind]]:
    """The listings that have threads here, and the facilities and organisations they belong to directly, by name."""
    asked = sa.select(Thread.listing_id).join(Thread.enquiry).where(*_visible(scope)).distinct()
    asked = asked.where(Thread.listing_id.is_not(None))
    above = sa.select(LISTINGS.c.parent_id).where(LISTINGS.c.id.in_(asked), LISTINGS.c.parent_id.is_not(None))
    query = sa.select(LISTINGS.c.id, LISTINGS.c.name, LISTINGS.c.kind).order_by(LISTINGS.c.name, LISTINGS.c.id)
    found = db.session.execute(query.where(LISTINGS.c.id.in_(asked.union(above))).limit(MOST_CHOICES))
    return [(row.id, row.name, row.kind) for row in found]


def enquiries_waiting(user: User) -> Waiting:
    """The threads that wait for the user or a colleague, those that wait longest first."""
    scope, asked = Scope(user), Asked()
    lines = lines_in(scope, asked, per_page=FEW)
    return Waiting(counts_in(scope, asked)["ours"] if len(lines) == FEW else len(lines), lines)


def _lines(scope: Scope) -> sa.Select[*tuple[Any, ...]]:
    first = sa.select(sa.func.substr(Message.body, 1, FIRST_WORDS)).where(Message.enquiry_id == Thread.enquiry_id)
    first = first.where(Message.withheld.is_(False)).order_by(Message.id).limit(1)
    return (
        sa.select(
            Thread.id,
            Thread.listing_id,
            Thread.listing_name,
            Enquiry.requester_name,
            Enquiry.requester_organisation,
            Enquiry.kind,
            sa.func.coalesce(ABOUT.c.kind == Kind.OFFER, sa.false()).label("of_offer"),
            (sa.literal("") if scope.whole_desk else sa.func.coalesce(first.scalar_subquery(), "")).label("words"),
            Thread.status,
            Thread.turn,
            Thread.asked_at,
            _waits_since().label("waits_since"),
            Thread.reminders,
            Thread.assigned_to_id,
            sa.func.coalesce(sa.func.nullif(User.name, ""), User.email, "").label("assigned_to"),
        )
        .select_from(Thread)
        .join(Thread.enquiry)
        .outerjoin(ABOUT, ABOUT.c.id == Thread.listing_id)
        .outerjoin(User, User.id == Thread.assigned_to_id)
    )


def _waits_since() -> sa.ColumnElement[datetime]:
    began = sa.case(
        (Thread.turn == Turn.OWNER, Thread.last_requester_at),
        (Thread.turn == Turn.REQUESTER, Thread.last_owner_at),
        else_=Thread.closed_at,
    )
    return sa.type_coerce(sa.func.coalesce(began, Thread.asked_at), Thread.asked_at.type)


def _order() -> Iterator[Any]:
    """First what is ours, then what is theirs, the longest wait first; then what has ended, the newest first."""
    yield sa.case((Thread.turn == Turn.OWNER, 0), (Thread.turn == Turn.REQUESTER, 1), else_=2)
    yield sa.case((Thread.turn != Turn.NOBODY, _waits_since())).asc()
    yield Thread.closed_at.desc()
    yield Thread.id


def _visible(scope: Scope) -> Iterator[Clause]:
    """The threads that the user answers for (`threads.rights`), of sent enquiries; spam is the desk's."""
    yield Enquiry.stage == Stage.SENT
    yield Thread.status != EnquiryStatus.SPAM
    if not scope.whole_desk:
        user = scope.user
        received = sa.select(Recipient.thread_id).where(sa.func.lower(Recipient.email) == user.email.lower())
        yield sa.or_(
            Thread.listing_id.in_(granted_ids(user, Level.MANAGER)),
            sa.and_(Thread.assigned_to_id == user.id, Thread.listing_id.in_(granted_ids(user))),
            Thread.id.in_(received) if user.confirmed_at is not None else sa.false(),
        )


def _narrowed(scope: Scope, asked: Asked) -> Iterator[Clause]:
    """Everything that is asked for beside the state."""
    if asked.who == "mine":
        yield Thread.assigned_to_id == scope.user.id
    if asked.who == "unassigned":
        yield Thread.assigned_to_id.is_(None)
    if asked.kind is not None:
        yield Enquiry.kind == asked.kind
    if asked.listing:
        yield Thread.listing_id.in_(tree_ids([asked.listing]))
    if asked.text:
        yield _asked_by(asked.text) if scope.whole_desk else sa.or_(_asked_by(asked.text), _says(asked.text))


def _in_state(state: str) -> Iterator[Clause]:
    turn = STATES[state]
    if turn is not None:
        yield Thread.turn == turn


def _asked_by(text: str) -> Clause:
    """In who asks, or in what the listing is called."""
    who = (Enquiry.requester_name, Enquiry.requester_email, Enquiry.requester_organisation, Thread.listing_name)
    return sa.or_(*(_has(column, text) for column in who))


def _says(text: str) -> Clause:
    """In the words that owners may read: not in what is held back until the terms are accepted."""
    held = sa.and_(Message.withheld, Enquiry.terms != "", Thread.terms_accepted_at.is_(None))
    return sa.exists().where(
        Message.enquiry_id == Thread.enquiry_id,
        sa.or_(Message.thread_id.is_(None), Message.thread_id == Thread.id),
        sa.not_(held),
        _has(Message.body, text),
    )


def _has(column: Any, text: str) -> Clause:
    """SQLite takes only A to Z and a to z for the same letters: other letters are tried in the usual spellings."""
    spellings = {text, text.lower(), text.upper(), text.capitalize(), text.title()}
    return sa.or_(*(column.icontains(each, autoescape=True) for each in sorted(spellings)))
