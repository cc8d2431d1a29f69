"""What the desk makes of a held enquiry: send it on, or keep it unsent. Each is one transaction with its letters."""

from datetime import datetime, timedelta

from flask import current_app

from facilities.accounts.models import User
from facilities.db import db, now
from facilities.enquiries.actions import post_letters
from facilities.enquiries.booking.catching_up import catch_up
from facilities.enquiries.models import Author, BlockedSender, Enquiry, EnquiryStatus, Stage, Thread
from facilities.enquiries.queries import mailbox_of
from facilities.enquiries.routing import Asked, receivers, recipient_of
from facilities.enquiries.spam.queries import Shelf, shelf_of
from facilities.enquiries.spam.score import HOLD_FROM
from facilities.enquiries.spam.senders import domain_pattern, is_blocked
from facilities.enquiries.threads.turns import nobodys_turn, owners_turn
from facilities.moderation.decisions import note_act
from facilities.moderation.models import DecisionAct
from facilities.outbox import actions as outbox
from facilities.outbox.models import JobKind


def release(enquiry: Enquiry, *, by: User, at: datetime | None = None) -> None:
    """It is no spam: whoever is in charge today get their letters, and their time to answer begins now.

    What had been sent before it was marked goes on where it was, without letters. The enquiry is read for changing.
    """
    at, shelf = at or now(), shelf_of(enquiry)
    if shelf is None:
        return
    for thread in enquiry.threads:
        if thread.status == EnquiryStatus.SPAM:
            _go_on(thread, at, asked=shelf != Shelf.MARKED)
    if shelf != Shelf.MARKED:
        enquiry.stage = Stage.SENT if enquiry.threads else Stage.TO_MATCH
        db.session.flush()
        post_letters(enquiry, {thread.listing_id or 0: timedelta() for thread in enquiry.threads}, at=at)
        outbox.add(JobKind.RECEIPT_LETTER, [enquiry.id])
    note_act(what_about(enquiry), DecisionAct.ENQUIRY_RELEASED, by=by)
    db.session.commit()


def confirm_spam(enquiry: Enquiry, *, by: User) -> None:
    """It is spam: kept, never sent. Of one that had been sent, the threads that were marked stay so."""
    if shelf_of(enquiry) != Shelf.HELD:
        return
    enquiry.stage, enquiry.spam_score = Stage.DROPPED, max(enquiry.spam_score, HOLD_FROM)
    note_act(what_about(enquiry), DecisionAct.ENQUIRY_SPAM, by=by)
    db.session.commit()


def block_sender(pattern: str, *, by: User, why: str = "") -> bool:
    """Hold all that comes from an address or `@domain`; False if it is blocked already."""
    if pattern.startswith("@"):
        known = db.session.query(BlockedSender).filter_by(pattern=pattern).first() is not None
    else:
        known = is_blocked(pattern)
    if known:
        return False
    who = by.actor.name[:120]
    db.session.add(BlockedSender(pattern=pattern, why=why[:300], blocked_by_id=by.id, blocked_by=who))
    note_act(_without_person(pattern), DecisionAct.SENDER_BLOCKED, by=by, reason=why)
    db.session.commit()
    return True


def block_sender_of(enquiry: Enquiry, *, whole_domain: bool, by: User) -> tuple[str, bool]:
    """Block whoever sent an enquiry, or everybody at the domain unless anybody may have an address there. Gives the
    pattern, and whether it was not blocked before."""
    mailbox, domain = mailbox_of(enquiry.requester_email)
    pattern = domain_pattern(enquiry.requester_email) if whole_domain else f"{mailbox}@{domain}"
    return pattern, block_sender(pattern, by=by)


def unblock_sender(blocked: BlockedSender, *, by: User) -> None:
    """Let the sender's enquiries through again; what is held stays held until the desk sends it on."""
    db.session.delete(blocked)
    note_act(_without_person(blocked.pattern), DecisionAct.SENDER_UNBLOCKED, by=by)
    db.session.commit()


def what_about(enquiry: Enquiry) -> str:
    """What an enquiry asks about, for the log, which outlives the name of who asked."""
    names = ", ".join(dict.fromkeys(thread.listing_name for thread in enquiry.threads))
    return f"{enquiry.label}: {names}" if names else str(enquiry.label)


def _without_person(pattern: str) -> str:
    """A pattern as the log keeps it for ever: of an address only the domain."""
    return pattern if pattern.startswith("@") else f"…@{pattern.rpartition('@')[2]}"


def _go_on(thread: Thread, at: datetime, *, asked: bool) -> None:
    """It is the owner's turn, unless the requester has ended it meanwhile; `asked` only now, for the first time."""
    if asked:
        thread.asked_at = at
        _route_anew(thread, at)
        db.session.flush()  # letters name their recipients
    catch_up(thread, at=at)
    ended, shown, by, closed_at = thread.shown_end, thread.shown_status, thread.shown_ended_by, thread.shown_closed_at
    thread.status = EnquiryStatus.NEW if asked else shown
    owners_turn(thread, at)
    if ended:
        nobodys_turn(thread, ended, by=by or Author.REQUESTER, at=closed_at or at)


def _route_anew(thread: Thread, at: datetime) -> None:
    """Nobody has been written to, and while it was held somebody may have left or gone on leave."""
    enquiry = thread.enquiry
    if thread.listing is None:
        return
    asked = Asked(enquiry.kind, at.date(), enquiry.locale, enquiry.requester_group)
    chosen = receivers(thread.listing, asked, desk_email=current_app.config["DESK_EMAIL"])
    for earlier in list(thread.recipients):
        thread.recipients.remove(earlier)
        enquiry.recipients.remove(earlier)
    db.session.flush()  # each mailbox once: those before have to be gone
    for receiver in chosen:
        recipient = recipient_of(receiver)
        thread.recipients.append(recipient)
        enquiry.recipients.append(recipient)
