"""What an offer is: premises, capital, advice, education, partners wanted. Each kind is asked for its own."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField
from wtforms.validators import ValidationError

from facilities.catalogue.models import FundingStage, Kind, OfferKind, PremisesKind, RoomClass
from facilities.formats import site_today
from facilities.manage.forms.basics import Basics, both_in_order
from facilities.manage.forms.fields import LARGEST_MONEY, Day, Number, OneOf, Several, currency_code, line
from facilities.manage.sections import BASICS, OWN

PARTICULARS: dict[str, tuple[str, ...]] = {
    OfferKind.PREMISES: ("premises", "area_min", "area_max", "room_classes", "free_from"),
    OfferKind.FUNDING: ("stages", "amount_min", "amount_max", "currency"),
}
"""The fields that only some kinds of offers have."""

PARTICULAR = tuple(name for names in PARTICULARS.values() for name in names)


class OfferBasics(Basics):
    """The page shows the fields of the chosen kind; those of the others are emptied when the kind changes."""

    names = (*BASICS, *OWN[Kind.OFFER])

    offer_kind = OneOf(_("Kind of offer"), OfferKind, blank=None)
    shown_kind = HiddenField()
    """The kind whose fields the author had before the eyes."""

    open_until = Day(
        _("Open until"), description=_("The last day. Afterwards search leaves it out; a new day here brings it back.")
    )
    premises = Several(_("Kind of premises"), PremisesKind)
    area_min = Number(_("Area from, in m²"))
    area_max = Number(_("Area to, in m²"))
    room_classes = Several(_("Fitted out for"), RoomClass)
    free_from = Day(_("Free from"), description=_("The first day it can be moved into."))
    stages = Several(_("For companies at the stage"), FundingStage)
    amount_min = Number(_("Amount from"), high=LARGEST_MONEY, description=_("Whole amounts: 0 for no lower limit."))
    amount_max = Number(_("Amount to"), high=LARGEST_MONEY)
    currency = line(_("Currency"), 3, currency_code)

    @property
    def particulars(self) -> tuple[str, ...]:
        """The names of the fields that the chosen kind has."""
        return PARTICULARS.get(self.offer_kind.data, ())

    def begin(self) -> None:
        self.shown_kind.data = self.shown_kind.data or self.offer_kind.data

    def change(self, order: str) -> bool:
        """Besides rows: show the fields of the kind that was chosen."""
        return order == "offer_kind:show" or super().change(order)

    def content(self) -> dict[str, Any]:
        said = super().content()
        empty: dict[str, Any] = {name: [] if isinstance(said[name], list) else None for name in PARTICULAR}
        return said | {name: value for name, value in empty.items() if name not in self.particulars} | self._currency()

    def _currency(self) -> dict[str, str]:
        return {} if "currency" in self.particulars else {"currency": ""}

    def validate_offer_kind(self, field: Any) -> None:
        if PARTICULARS.get(self.shown_kind.data, ()) != self.particulars:
            raise ValidationError(_("Now fill in what belongs to this kind of offer below, then save."))

    def validate_open_until(self, field: Any) -> None:
        """A day that has passed would take the offer out of search at once; one that had passed before may stay."""
        before = getattr(self.listing, "open_until", None)
        is_new = field.data != (before.isoformat() if before else "")
        if field.data and is_new and field.data < site_today().isoformat():
            raise ValidationError(_("Choose a day that is still to come."))

    def validate_area_max(self, field: Any) -> None:
        both_in_order(self.area_min, field)

    def validate_amount_max(self, field: Any) -> None:
        both_in_order(self.amount_min, field)

    def validate_currency(self, field: Any) -> None:
        if self.amount_max.data is not None and not field.data and not field.errors:
            raise ValidationError(_("Write the currency of the amount in three letters, for instance SEK."))
