"""Erasing an account: the person goes, what they did to listings stays without their name."""

from typing import cast

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from facilities.accounts.letters import post_account_erased
from facilities.accounts.models import Invitation, SiteRole, User
from facilities.accounts.team import only_managed_by
from facilities.catalogue.models import LISTINGS, Listing, Revision, RevisionAct, VocabularyChange
from facilities.db import Model, db, now
from facilities.enquiries.keeping.emptying import blank
from facilities.enquiries.keeping.erasing import erase_all_of
from facilities.enquiries.models import BlockedSender, Message, Thread, ThreadOpening
from facilities.insight.models import Edition
from facilities.manage.models import ImportRun
from facilities.moderation.models import Claim, Decision, Duplicate, Merge, Proposal, Report
from facilities.needs.models import PublicNeed
from facilities.networks.applicants import forget_applicant
from facilities.networks.models import Application, Membership, NetworkAct, NetworkGrant
from facilities.outbox.models import StoredLetter
from facilities.search.log.models import SettledSearch
from facilities.search.saved.actions import end_all_of

NAMED_WITH_ID: tuple[tuple[type[Model], str, str], ...] = (
    (Revision, "user_id", "made_by"),
    (Proposal, "made_by_id", "made_by"),
    (Decision, "made_by_id", "made_by"),
    (ImportRun, "made_by_id", "made_by"),
    (VocabularyChange, "made_by_id", "made_by"),
    (Message, "user_id", "author_name"),
    (ThreadOpening, "user_id", "who"),
    (BlockedSender, "blocked_by_id", "blocked_by"),
    (PublicNeed, "posted_by_id", "posted_by"),
    (NetworkAct, "made_by_id", "made_by"),
    (Edition, "frozen_by_id", "frozen_by"),
)
NAMED_ONLY: tuple[tuple[type[Model], str], ...] = (
    (Proposal, "decided_by"),
    (Claim, "decided_by"),
    (Report, "decided_by"),
    (Duplicate, "decided_by"),
    (Merge, "merged_by"),
    (Merge, "undone_by"),
    (VocabularyChange, "undone_by"),
    (SettledSearch, "settled_by"),
    (Thread, "terms_accepted_by"),
    (PublicNeed, "decided_by"),
    (NetworkAct, "about"),
    (NetworkGrant, "granted_by"),
    (Membership, "made_by"),
    (Application, "decided_by"),
)
"""Names of the desk that stand without an id: replaced unless somebody else is called the same."""


class MustHandOver(Exception):
    """Somebody else has to take over first: `listings` have no other manager, or the site no other administrator."""

    def __init__(self, listings: list[Listing], *, administrator: bool) -> None:
        super().__init__(f"{len(listings)} listings, administrator: {administrator}")
        self.listings, self.administrator = listings, administrator


def check_handed_over(user: User) -> None:
    """Raises MustHandOver."""
    listings = only_managed_by(user)
    alone = user.is_administrator and not _other_administrators(user)
    if listings or alone:
        raise MustHandOver(listings, administrator=alone)


def erase_account(user: User) -> None:
    """Delete the account and take its name off everything it did. What was asked from its address is erased first, an
    enquiry at a time, and the letters to it are blanked, if the address is known to be its own. Raises MustHandOver."""
    check_handed_over(user)
    is_own = user.confirmed_at is not None
    if is_own:
        erase_all_of(user.email)
    end_all_of(user.email)
    if is_own:
        _blank_letters_to(user.email)
    post_account_erased(user)
    forget_applicant(user, former_user())
    _take_name_off(user)
    db.session.execute(sa.delete(Invitation).where(Invitation.email == user.email.lower()))
    db.session.delete(user)
    db.session.commit()


def former_user() -> str:
    """What the history shows instead of the name, in the site's language."""
    with force_locale(current_app.config["DEFAULT_LOCALE"]):
        return _("A former user")


def _take_name_off(user: User) -> None:
    nobody = former_user()
    names = {user.actor.name, *db.session.scalars(sa.select(Revision.made_by).where(Revision.user_id == user.id))}
    _take_off_confirmations(user, names, nobody)
    for model, number, name in NAMED_WITH_ID:
        table = _table(model)
        db.session.execute(
            sa.update(table).where(table.c[number] == user.id).values({name: nobody, number: None})
        )  # fmt: skip
    if not _namesakes(user, names):
        for model, name in NAMED_ONLY:
            table = _table(model)
            db.session.execute(sa.update(table).where(table.c[name].in_(names)).values({name: nobody}))


def _blank_letters_to(email: str) -> None:
    """Letters no longer say whom they went to. Those about a thread keep their subject, which is the thread's, and are
    sent if they wait: the address may be a listing's contact too."""
    own = sa.func.lower(StoredLetter.to) == email.lower()
    blank(own & StoredLetter.thread_id.is_(None), now())
    gone = own & StoredLetter.sent_at.is_not(None)
    db.session.execute(sa.update(_table(StoredLetter)).where(gone).values(to=""))


def _take_off_confirmations(user: User, names: set[str], nobody: str) -> None:
    """Listings keep who confirmed them last by name alone; whose name it is, the history tells."""
    confirmed = sa.select(Revision.listing_id).where(Revision.user_id == user.id, Revision.act == RevisionAct.CONFIRMED)
    own = LISTINGS.c.id.in_(confirmed) & LISTINGS.c.confirmed_by.in_(names)
    db.session.execute(sa.update(LISTINGS).where(own).values(confirmed_by=nobody))


def _table(model: type[Model]) -> sa.Table:
    return cast("sa.Table", model.__table__)


def _namesakes(user: User, names: set[str]) -> bool:
    return db.session.scalar(sa.select(User.id).where(User.name.in_(names), User.id != user.id).limit(1)) is not None


def _other_administrators(user: User) -> bool:
    others = sa.select(User.id).where(User.site_role == SiteRole.ADMINISTRATOR, User.id != user.id, User.active)
    return db.session.scalar(others.limit(1)) is not None
