"""Who may read a thread: its recipients, the managers of its listing, who it is assigned to, and the desk."""

from facilities.accounts.models import User
from facilities.accounts.rights import Level, level_of, may_moderate, may_see_enquiries
from facilities.enquiries.models import Thread


def may_read(user: User | None, thread: Thread) -> bool:
    """Read and answer a thread with an account; by link see `Recipient.token` and `Enquiry.token`."""
    return may_moderate(user) or answers_for(user, thread)


def answers_for(user: User | None, thread: Thread) -> bool:
    """Whether the user belongs to those who were asked: not a moderator who only looks after it."""
    if user is None or not user.is_authenticated or not user.active:
        return False
    if _receives(user, thread):
        return True
    if thread.assigned_to_id == user.id and may_be_assigned(user, thread):
        return True
    if thread.listing is None or not may_see_enquiries(user, thread.listing):
        return False
    return not may_moderate(user) or _has_grant(user, thread)


def reads_as_desk(user: User | None, thread: Thread) -> bool:
    """Whether the user reads it only as the desk, which is logged."""
    return may_moderate(user) and not answers_for(user, thread)


def may_be_assigned(user: User, thread: Thread) -> bool:
    """Editors and managers of the listing, and whoever is a recipient."""
    if thread.listing is None or not user.active:
        return False
    return _receives(user, thread) or level_of(user, thread.listing) in (Level.EDITOR, Level.MANAGER)


def colleague_of(thread: Thread) -> User | None:
    """To whom it is left, as long as that is still somebody to whom it may be left."""
    user = thread.assigned_to
    return user if user is not None and may_be_assigned(user, thread) else None


def _receives(user: User, thread: Thread) -> bool:
    confirmed = user.confirmed_at is not None
    return confirmed and any(recipient.mailbox == user.email.lower() for recipient in thread.recipients)


def _has_grant(user: User, thread: Thread) -> bool:
    holders = {holder.id for holder in thread.listing.lineage()} if thread.listing else set()
    return any(grant.listing_id in holders and grant.role == "manager" for grant in user.grants)
