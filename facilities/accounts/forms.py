"""The forms of accounts: Flask-Security's, with this site's words, and our own."""

from typing import Any

from flask import request
from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from flask_security import forms as library
from flask_security import hash_password
from flask_security.change_email import ChangeEmailForm
from flask_security.forms import EmailValidation, email_required, password_required, unique_user_email, valid_user_email
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.tf_plugin import TwoFactorSelectForm
from flask_security.webauthn import WebAuthnRegisterForm
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, PasswordField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from facilities.accounts.models import OwnerRole
from facilities.accounts.passwords import LONGEST, SHORTEST, judge
from facilities.form_fields import line, valid_address
from facilities.languages import LANGUAGES

ADDRESS = _("E-mail address")
PASSWORD = _("Password")
NEW_PASSWORD = _("New password")
LONG_ENOUGH = _("At least %(number)d characters; three or four words are easy to remember.", number=SHORTEST)
NOT_TOO_LONG = Length(max=LONGEST, message=_("Use at most %(max)d characters."))
LONGEST_NAME = Length(max=120, message=_("Shorten this to %(max)d characters."))


def address_field(*validators: Any) -> EmailField:
    return EmailField(
        ADDRESS, [email_required, EmailValidation(), *validators], render_kw={"autocomplete": "email", "maxlength": 254}
    )


def name_field() -> StringField:
    return StringField(
        _("Your name"),
        [DataRequired(_("Enter your name.")), LONGEST_NAME],
        [line],
        description=_("Your colleagues see it, and the history of the listings that you change."),
        render_kw={"autocomplete": "name", "maxlength": 120},
    )


def new_password_field(label: Any = PASSWORD) -> PasswordField:
    return PasswordField(
        label, [password_required, NOT_TOO_LONG], description=LONG_ENOUGH, render_kw={"autocomplete": "new-password"}
    )


def own_password_field(label: Any = PASSWORD) -> PasswordField:
    return PasswordField(label, [password_required, NOT_TOO_LONG], render_kw={"autocomplete": "current-password"})


class SignInForm(library.LoginForm):
    email = EmailField(
        ADDRESS, [email_required, EmailValidation()], render_kw={"autocomplete": "username", "maxlength": 254}
    )
    password = own_password_field()
    remember = BooleanField(_("Stay signed in on this device for 30 days"))

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        self.password.description = ""


class RegisterForm(library.RegisterFormV2):
    email = address_field(unique_user_email)
    name = name_field()
    password = new_password_field()

    def to_dict(self, only_user: bool) -> dict[str, Any]:
        """What becomes of the new account."""
        return {**super().to_dict(only_user), "locale": str(get_locale() or "en")}


class SendConfirmationForm(library.SendConfirmationForm):
    email = address_field(valid_user_email)

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        if request.method == "GET":
            self.email.data = None


class ForgotPasswordForm(library.ForgotPasswordForm):
    """Also for those who never confirmed their address: the letter proves it is theirs."""

    email = address_field(valid_user_email)

    def validate(self, **named: Any) -> bool:
        valid: bool = super(library.ForgotPasswordForm, self).validate(**named)
        if valid:
            hash_password("as long as the library takes for an unknown address")
        if valid and self.user and not self.user.is_active:
            self.email.errors = [_("This account is closed. Write to the desk.")]
            return False
        return valid


class ResetPasswordForm(library.ResetPasswordForm):
    password = new_password_field(NEW_PASSWORD)
    password_confirm = None


class ChangePasswordForm(library.ChangePasswordForm):
    password = PasswordField(_("Current password"), [NOT_TOO_LONG], render_kw={"autocomplete": "current-password"})
    new_password = new_password_field(NEW_PASSWORD)
    new_password_confirm = None


class ChangeAddressForm(ChangeEmailForm):
    email = EmailField(
        _("New e-mail address"),
        [email_required, EmailValidation(), unique_user_email],
        render_kw={"autocomplete": "email", "maxlength": 254},
    )


class VerifyForm(library.VerifyForm):
    password = own_password_field()


class TwoStepForm(library.TwoFactorSetupForm):
    setup = RadioField(choices=[SelectChoice("authenticator"), SelectChoice("disable")], validate_choice=False)
    phone = None

    def validate(self, **named: Any) -> bool:
        """Only the choices above exist."""
        if not super(library.TwoFactorSetupForm, self).validate(**named):
            return False
        if self.setup.data not in ("authenticator", "disable"):
            self.setup.errors = [_("Choose one of these.")]
            return False
        return True


class NoRescueForm(library.TwoFactorRescueForm):
    """The page of the code leads to the recovery codes instead."""

    help_setup = RadioField(choices=[], validate_choice=False)


class _SixDigits:
    """A code may be written with blanks, as the apps show it."""

    code: StringField

    def validate(self, **named: Any) -> bool:
        self.code.data = "".join((self.code.data or "").split())
        return super().validate(**named)  # type: ignore[misc]


class CodeForm(_SixDigits, library.TwoFactorVerifyCodeForm):
    code = StringField(
        _("Code"),
        [DataRequired(_("Enter the six digits that the app shows."))],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 12},
    )


class SecondStepForm(TwoFactorSelectForm):
    which = RadioField(_("Second step"), validators=[DataRequired(_("Choose one of these."))])


class RecoveryCodeForm(_SixDigits, MfRecoveryForm):
    code = StringField(
        _("Recovery code"), [DataRequired(_("Enter one of your recovery codes."))], render_kw={"autocomplete": "off"}
    )


class PasskeyForm(WebAuthnRegisterForm):
    name = StringField(
        _("Name of the passkey"),
        [DataRequired(_("Enter a name, for instance the device that keeps the passkey."))],
        description=_("For instance the device that keeps it: office laptop, phone."),
        render_kw={"maxlength": 64, "autocomplete": "off"},
    )
    usage = RadioField(
        _("What is it for?"),
        choices=[
            SelectChoice("first", _("Sign in without a password")),
            SelectChoice("secondary", _("Second step after the password")),
        ],
        default="first",
    )


class NameForm(FlaskForm):
    """What colleagues call the user, and in which language the site writes to them."""

    name = name_field()
    locale = SelectField(
        _("Language"),
        choices=[SelectChoice(*each) for each in LANGUAGES.items()],
        description=_("Of the pages and of letters to you."),
    )


class NewAccountForm(FlaskForm):
    """The account of somebody who was invited; the letter has proven the address, which `address` names."""

    name = name_field()
    password = new_password_field()

    def __init__(self, address: str, **values: Any) -> None:
        super().__init__(**values)
        self.address = address

    def validate_password(self, field: PasswordField) -> None:
        problem = judge(field.data, [self.address, *self.address.split("@"), self.name.data or ""])
        if problem:
            raise ValidationError(problem)


class LeaveForm(FlaskForm):
    """Signing out everywhere else, for fear of somebody else."""

    tokens = BooleanField(_("Also end my tokens for programs"), default=True)


class EraseForm(FlaskForm):
    """The last word before an account is erased. Without a password a sign-in a short while ago is enough."""

    sure = BooleanField(_("Erase my account for good"), [DataRequired(_("Tick this to say that you mean it."))])
    password = own_password_field()


class InviteForm(FlaskForm):
    """Whom to ask into a team, and as what."""

    email = EmailField(
        ADDRESS,
        [DataRequired(_("Enter the address of the colleague.")), valid_address],
        [line],
        render_kw={"autocomplete": "off", "maxlength": 254},
    )
    role = SelectField(
        _("Role"), choices=[SelectChoice(role.value, role.label) for role in OwnerRole], default="editor"
    )
