"""What the forms share that anybody may send: a trap for robots, and a mark that tells when they were opened."""

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField

from facilities.db import now
from facilities.enquiries.limits import QUICKEST
from facilities.enquiries.seal import Seal, new_seal, open_seal


class SealedForm(FlaskForm):
    """A form that is neither sent too quickly nor too late. `website` is left empty by people: only robots see it."""

    website = StringField(_("Leave this empty"))
    seal = HiddenField()

    def __init__(self, *, secret: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.opened: Seal | None = open_seal(self.seal.data or "", secret)
        if self.opened is None or self.opened.too_old:
            self.seal.data = new_seal(secret)

    @property
    def filled_by_robot(self) -> bool:
        return bool(self.website.data)

    @property
    def time_taken(self) -> timedelta | None:
        """How long the form was open."""
        return now() - self.opened.opened_at if self.opened else None

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field, and the time it took to fill them in."""
        valid = super().validate(extra_validators)
        if self.opened is None:
            self.form_errors.append(_("This form was changed on its way. Send it again."))
        elif valid and self.opened.too_old:
            self.form_errors.append(_("This form was opened more than a day ago. Check it and send it again."))
        elif valid and now() - self.opened.opened_at < QUICKEST:
            self.form_errors.append(_("That was too quick to tell you from a robot. Check it and send it again."))
        return not self.errors
