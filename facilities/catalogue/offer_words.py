"""What an offer says in few words: premises by size and class, capital by stage and amount, all by their last day."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from facilities.catalogue.models import FundingStage, Offer, OfferKind, PremisesKind, RoomClass
from facilities.catalogue.models.terms import Word
from facilities.formats import money, number, short_date, site_today

Facts = list[tuple[str, str]]

ASK: dict[OfferKind, LazyString] = {
    OfferKind.PREMISES: _l("Ask about these premises"),
    OfferKind.FUNDING: _l("Ask about this funding"),
    OfferKind.KNOWLEDGE: _l("Ask for advice"),
    OfferKind.EDUCATION: _l("Ask about this offer"),
    OfferKind.PARTNERS: _l("Answer this call"),
}
"""What the button of an offer's page says."""


def has_ended(offer: Offer) -> bool:
    """Whether the last day on which it could be asked for has passed."""
    return offer.open_until is not None and offer.open_until < site_today()


def ask_label(offer: Offer) -> LazyString:
    return ASK[offer.offer_kind]


def offer_line(offer: Offer) -> str:
    """One line for cards and lists: Premises · Laboratory, Office · 120–800 m² · GMP · Free from 1 Mar 2027."""
    parts = [str(offer.offer_kind.label), *_particulars(offer), _last_day(offer)]
    return " · ".join(part for part in parts if part)


def offer_facts(offer: Offer) -> Facts:
    """What the owner states, as (name, value), for the page of the offer."""
    facts = [
        (_("Kind of premises"), labelled(offer.premises, PremisesKind)),
        (_("Area"), area(offer)),
        (_("Fitted out for"), labelled(offer.room_classes, RoomClass)),
        (_("Free from"), short_date(offer.free_from) if offer.free_from else ""),
        (_("For companies at the stage"), labelled(offer.stages, FundingStage)),
        (_("Amount"), amount(offer)),
        (_("Apply by") if offer.offer_kind == OfferKind.FUNDING else _("Open until"), _open_until(offer)),
    ]
    return [(name, value) for name, value in facts if value]


def area(offer: Offer) -> str:
    """The size in square metres, from the smallest to the largest that can be had."""
    return _range(offer.area_min, offer.area_max, lambda size: f"{size}\N{NO-BREAK SPACE}m²")


def amount(offer: Offer) -> str:
    """What is given, from the least to the most."""

    if not offer.currency:
        return _range(offer.amount_min, offer.amount_max, str)
    before, _one, after = money(Decimal(1), offer.currency).partition("1")
    return _range(offer.amount_min, offer.amount_max, lambda sum_: f"{before}{sum_}{after}", unit_first=bool(before))


def labelled(values: Iterable[str], words: type[Word]) -> str:
    """The labels of words, those that are known, in the order of their list."""
    chosen = set(values)
    return ", ".join(str(word.label) for word in words if word.value in chosen)


def _particulars(offer: Offer) -> list[str]:
    free_from = _("Free from %(day)s", day=short_date(offer.free_from)) if offer.free_from else ""
    premises = [labelled(offer.premises, PremisesKind), area(offer), labelled(offer.room_classes, RoomClass), free_from]
    return [*premises, labelled(offer.stages, FundingStage), amount(offer)]


def _last_day(offer: Offer) -> str:
    if offer.open_until is None:
        return ""
    day = short_date(offer.open_until)
    if has_ended(offer):
        return _("Ended on %(day)s", day=day)
    if offer.offer_kind == OfferKind.FUNDING:
        return _("Apply by %(day)s", day=day)
    return _("Open until %(day)s", day=day)


def _open_until(offer: Offer) -> str:
    return short_date(offer.open_until) if offer.open_until and not has_ended(offer) else ""


def _range(low: int | None, high: int | None, with_unit: Callable[[str], str], *, unit_first: bool = False) -> str:
    """From the lower to the higher number, the unit said once: 120–800 m², SEK 500,000–5,000,000."""
    if low is None and high is None:
        return ""
    if high is None:
        return _("from %(least)s", least=with_unit(number(low or 0)))
    if not low:
        return _("up to %(most)s", most=with_unit(number(high)))
    if low == high:
        return with_unit(number(high))
    ends = (with_unit(number(low)), number(high)) if unit_first else (number(low), with_unit(number(high)))
    return "\N{EN DASH}".join(ends)
