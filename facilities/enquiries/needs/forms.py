"""The form of a posted need: what is looked for, by when, where, and who asks."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Optional

from facilities.catalogue.models import UserGroup
from facilities.enquiries.draft import Draft
from facilities.enquiries.forms import EnquiryForm, from_today
from facilities.enquiries.models import EnquiryKind
from facilities.enquiries.sealed_form import SealedForm
from facilities.form_fields import NO_DAY, Readable, at_most, line, lines

LONGEST_NEED = 160
"""Characters of what is looked for: a line, which is also what is searched for."""


def _kinds() -> list[tuple[str, Any]]:
    return [
        (EnquiryKind.QUOTE, _("Somebody who does it for us, with a price")),
        (EnquiryKind.QUESTION, _("Time on an instrument, or advice")),
        (EnquiryKind.TRAINING, _("Training")),
    ]


class NeedForm(SealedForm):
    """What a visitor looks for without having chosen whom to ask."""

    wanted = StringField(
        _("We look for"),
        [DataRequired(_("Write in a few words what you look for.")), at_most(LONGEST_NEED)],
        [line],
        description=_("A few words, as you would search: GMP manufacturing of a peptide, cryo-EM of proteins."),
    )
    message = TextAreaField(
        _("More about it"),
        [at_most(7500)],
        [lines],
        description=_("How much, of what, and what you will use the result for. It helps the right ones to answer."),
    )
    kind = RadioField(_("What would help you?"), choices=_kinds, default=EnquiryKind.QUOTE)
    place = StringField(_("Where"), [at_most(120)], [line], description=_("A town, region or country."))
    deadline_on = DateField(_("By when"), [Readable(NO_DAY), Optional(), from_today])
    budget = StringField(_("Budget, with the currency"), [at_most(120)], [line])
    name = EnquiryForm.name
    email = EnquiryForm.email
    organisation = EnquiryForm.organisation
    group = EnquiryForm.group

    def draft(self, locale: str) -> Draft:
        """What was written; the first line of the message is what is looked for."""
        return Draft(
            kind=next((kind for kind in EnquiryKind if kind == self.kind.data), EnquiryKind.QUOTE),
            message="\n\n".join(filter(None, (self.wanted.data, self.message.data))),
            name=self.name.data,
            email=self.email.data,
            locale=locale,
            organisation=self.organisation.data,
            group=next((group for group in UserGroup if group == self.group.data), None),
            deadline_on=self.deadline_on.data,
            budget=self.budget.data,
            place=self.place.data,
        )
