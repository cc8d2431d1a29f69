"""What decides whether a contact receives an enquiry: what it is in charge of, and whether letters reach anybody."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from facilities.catalogue.models import Contact, Listing, UserGroup
from facilities.enquiries.models import EnquiryKind

NORWEGIAN = ("no", "nb", "nn")


@dataclass(frozen=True, slots=True)
class Asked:
    """What routing looks at: the kind of enquiry, the requester's language and user group, the day."""

    kind: EnquiryKind
    on: date
    locale: str = "en"
    group: UserGroup | None = None

    @property
    def language(self) -> str:
        """The language as contacts name it; who reads one Norwegian reads the other."""
        return language_of(self.locale)


class Why(StrEnum):
    """Why a contact does not receive an enquiry; the last two are about all contacts of a listing."""

    KIND = "kind"
    GROUP = "group"
    GROUP_OF_OTHERS = "group_of_others"
    LANGUAGE = "language"
    LEFT = "left"
    BOUNCED = "bounced"
    FAILED = "failed"
    AWAY = "away"
    NO_ADDRESS = "no_address"
    SAME_MAILBOX = "same_mailbox"
    TOO_MANY = "too_many"
    NO_CONTACTS = "no_contacts"
    NOT_PUBLISHED = "not_published"

    @property
    def is_lost(self) -> bool:
        """Whether something is amiss with the contact, which its owner should know."""
        return self in (Why.LEFT, Why.BOUNCED, Why.FAILED, Why.AWAY, Why.NO_ADDRESS)


@dataclass(frozen=True, slots=True)
class Passed:
    """A contact, by its role, that was passed over; without a role all of a listing. `day` (ISO 8601) is until when it
    is away or since when its address does not work."""

    why: Why
    holder: str
    role: str = ""
    day: str = ""

    def as_json(self) -> dict[str, str]:
        said = {"why": self.why.value, "holder": self.holder, "role": self.role, "day": self.day}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mailbox that can receive for a contact: its own, or its deputy's, and then why not its own."""

    contact: Contact
    email: str
    absence: Passed | None = None

    @property
    def mailbox(self) -> str:
        return self.email.lower()


def language_of(locale: str) -> str:
    """The language of a locale: nb_NO, no and nn are one."""
    code = locale.replace("-", "_").partition("_")[0].lower()
    return "nb" if code in NORWEGIAN else code


def takes(contact: Contact, kind: EnquiryKind) -> bool:
    """A contact that names no kinds takes all of them."""
    return not contact.enquiry_kinds or kind in contact.enquiry_kinds


def candidate(contact: Contact, holder: Listing, asked: Asked, lost: Collection[str]) -> Candidate | Passed:
    """The mailbox that receives for this contact, or why none does. `lost` are mailboxes in small letters that are
    known not to work."""
    if not takes(contact, asked.kind):
        return Passed(Why.KIND, holder.name, contact.role)
    if contact.groups and asked.group not in contact.groups:
        return Passed(Why.GROUP, holder.name, contact.role)
    absence = absence_of(contact, holder, asked.on, lost)
    if absence is None:
        return Candidate(contact, contact.email)
    deputy = contact.deputy_email
    if deputy and deputy.lower() not in lost and deputy.lower() != contact.email.lower():
        return Candidate(contact, deputy, absence)
    return absence


def absence_of(contact: Contact, holder: Listing, on: date, lost: Collection[str] = ()) -> Passed | None:
    """Why the contact itself cannot receive anything on that day; None if it can."""
    if contact.left_at:
        return Passed(Why.LEFT, holder.name, contact.role)
    if not contact.email:
        return Passed(Why.NO_ADDRESS, holder.name, contact.role)
    if contact.bounced_at:
        return Passed(Why.BOUNCED, holder.name, contact.role, contact.bounced_at.date().isoformat())
    if contact.email.lower() in lost:
        return Passed(Why.FAILED, holder.name, contact.role)
    if is_away(contact, on):
        until = contact.away_until.isoformat() if contact.away_until else ""
        return Passed(Why.AWAY, holder.name, contact.role, until)
    return None


def is_away(contact: Contact, on: date) -> bool:
    """Whether the day is among those of the contact's leave; one end of it may be open."""
    if contact.away_from is None and contact.away_until is None:
        return False
    return (contact.away_from or date.min) <= on <= (contact.away_until or date.max)


def best_suited(candidates: Sequence[Candidate], asked: Asked, holder: Listing) -> tuple[list[Candidate], list[Passed]]:
    """Those whose user group and language it is, before those who take what nobody names; and who stands back."""
    kept, first = _prefer(candidates, holder, Why.GROUP_OF_OTHERS, lambda contact: bool(contact.groups))
    kept, second = _prefer(kept, holder, Why.LANGUAGE, lambda contact: speaks(contact, asked.language))
    if not any(speaks(each.contact, asked.language) for each in kept):
        kept, second = _prefer(kept, holder, Why.LANGUAGE, lambda contact: not contact.languages)
    return kept, first + second


def speaks(contact: Contact, language: str) -> bool:
    """Whether the contact names the language."""
    return language in map(language_of, contact.languages or ())


def once_for_each_mailbox(candidates: Iterable[Candidate], holder: Listing) -> tuple[list[Candidate], list[Passed]]:
    """The first candidate of each mailbox, a contact's own before its use as a deputy's; and those left out."""
    by_mailbox: dict[str, Candidate] = {}
    for each in candidates:
        by_mailbox.setdefault(each.mailbox, each)
    left_out = [each for each in candidates if by_mailbox[each.mailbox] is not each]
    return list(by_mailbox.values()), _passed(left_out, holder, Why.SAME_MAILBOX)


def criteria(contact: Contact, asked: Asked) -> dict[str, Any]:
    """What the contact names that this enquiry is, as `Recipient.reason` keeps it."""
    named = {
        "kind": asked.kind.value if contact.enquiry_kinds else "",
        "group": asked.group.value if contact.groups and asked.group else "",
        "language": asked.language if speaks(contact, asked.language) else "",
    }
    return {name: value for name, value in named.items() if value}


def _prefer(
    candidates: Sequence[Candidate], holder: Listing, why: Why, suits: Callable[[Contact], bool]
) -> tuple[list[Candidate], list[Passed]]:
    """Those that suit, if any do; else all."""
    suited = [each for each in candidates if suits(each.contact)]
    if not suited:
        return list(candidates), []
    return suited, _passed([each for each in candidates if each not in suited], holder, why)


def _passed(candidates: Iterable[Candidate], holder: Listing, why: Why) -> list[Passed]:
    return [Passed(why, holder.name, each.contact.role) for each in candidates]
