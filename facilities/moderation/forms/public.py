"""Forms by which people reach the desk: a report by anyone, a claim by somebody with an account."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional, ValidationError

from facilities.enquiries.sealed_form import SealedForm
from facilities.form_fields import at_most, line, lines, valid_address
from facilities.moderation.models import ReportReason

BY_DESK = _("The desk looks into it; say below who you are")
SPEAKS_FOR_ITSELF = (ReportReason.CLOSED, ReportReason.OUTDATED)
"""Reasons that need no words."""


class ReportForm(SealedForm):
    """What is wrong with a listing."""

    reason = RadioField(
        _("What is wrong?"),
        [InputRequired(_("Choose what is wrong."))],
        choices=[SelectChoice(each.value, each.label) for each in ReportReason],
    )
    message = TextAreaField(
        _("What should it say?"),
        [at_most(4000)],
        [lines],
        description=_("For instance where it has moved to, or who runs it now."),
    )
    email = StringField(
        _("Your e-mail address"),
        [Optional(), at_most(254), valid_address],
        [line],
        description=_("Only if you want to know what comes of it. Nobody else gets it."),
    )

    @property
    def chosen_reason(self) -> ReportReason:
        return next((each for each in ReportReason if each == self.reason.data), ReportReason.OTHER)

    def validate_message(self, field: Any) -> None:
        if not field.data and self.reason.data not in SPEAKS_FOR_ITSELF:
            raise ValidationError(_("Write in a few words what is wrong."))


class ClaimForm(FlaskForm):
    """How a claim is to be proven: by a letter to one of `addresses`, each (key, what it is called), or by the desk."""

    way = RadioField(_("How shall we check it?"), [InputRequired(_("Choose how we shall check it."))])
    message = TextAreaField(
        _("Who are you to it?"),
        [at_most(2000)],
        [lines],
        description=_(
            "Your role there, and where the desk can read that. Whoever decides sees this with your name and address."
        ),
    )

    def __init__(self, *, addresses: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.way.choices = [SelectChoice(*each) for each in (*addresses, ("desk", BY_DESK))]
        if not addresses and not self.is_submitted():
            self.way.data = "desk"

    def validate_message(self, field: Any) -> None:
        if not field.data and self.way.data == "desk":
            raise ValidationError(_("Write who you are, so that the desk can check it."))
