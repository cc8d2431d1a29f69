"""Posting, changing, deciding and ending public needs. Each commits once, with the letters that belong to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from facilities.accounts.models import User
from facilities.db import db, now
from facilities.moderation.decisions import note_act
from facilities.moderation.models import DecisionAct
from facilities.needs.letters import post_decision, post_waiting
from facilities.needs.models import NeedState, NeedSuggestion, PublicNeed
from facilities.needs.rights import FOR_ANYONE, is_open_at_once
from facilities.needs.telling import tell_watchers
from facilities.networks.models import Network, NetworkAct


class ChangedMeanwhile(Exception):
    """The need is no longer what the form was made from."""


class DecidedAlready(Exception):
    """The need waits for nobody any more."""


class TooManyNeeds(Exception):
    """The organisation has posted MOST_IN_DAY needs within a day."""


class NotOpen(Exception):
    """No desk has let the need through, or it is over: it cannot be said to be met."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is posted. `ends_on` is its last day."""

    organisation_id: int
    network: Network | None
    title: str
    text: str
    place: str
    ends_on: date
    language: str

    def fingerprint(self, form_id: str, by: User) -> str:
        """64 hexadecimal digits that are the same when the user sends the same form again, saying the same."""
        place = self.network.id if self.network else 0
        said = (self.organisation_id, place, self.title, self.text, self.place, str(self.ends_on), self.language)
        return sha256(repr((form_id, by.id, *said)).encode()).hexdigest()


MOST_IN_DAY = 20
"""Needs of one organisation: each is read by a desk, and mailed to all who asked for such letters."""

WORDS = ("title", "text", "place", "network_id", "organisation_id")
"""What a desk has looked at: a change of any is looked at anew. The last day is the poster's own."""


def post_need(said: Said, *, form_id: str, by: User, at: datetime | None = None) -> PublicNeed:
    """Store a need; it waits for a desk, which gets a letter, unless a desk posts it. The same form sent again by the
    same user, saying the same, gives the need of before. Raises TooManyNeeds."""
    form_id = said.fingerprint(form_id, by)
    before = _posted_by_form(form_id)
    if before is not None:
        return before
    at = at or now()
    if _posted_since(said.organisation_id, at - timedelta(days=1)) >= MOST_IN_DAY:
        raise TooManyNeeds(said.organisation_id)
    need = PublicNeed(form_id=form_id, posted_by_id=by.id, posted_by=by.actor.name[:120], posted_at=at)
    _say(need, said, by, at)
    db.session.add(need)
    try:
        db.session.flush()
        if need.state == NeedState.WAITING:
            post_waiting(need, since=at)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        before = _posted_by_form(form_id)
        if before is None:
            raise
        return before
    return need


def _posted_by_form(form_id: str) -> PublicNeed | None:
    return db.session.scalar(sa.select(PublicNeed).where(PublicNeed.form_id == form_id))


def _posted_since(organisation_id: int, at: datetime) -> int:
    posted = sa.select(sa.func.count()).where(PublicNeed.organisation_id == organisation_id, PublicNeed.posted_at > at)
    return db.session.scalar(posted) or 0


def change_need(need: PublicNeed, said: Said, *, version: int, by: User, at: datetime | None = None) -> PublicNeed:
    """Have it say something else. Other words wait for the desk again; another last day alone does not. A desk that
    knows already that it waits gets no second letter, nor one within a day of its last unless it was decided about
    meanwhile. Raises ChangedMeanwhile."""
    if need.version != version:
        raise ChangedMeanwhile(need.id)
    before = [getattr(need, name) for name in WORDS]
    state, network_id, at = need.state, need.network_id, at or now()
    since = max(filter(None, (at - timedelta(days=1), need.decided_at)))
    _keep_decision(need)
    _say(need, said, by, at)
    if state == NeedState.OPEN and before == [getattr(need, name) for name in WORDS]:
        need.state = NeedState.OPEN
    db.session.flush()
    if need.state == NeedState.WAITING and (state, network_id) != (NeedState.WAITING, need.network_id):
        db.session.expire(need, ["network", "organisation"])
        post_waiting(need, since=since)
    db.session.commit()
    return need


def _say(need: PublicNeed, said: Said, by: User, at: datetime) -> None:
    need.organisation_id, need.network_id = said.organisation_id, said.network.id if said.network else None
    need.title, need.text, need.place = said.title, said.text, said.place
    need.ends_on, need.language, need.changed_at = said.ends_on, said.language, at
    need.state = NeedState.OPEN if is_open_at_once(by, said.network) else NeedState.WAITING


def _keep_decision(need: PublicNeed) -> None:
    """Before its state changes: what a desk let through stays so, also what it posted itself; a refusal is forgotten
    once the need is handed in again or taken back."""
    if need.state == NeedState.REFUSED:
        need.decided_by, need.decided_at, need.reason = "", None, ""
    elif need.state in FOR_ANYONE and need.decided_at is None:
        need.decided_at = need.changed_at


def end_need(need: PublicNeed, state: NeedState, *, at: datetime | None = None) -> None:
    """Say that it is met, or take it back. A met need is public: only an open one can be. Raises NotOpen."""
    if state == NeedState.MET and need.state != NeedState.OPEN:
        raise NotOpen(need.id)
    _keep_decision(need)
    need.state, need.changed_at = state, at or now()
    db.session.commit()


def decide_need(
    need: PublicNeed, *, publish: bool, version: int, reason: str, by: User, at: datetime | None = None
) -> None:
    """Publish it or not, and write to who posted it; if it is published also to those who asked to be told of needs.
    Raises ChangedMeanwhile or DecidedAlready."""
    if need.state != NeedState.WAITING:
        raise DecidedAlready(need.id)
    if need.version != version:
        raise ChangedMeanwhile(need.id)
    need.state = NeedState.OPEN if publish else NeedState.REFUSED
    need.decided_by, need.decided_at, need.reason = by.actor.name[:120], at or now(), reason
    db.session.flush()
    listings = tell_watchers(need, at) if publish else []
    post_decision(need, listings)
    _note_decision(need, publish, by, reason)
    db.session.commit()


def _note_decision(need: PublicNeed, publish: bool, by: User, reason: str) -> None:
    """Into the log of the desk whose decision it was."""
    if need.network is None:
        act = DecisionAct.NEED_APPROVED if publish else DecisionAct.NEED_DROPPED
        note_act(f"{need.organisation.name}: {need.title}", act, by=by, reason=reason)
        return
    what = "need_published" if publish else "need_refused"
    made = {"made_by": by.actor.name[:120], "made_by_id": by.id}
    db.session.add(NetworkAct(network_id=need.network.id, what=what, about=need.title, reason=reason, **made))


def drop_suggestions(need: PublicNeed, ids: Iterable[int], at: datetime | None = None) -> int:
    """Leave some of what was found for a need out, for good; gives how many."""
    wanted = sa.and_(
        NeedSuggestion.need_id == need.id, NeedSuggestion.id.in_(list(ids)), NeedSuggestion.dropped_at.is_(None)
    )
    drop = sa.update(NeedSuggestion).where(wanted).values(dropped_at=at or now()).returning(NeedSuggestion.id)
    dropped = db.session.scalars(drop, execution_options={"synchronize_session": False}).all()
    db.session.commit()
    return len(dropped)
