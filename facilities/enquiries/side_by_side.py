"""The threads of an enquiry beside each other, as its requester compares them."""

from collections.abc import Sequence
from dataclasses import dataclass

from facilities.catalogue.models import Listing, Status
from facilities.enquiries.models import Author, Enquiry, Message, Quote, Thread
from facilities.enquiries.reminders.offers import similar_to_ask
from facilities.enquiries.requesting import Act, acts_of
from facilities.enquiries.standing import Standing, standing


@dataclass(frozen=True, slots=True)
class Side:
    """One thread as the private page shows it. `similar` are listings to ask instead of one that is late or said no."""

    thread: Thread
    standing: Standing
    acts: tuple[Act, ...]
    similar: Sequence[Listing] = ()

    @property
    def quote(self) -> Quote | None:
        """The newest offer."""
        return self.thread.quote

    @property
    def answer(self) -> Message | None:
        """The last that was said to the requester in words."""
        said = (each for each in reversed(self.thread.messages) if not each.internal and each.body)
        return next((each for each in said if each.author in (Author.OWNER, Author.DESK)), None)

    @property
    def listing(self) -> Listing | None:
        """The listing, if it is still public."""
        listing = self.thread.listing
        return listing if listing is not None and listing.status == Status.PUBLISHED else None

    @property
    def own(self) -> list[Message]:
        """What was said in this thread, without what was said to all at first."""
        return [each for each in self.thread.messages if each.thread_id is not None and not each.internal]

    @property
    def receivers(self) -> str:
        """The roles that received it, each once."""
        return ", ".join(dict.fromkeys(each.role for each in self.thread.recipients))


def sides(enquiry: Enquiry) -> list[Side]:
    """Its threads in the order they were asked; similar listings beside those that said no or are late."""
    return [Side(each, standing(each), acts_of(each), _instead(each)) for each in enquiry.threads]


def _instead(thread: Thread) -> Sequence[Listing]:
    declined = thread.status == "declined" and thread.ended_by == Author.OWNER
    late = thread.reminders > 0 and thread.first_answered_at is None and not thread.status.ended
    return similar_to_ask(thread) if declined or late else ()
