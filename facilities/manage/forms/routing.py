"""The forms of the page that shows who receives enquiries: a dry run, and a contact's leave."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import Form, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from facilities.catalogue.models import Contact, UserGroup
from facilities.enquiries.models import EnquiryKind
from facilities.enquiries.routing import Asked
from facilities.manage.forms.fields import Day, OneOf, Tick
from facilities.manage.forms.texts import LANGUAGES, language_name


class DryRunForm(Form):
    """What an enquiry would be like; what is not asked for is as usual."""

    kind = OneOf(_("Kind"), EnquiryKind, blank=None, default=EnquiryKind.QUESTION.value)
    group = OneOf(_("User group"), UserGroup)
    language = SelectField(
        _("Language"), choices=lambda: [SelectChoice(code, language_name(code)) for code in LANGUAGES]
    )
    on = Day(_("Sent on"))

    def asked(self, today: date) -> Asked:
        """What routing looks at, once the form is valid."""
        kind = next(kind for kind in EnquiryKind if kind == self.kind.data)
        group = next((group for group in UserGroup if group == self.group.data), None)
        day = date.fromisoformat(self.on.data) if self.on.data else today
        return Asked(kind, day, self.language.data, group)


class LeaveForm(Form):
    """From when until when a contact is away, whether it is gone, and that its address works again."""

    away_from = Day(_("Away from"))
    away_until = Day(_("Away until"))
    left = Tick(_("This person has left"))
    works = Tick(_("The address works again"))

    def validate_away_until(self, field: Any) -> None:
        if field.data and self.away_from.data and field.data < self.away_from.data:
            raise ValidationError(_("Choose the first day or a later one."))

    @classmethod
    def of(cls, contact: Contact, formdata: Any = None) -> "LeaveForm":
        """The form of one contact among others on a page."""
        said = {"away_from": _iso(contact.away_from), "away_until": _iso(contact.away_until)}
        return cls(formdata, prefix=f"contact-{contact.id}-", data=said | {"left": contact.left_at is not None})


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
