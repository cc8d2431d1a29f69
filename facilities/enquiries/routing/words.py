"""Why somebody receives an enquiry, in whole sentences for its owner and the desk."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from datetime import date
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from facilities.catalogue.models import UserGroup
from facilities.catalogue.models.terms import Word
from facilities.enquiries.models import EnquiryKind, Recipient
from facilities.enquiries.routing.choosing import Receiver
from facilities.enquiries.routing.rules import Passed, Why
from facilities.formats import long_date, visitor_locale

Reason = Mapping[str, Any]


def explain(who: Recipient | Receiver, locale: str | None = None, *, dry: bool = False) -> str:
    """Why this mailbox receives the enquiry, in the reader's language unless another is named. `dry`: for one that
    nobody has sent, beside who it is."""
    with force_locale(locale) if locale else nullcontext():
        return " ".join(_sentences(who, dry=dry))


def explain_passed(passed: Passed, locale: str | None = None) -> str:
    """Why a contact, or all of a listing, was passed over."""
    with force_locale(locale) if locale else nullcontext():
        return WHY[passed.why](passed)


def _sentences(who: Recipient | Receiver, *, dry: bool) -> Iterator[str]:
    reason = who.reason
    yield (_first_dry if dry else _first)(who, reason)
    if named := ", ".join(_named(reason)):
        yield _("In charge of: %(what)s.", what=named)
    if instead := reason.get("instead"):
        yield from _instead(instead)
    if not dry:
        yield from (WHY[passed.why](passed) for passed in _passed(reason) if not _is_it(passed, instead))


def _first(who: Recipient | Receiver, reason: Reason) -> str:
    match reason.get("rule"):
        case "desk":
            return _("Sent to the desk of the catalogue: no contact can receive it.")
        case "deputy":
            return _("Sent to the deputy of %(role)s, %(why)s.", role=reason["role"], why=_absence(reason))
        case "contact":
            return _("Sent to %(role)s of %(listing)s.", role=reason["role"], listing=reason["holder"])
        case "reminded":
            return _("Sent to %(role)s, who is next in charge: nobody had answered the reminder.", role=who.role)
    return _("Sent to %(role)s, %(route)s.", role=who.role, route=who.route.label)


def _first_dry(_who: Recipient | Receiver, reason: Reason) -> str:
    match reason.get("rule"):
        case "desk":
            return _("No contact can receive it, so the desk of the catalogue does.")
        case "deputy":
            return _("Deputy of %(role)s, %(why)s.", role=reason["role"], why=_absence(reason))
    return _("A contact of %(listing)s.", listing=reason["holder"])


def _absence(reason: Reason) -> str:
    """Why it is the deputy, as the end of a sentence about the contact."""
    absence = _of_json(reason["absence"])
    day = _day(absence) if absence.day else ""
    match absence.why:
        case Why.AWAY:
            return _("who is away until %(day)s", day=day) if day else _("who is away")
        case Why.LEFT:
            return _("who has left")
        case Why.BOUNCED:
            return _("whose mail came back on %(day)s", day=day)
        case Why.FAILED:
            return _("whom the letter could not be delivered to")
    return _("who has no mail address")


def _named(reason: Reason) -> Iterator[str]:
    """What the contact is in charge of that this enquiry is."""
    if kind := reason.get("kind"):
        yield _label(EnquiryKind, kind)
    if group := reason.get("group"):
        yield _label(UserGroup, group)
    if language := reason.get("language"):
        yield str(visitor_locale().languages.get(language, language))


def _label(words: type[Word], value: str) -> str:
    return next((str(word.label) for word in words if word == value), value)


def _instead(instead: Reason) -> Iterator[str]:
    """Whose place the recipient takes, and what the mail server said."""
    words = instead.get("words", "")
    if instead.get("why") == Why.LEFT:
        said = _("It takes the place of %(role)s, who has left.", role=instead["role"])
    elif instead.get("why") == Why.BOUNCED:
        said = _("It takes the place of %(role)s: the first letter came back.", role=instead["role"])
    else:
        said = _("It takes the place of %(role)s: the first letter could not be delivered.", role=instead["role"])
    yield said
    if words:
        yield _("The mail server said: “%(words)s”", words=words)


def _is_it(passed: Passed, instead: Reason | None) -> bool:
    """Whether it is the one whose place the recipient takes, of whom all has been said."""
    return instead is not None and (passed.role, passed.why) == (instead["role"], instead.get("why"))


def _passed(reason: Reason) -> Iterator[Passed]:
    yield from (_of_json(each) for each in reason.get("passed", ()))


def _of_json(said: Reason) -> Passed:
    return Passed(Why(said["why"]), said["holder"], said.get("role", ""), said.get("day", ""))


def _who(passed: Passed) -> str:
    return _("%(role)s of %(listing)s", role=passed.role, listing=passed.holder)


def _day(passed: Passed) -> str:
    return long_date(date.fromisoformat(passed.day))


def _away(passed: Passed) -> str:
    if passed.day:
        return _("%(who)s is away until %(day)s.", who=_who(passed), day=_day(passed))
    return _("%(who)s is away.", who=_who(passed))


def _bounced(passed: Passed) -> str:
    return _("Mail to %(who)s came back on %(day)s.", who=_who(passed), day=_day(passed))


WHY: Mapping[Why, Callable[[Passed], str]] = {
    Why.KIND: lambda passed: _("%(who)s does not receive this kind of enquiry.", who=_who(passed)),
    Why.GROUP: lambda passed: _("%(who)s is there for other user groups.", who=_who(passed)),
    Why.GROUP_OF_OTHERS: lambda passed: _("%(who)s leaves this user group to a colleague.", who=_who(passed)),
    Why.LANGUAGE: lambda passed: _("%(who)s leaves this language to a colleague.", who=_who(passed)),
    Why.LEFT: lambda passed: _("%(who)s has left.", who=_who(passed)),
    Why.BOUNCED: _bounced,
    Why.FAILED: lambda passed: _("The letter to %(who)s could not be delivered.", who=_who(passed)),
    Why.AWAY: _away,
    Why.NO_ADDRESS: lambda passed: _("%(who)s has no mail address.", who=_who(passed)),
    Why.SAME_MAILBOX: lambda passed: _("%(who)s has the mailbox of a contact named before.", who=_who(passed)),
    Why.TOO_MANY: lambda passed: _("%(who)s comes after as many contacts as one enquiry goes to.", who=_who(passed)),
    Why.NO_CONTACTS: lambda passed: _("%(listing)s has no contacts of its own.", listing=passed.holder),
    Why.NOT_PUBLISHED: lambda passed: _("%(listing)s is not published.", listing=passed.holder),
}
"""A sentence for each reason to pass over a contact."""
