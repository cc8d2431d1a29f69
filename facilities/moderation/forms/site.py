"""What the desk sets, and who belongs to it."""

from typing import Any, TypeVar

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, NumberRange

from facilities.accounts.models import SiteRole
from facilities.catalogue.models import Review
from facilities.catalogue.models.terms import Word
from facilities.form_fields import at_most, line, valid_address

AnyWord = TypeVar("AnyWord", bound=Word)
ROLES_HELP = _("Moderators decide about listings. Administrators also decide who belongs to the desk.")


def chosen(words: type[AnyWord], value: str) -> AnyWord:
    """The word that a choice of a form which has been checked stands for."""
    return next(each for each in words if each == value)


def _labelled(words: Any) -> list[SelectChoice]:
    return [SelectChoice(word.value, word.label) for word in words]


class PreferencesForm(FlaskForm):
    """What holds for the whole site."""

    confirmation_months = IntegerField(
        _("Months until owners are asked to confirm"),
        [NumberRange(1, 60, _("Enter a number of months from 1 to 60."))],
        description=_("Listings that were not confirmed for so long carry a mark and wait in the queue Unconfirmed."),
    )
    registration_open = BooleanField(_("Anyone may register an account"))
    decisions_public = BooleanField(
        _("The log of decisions is public"),
        description=_("It shows listing, decision and day, and the note written for it; never a name or a reason."),
    )


class ReviewPolicyForm(FlaskForm):
    """Who accepts what owners of an organisation change."""

    review = RadioField(
        _("Who accepts changes of its published listings?"),
        [InputRequired(_("Choose who accepts changes."))],
        choices=_labelled(Review),
    )


class RoleForm(FlaskForm):
    """What somebody may do on the whole site."""

    site_role = RadioField(
        _("Role on the whole site"),
        [InputRequired(_("Choose a role."))],
        choices=_labelled(SiteRole),
        description=ROLES_HELP,
    )


class InviteForm(FlaskForm):
    """Somebody who is to belong to the desk."""

    email = StringField(
        _("E-mail address"), [DataRequired(_("Enter the e-mail address.")), at_most(254), valid_address], [line]
    )
    site_role = RadioField(
        _("Role on the whole site"),
        [InputRequired(_("Choose a role."))],
        choices=_labelled((SiteRole.MODERATOR, SiteRole.ADMINISTRATOR)),
        default=SiteRole.MODERATOR.value,
        description=ROLES_HELP,
    )
