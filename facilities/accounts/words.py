"""What Flask-Security says, in this site's words. Whether an address is known is never among it."""

from typing import Any

from flask_babel import lazy_gettext as _

SENT = _("If %(email)s can be used here, a letter is on its way to it. Look in the spam folder too.")
WRONG_SIGN_IN = _("The address or the password is not right, or the address has not been confirmed yet.")
START_AGAIN = _("That took too long or was used before. Start again.")
WRONG_CODE = _("This code is not right or was used before. Enter the next one that the app shows.")
NO_PASSKEY = _("This passkey could not be used. Try again, or sign in with your password.")

SAYS = {
    "API_ERROR": START_AGAIN,
    "GENERIC_AUTHN_FAILED": WRONG_SIGN_IN,
    "UNAUTHORIZED": _("You may not do this."),
    "UNAUTHENTICATED": _("Sign in first."),
    "CONFIRM_REGISTRATION": SENT,
    "EMAIL_CONFIRMED": _("Your address is confirmed. Sign in."),
    "ALREADY_CONFIRMED": _("This address is confirmed. Sign in."),
    "INVALID_CONFIRMATION_TOKEN": _("This link cannot be used. Ask for a new one."),
    "EMAIL_ALREADY_ASSOCIATED": _("Enter another address."),
    "INVALID_RECOVERY_CODE": _("This recovery code is not right or was used before. Enter another one."),
    "NO_RECOVERY_CODES_SETUP": _("You have no recovery codes yet. Make some."),
    "PASSWORD_RESET_REQUEST": SENT,
    "PASSWORD_RESET_EXPIRED": _("This link is too old. Ask for a new one."),
    "INVALID_RESET_PASSWORD_TOKEN": _("This link cannot be used any more. Ask for a new one."),
    "CONFIRMATION_REQUIRED": _("Confirm your address first."),
    "CONFIRMATION_REQUEST": SENT,
    "CONFIRMATION_EXPIRED": _("This link is too old. Ask for a new one."),
    "DISABLED_ACCOUNT": _("This account is closed. Write to the desk."),
    "EMAIL_NOT_PROVIDED": _("Enter your e-mail address."),
    "INVALID_EMAIL_ADDRESS": _("Enter an e-mail address like name@university.org."),
    "PASSWORD_NOT_PROVIDED": _("Enter a password."),
    "RETYPE_PASSWORD_MISMATCH": _("Enter the same password twice."),
    "USER_DOES_NOT_EXIST": WRONG_SIGN_IN,
    "INVALID_PASSWORD": _("This is not your password. Enter it again."),
    "PASSWORD_RESET_NO_LOGIN": _("Your new password is set. Sign in with it."),
    "PASSWORD_IS_THE_SAME": _("Choose a password other than the present one."),
    "PASSWORD_CHANGE": _("Your password is changed. You have been signed out everywhere else."),
    "REAUTHENTICATION_REQUIRED": _("Enter your password once more."),
    "REAUTHENTICATION_SUCCESSFUL": _("Thank you. You can continue."),
    "ANONYMOUS_USER_REQUIRED": _("You are signed in."),
    "TWO_FACTOR_INVALID_TOKEN": WRONG_CODE,
    "TWO_FACTOR_LOGIN_SUCCESSFUL": _("You are signed in."),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": _("Sign-in in two steps is on. Make recovery codes now."),
    "TWO_FACTOR_PERMISSION_DENIED": _("Sign in first."),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": _("Choose one of these."),
    "TWO_FACTOR_DISABLED": _("Sign-in in two steps is off."),
    "TWO_FACTOR_SETUP_EXPIRED": START_AGAIN,
    "CHANGE_EMAIL_SENT": SENT,
    "CHANGE_EMAIL_EXPIRED": _("This link is too old. Ask for a new one."),
    "CHANGE_EMAIL_CONFIRMED": _("Your new address is in use from now on."),
    "WEBAUTHN_EXPIRED": START_AGAIN,
    "WEBAUTHN_NAME_REQUIRED": _("Enter a name, for instance the device that keeps the passkey."),
    "WEBAUTHN_NAME_INUSE": _("You have a passkey named %(name)s. Enter another name."),
    "WEBAUTHN_NAME_NOT_FOUND": _("You have no passkey of that name."),
    "WEBAUTHN_NAME_DISALLOWED_CHARACTERS": _("Use letters, numbers, spaces and hyphens only."),
    "WEBAUTHN_CREDENTIAL_DELETED": _("The passkey %(name)s is removed."),
    "WEBAUTHN_REGISTER_SUCCESSFUL": _("The passkey %(name)s can be used from now on."),
    "WEBAUTHN_CREDENTIAL_ID_INUSE": _("This passkey is in use already."),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": NO_PASSKEY,
    "WEBAUTHN_ORPHAN_CREDENTIAL_ID": NO_PASSKEY,
    "WEBAUTHN_NO_VERIFY": NO_PASSKEY,
    "WEBAUTHN_CREDENTIAL_WRONG_USAGE": NO_PASSKEY,
    "WEBAUTHN_MISMATCH_USER_HANDLE": NO_PASSKEY,
    "INVALID_INPUT_LENGTH": _("Shorten this."),
}


def settings() -> dict[str, Any]:
    """The library's settings that hold its messages."""
    return {f"MSG_{name}": (text, "info") for name, text in SAYS.items()}
