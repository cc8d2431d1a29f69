"""Who says or does something in a thread."""

from dataclasses import dataclass

from facilities.accounts.models import User
from facilities.enquiries.models import Author, Enquiry, Recipient


@dataclass(frozen=True, slots=True)
class Speaker:
    """Someone who acts in a thread: the side they are on, the name others see, and how we know them.

    An owner has an account (`user`), or whoever has the mailbox of a `recipient` without one.
    """

    author: Author
    name: str
    user: User | None = None
    recipient: Recipient | None = None

    @property
    def asks(self) -> bool:
        """Whether this is the requester's side."""
        return self.author == Author.REQUESTER


THE_SITE = Speaker(Author.SITE, "")
"""What the catalogue does by itself."""


def requester(enquiry: Enquiry) -> Speaker:
    return Speaker(Author.REQUESTER, enquiry.requester_name)


def owner(user: User) -> Speaker:
    """Someone with an account who answers for the listing."""
    return Speaker(Author.OWNER, user.actor.name, user)


def desk(user: User) -> Speaker:
    """A moderator who has no right of their own on the listing."""
    return Speaker(Author.DESK, user.actor.name, user)


def mailbox(recipient: Recipient) -> Speaker:
    """Whoever reads the mail of a recipient; others see the role."""
    return Speaker(Author.OWNER, recipient.role, recipient=recipient)
