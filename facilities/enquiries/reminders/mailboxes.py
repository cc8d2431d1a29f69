"""Who is reminded of a thread: mailboxes, each with the place where it answers."""

from dataclasses import dataclass

import sqlalchemy as sa
from flask import current_app

from facilities.accounts.models import Grant, OwnerRole, User
from facilities.db import db, now
from facilities.enquiries.models import Recipient, Route, Thread
from facilities.enquiries.reading_language import reading_language
from facilities.enquiries.routing import Asked, receivers, recipient_of
from facilities.enquiries.routing.rules import is_away
from facilities.enquiries.threads.letters import inbox_path, reachable
from facilities.enquiries.threads.rights import colleague_of
from facilities.reply_address import Side, reply_address


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox that is reminded of one thread. `path` is where it answers, `side` and `ids` where a reply by mail
    belongs."""

    email: str
    locale: str
    thread: Thread
    path: str
    side: Side
    ids: tuple[int, ...]
    recipient_id: int | None = None

    @classmethod
    def of_recipient(cls, recipient: Recipient) -> "Mailbox":
        locale = reading_language(recipient)
        ids = (recipient.id,)
        return cls(recipient.email, locale, recipient.thread, recipient.path, Side.RECIPIENT, ids, recipient.id)

    @classmethod
    def of_user(cls, user: User, thread: Thread) -> "Mailbox":
        return cls(user.email, user.locale, thread, inbox_path(thread), Side.COLLEAGUE, (thread.id, user.id))

    @property
    def reply_to(self) -> str:
        """Empty where no mail comes in."""
        return reply_address(self.side, *self.ids)


def owners(thread: Thread) -> list[Mailbox]:
    """The colleague to whom the thread is left, else all recipients whom mail reaches."""
    colleague = colleague_of(thread)
    if colleague is not None:
        return [Mailbox.of_user(colleague, thread)]
    return [Mailbox.of_recipient(each) for each in reachable(thread)]


def present(thread: Thread) -> list[Mailbox]:
    """The same, without those who are on leave today."""
    colleague = colleague_of(thread)
    return (
        owners(thread) if colleague else [Mailbox.of_recipient(each) for each in reachable(thread) if not _away(each)]
    )


def _away(recipient: Recipient) -> bool:
    contact = recipient.contact
    itself = contact is not None and contact.email.lower() == recipient.mailbox
    return itself and contact is not None and is_away(contact, now().date())


def deputies(thread: Thread) -> list[Mailbox]:
    """Who comes after those who have been asked: their deputies, else the contacts of what the listing belongs to, who
    become recipients of the thread; without any, its managers, and the owners once more. Where one colleague was to
    answer, the other recipients come with them."""
    others = [Mailbox.of_recipient(each) for each in reachable(thread)] if colleague_of(thread) else []
    new = _next_in_charge(thread)
    if not new:
        return [*(others or owners(thread)), *_managers(thread)]
    db.session.flush()
    return [*others, *map(Mailbox.of_recipient, new)]


def _next_in_charge(thread: Thread) -> list[Recipient]:
    """As routing finds them when those who have been asked are passed over."""
    if thread.listing is None:
        return []
    enquiry, silent = thread.enquiry, {recipient.mailbox for recipient in thread.recipients}
    asked = Asked(enquiry.kind, now().date(), enquiry.locale, enquiry.requester_group)
    found = receivers(thread.listing, asked, desk_email=current_app.config["DESK_EMAIL"], lost=silent)
    new = [recipient_of(each) for each in found if each.route != Route.DESK]
    for recipient in new:
        recipient.reason = {"rule": "reminded"}
        recipient.enquiry = thread.enquiry
        thread.recipients.append(recipient)
    return new


def _managers(thread: Thread) -> list[Mailbox]:
    """The accounts that manage the listing, except those that receive the thread anyway."""
    held = [holder.id for holder in thread.listing.lineage()] if thread.listing else []
    query = sa.select(User).join(Grant, Grant.user_id == User.id)
    query = query.where(Grant.listing_id.in_(held), Grant.role == OwnerRole.MANAGER, User.active)
    receive = {recipient.mailbox for recipient in thread.recipients}
    people = db.session.scalars(query.order_by(User.id)).unique()
    return [Mailbox.of_user(user, thread) for user in people if user.email.lower() not in receive]
