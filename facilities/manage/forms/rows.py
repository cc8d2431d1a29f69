"""Sections that are lists: contacts, prices, certificates, specification, links."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from facilities.catalogue import content
from facilities.catalogue.models import PriceBasis, PriceGroup, UserGroup
from facilities.enquiries.models import EnquiryKind
from facilities.manage.forms import identifiers
from facilities.manage.forms.fields import Amount, Day, OneOf, Several, Tick, YesNo, filled, line, needed
from facilities.manage.forms.section import Row, Rows, SectionForm
from facilities.manage.forms.texts import LANGUAGES, language_name

MOST_CONTACTS = 20
CURRENCIES = {"SE": "SEK", "NO": "NOK", "DK": "DKK", "IS": "ISK", "GB": "GBP", "CH": "CHF", "US": "USD"}
"""What prices are probably written in, by country; euro elsewhere."""


class Contact(Row):
    names = content.CONTACT

    role = line(
        _("Role"), 120, needed(_("Enter the role, for instance Manager or Booking.")), identifiers.no_mail_address
    )
    name = line(_("Name"), 120, identifiers.no_mail_address)
    email = line(
        _("E-mail address"), 254, needed(_("Enter the address that enquiries are sent to.")), identifiers.mail_address,
        description=_("Never shown to visitors."),
    )  # fmt: skip
    orcid = line(_("ORCID iD"), 60, identifiers.orcid)
    deputy_name = line(_("Deputy"), 120, identifiers.no_mail_address)
    deputy_email = line(
        _("E-mail address of the deputy"), 254, identifiers.mail_address,
        description=_("Asked when nobody has answered after the reminder."),
    )  # fmt: skip
    languages = Several(_("Speaks"), choices=lambda: [SelectChoice(code, language_name(code)) for code in LANGUAGES])
    enquiry_kinds = Several(_("Receives"), EnquiryKind, description=_("Nothing ticked means every kind of enquiry."))
    groups = Several(
        _("Receives from"), UserGroup,
        description=_("Ticked: only these, in place of the others. Nothing ticked: everybody."),
    )  # fmt: skip
    away_from = Day(_("Away from"), description=_("The deputy receives enquiries meanwhile."))
    away_until = Day(_("Away until"), description=_("The last day of leave."))
    left = Tick(_("This person has left"), description=_("Receives nothing more, and is not shown to visitors."))

    def validate_away_until(self, field: Any) -> None:
        if field.data and self.away_from.data and field.data < self.away_from.data:
            raise ValidationError(_("Choose the first day or a later one."))


class Contacts(SectionForm):
    names = ("contacts",)

    contacts = Rows(Contact, _("Contacts"), each=_("Contact"), add=_("Add a contact"))

    def begin(self) -> None:
        self.contacts.begin()

    def validate_contacts(self, field: Rows) -> None:
        if len(field.content()) > MOST_CONTACTS:
            raise ValidationError(_("Keep at most 20 contacts."))


class Price(Row):
    names = content.PRICE
    ignored = ("group", "basis", "currency")

    item = line(_("For what"), 120, description=_("For instance “Microscope time” or “Set-up”."))
    group = OneOf(_("User group"), PriceGroup, blank=None)
    basis = OneOf(_("Basis"), PriceBasis, blank=None)
    amount = Amount(_("Amount"), [filled(_("Write the amount in figures, for instance 450 or 12.50."))])
    currency = line(_("Currency"), 3)
    setup_fee = Amount(_("Set-up fee"))
    includes_operator = YesNo(_("Includes an operator"))
    includes_analysis = YesNo(_("Includes analysis"))
    valid_from = Day(_("Valid from"))
    valid_until = Day(_("Valid until"))
    note = line(_("Note"), 300)

    def validate_currency(self, field: Any) -> None:
        field.data = field.data.upper()
        if not (len(field.data) == 3 and field.data.isascii() and field.data.isalpha()):
            raise ValidationError(_("Write the currency in three letters, for instance SEK."))

    def validate_valid_until(self, field: Any) -> None:
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError(_("Choose the first day or a later one."))


class Prices(SectionForm):
    names = ("prices",)

    prices = Rows(Price, _("Prices"), each=_("Price"), add=_("Add a price"))

    def begin(self) -> None:
        self.prices.begin(currency=CURRENCIES.get(self.listing.place.country or "", "EUR"))


class Certificate(Row):
    names = content.CERTIFICATE

    name = line(_("Certificate"), 120, needed(_("Enter the certificate, for instance ISO/IEC 17025 or GMP.")))
    issuer = line(_("Issued by"), 200)
    number = line(_("Number"), 80)
    scope = line(_("What it covers"), 400)
    valid_until = Day(_("Valid until"))


class Certificates(SectionForm):
    names = ("certificates",)

    certificates = Rows(Certificate, _("Certificates"), each=_("Certificate"), add=_("Add a certificate"))

    def begin(self) -> None:
        self.certificates.begin()


class SpecificationLine(Row):
    names = content.SPECIFICATION

    name = line(_("Property"), 120, needed(_("Enter the property, for instance Lasers.")))
    value = line(_("Value"), 500, needed(_("Enter the value, for instance 405, 488, 561 nm.")))


class Specification(SectionForm):
    names = ("specification",)

    specification = Rows(SpecificationLine, _("Specification"), each=_("Line"), add=_("Add a line"))

    def begin(self) -> None:
        self.specification.begin()


class Link(Row):
    names = content.ATTACHMENT

    url = line(_("Web address"), 2000, needed(_("Enter the web address.")), identifiers.web_address)
    title = line(_("What is there"), 300, description=_("For instance “Booking system”."))
    credit = line(_("Credit"), 200)


class Links(SectionForm):
    names = ("links",)

    links = Rows(Link, _("Links"), each=_("Link"), add=_("Add a link"))

    def begin(self) -> None:
        self.links.begin()
