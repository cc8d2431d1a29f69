"""Flask-Security as this site uses it: its settings, its parts that we replace, a guard before each of its pages."""

from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from typing import Any

from flask import Flask, Response, redirect, render_template, request
from flask_login import COOKIE_NAME, LoginManager
from flask_principal import Principal
from flask_security import FSQLALiteUserDatastore, Security

from facilities.accounts import forms, words
from facilities.accounts.codes import AppCodes, RecoveryCodes
from facilities.accounts.guards import guard_pages
from facilities.accounts.letters import AccountLetters
from facilities.accounts.models import Passkey, Role, User
from facilities.accounts.passkeys import PasskeyOptions
from facilities.accounts.passwords import SHORTEST, Passwords
from facilities.db import db, now

datastore = FSQLALiteUserDatastore(db, User, Role, Passkey)

FEATURES = (
    "REGISTERABLE", "CONFIRMABLE", "RECOVERABLE", "CHANGEABLE", "CHANGE_EMAIL", "TWO_FACTOR",
    "MULTI_FACTOR_RECOVERY_CODES", "WEBAUTHN",
)  # fmt: skip

ADDRESSES = {
    "LOGIN_URL": "/sign-in",
    "LOGOUT_URL": "/sign-out",
    "REGISTER_URL": "/register",
    "CONFIRM_URL": "/confirm",
    "RESET_URL": "/reset",
    "CHANGE_URL": "/account/password",
    "CHANGE_EMAIL_URL": "/account/address",
    "VERIFY_URL": "/account/verify",
    "TWO_FACTOR_SETUP_URL": "/account/two-step",
    "TWO_FACTOR_TOKEN_VALIDATION_URL": "/sign-in/code",
    "TWO_FACTOR_RESCUE_URL": "/sign-in/help",
    "TWO_FACTOR_SELECT_URL": "/sign-in/second-step",
    "MULTI_FACTOR_RECOVERY_CODES_URL": "/account/recovery-codes",
    "MULTI_FACTOR_RECOVERY_URL": "/sign-in/recovery-code",
    "WAN_REGISTER_URL": "/account/passkeys",
    "WAN_DELETE_URL": "/account/passkeys/remove",
    "WAN_SIGNIN_URL": "/sign-in/passkey",
    "WAN_VERIFY_URL": "/account/verify/passkey",
    "POST_LOGIN_VIEW": "/account/start",
    "POST_LOGOUT_VIEW": "/",
    "POST_REGISTER_VIEW": "/sign-in",
    "POST_CHANGE_VIEW": "/account",
    "POST_CHANGE_EMAIL_VIEW": "/account",
    "POST_VERIFY_VIEW": "/account",
    "TWO_FACTOR_POST_SETUP_VIEW": "/account",
    "WAN_POST_REGISTER_VIEW": "/account/passkeys",
}

SENDS_LETTER = ("security/forgot_password.html", "security/send_confirmation.html", "security/change_email.html")

LIMITS = {
    "CONFIRM_EMAIL_WITHIN": timedelta(days=2),
    "RESET_PASSWORD_WITHIN": timedelta(hours=12),
    "CHANGE_EMAIL_WITHIN": timedelta(hours=12),
    "FRESHNESS": timedelta(hours=1),
    "FRESHNESS_GRACE_PERIOD": timedelta(minutes=15),
    "WAN_SIGNIN_WITHIN": timedelta(minutes=2),
}

FORMS: dict[str, Any] = {
    "login_form": forms.SignInForm,
    "register_form": forms.RegisterForm,
    "send_confirmation_form": forms.SendConfirmationForm,
    "forgot_password_form": forms.ForgotPasswordForm,
    "reset_password_form": forms.ResetPasswordForm,
    "change_password_form": forms.ChangePasswordForm,
    "change_email_form": forms.ChangeAddressForm,
    "verify_form": forms.VerifyForm,
    "two_factor_setup_form": forms.TwoStepForm,
    "two_factor_verify_code_form": forms.CodeForm,
    "two_factor_rescue_form": forms.NoRescueForm,
    "two_factor_select_form": forms.SecondStepForm,
    "mf_recovery_form": forms.RecoveryCodeForm,
    "wan_register_form": forms.PasskeyForm,
}


def init_app(app: Flask) -> None:
    """Attach Flask-Security."""
    _configure(app)
    Security(
        app,
        datastore,
        mail_util_cls=AccountLetters,
        password_util_cls=Passwords,
        webauthn_util_cls=PasskeyOptions,
        totp_cls=AppCodes,
        mf_recovery_codes_util_cls=RecoveryCodes,
        render_template=_page,
        **FORMS,
    )
    app.extensions["security"].want_json(lambda _request: False)
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    _load_users_only_when_asked_for(app)
    guard_pages(app)


def _configure(app: Flask) -> None:
    https = app.config["SITE_URL"].startswith("https://")
    secret = app.config["SECRET_KEY"]
    said = dict.fromkeys(FEATURES, True) | ADDRESSES | LIMITS | words.settings() | _letters()
    said |= {
        "PASSWORD_SALT": secret,
        "PASSWORD_SINGLE_HASH": True,
        "PASSWORD_HASH": "argon2",
        "PASSWORD_SCHEMES": ["argon2"],
        "HASHING_SCHEMES": ["hex_sha256"],
        "DEPRECATED_HASHING_SCHEMES": [],
        "PASSWORD_LENGTH_MIN": SHORTEST,
        "PASSWORD_CONFIRM_REQUIRED": False,
        "JOIN_USER_ROLES": False,
        "DATETIME_FACTORY": now,
        "RETURN_GENERIC_RESPONSES": True,
        "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "allow_smtputf8": False},
        "API_ENABLED_METHODS": ["session"],
        "STATIC_FOLDER": None,
        "CLI_USERS_NAME": None,
        "CLI_ROLES_NAME": None,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 60,
        "TWO_FACTOR_RESCUE_EMAIL": False,
        "TOTP_SECRETS": {"1": sha256(f"totp {secret}".encode()).hexdigest()},
        "TOTP_ISSUER": app.config["SITE_NAME"],
        "MULTI_FACTOR_RECOVERY_CODES_N": 8,
        "MULTI_FACTOR_RECOVERY_CODES_KEYS": [urlsafe_b64encode(sha256(f"recovery {secret}".encode()).digest())],
        "WAN_RP_NAME": app.config["SITE_NAME"],
        "WAN_ALLOW_USER_HINTS": False,
    }
    app.config.update({f"SECURITY_{name}": value for name, value in said.items()})
    app.config.update(
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        REMEMBER_COOKIE_DURATION=timedelta(days=30),
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SECURE=https,
        REMEMBER_COOKIE_SAMESITE="Lax",
    )


def _letters() -> dict[str, Any]:
    """Which of our letters goes out where the library would render and send one of its own."""
    return {
        "EMAIL_PLAINTEXT": False,
        "EMAIL_HTML": False,
        "REGISTER_EMAIL_TEMPLATE": "confirm_address",
        "REGISTER_EMAIL_EXISTING_TEMPLATE": "already_registered",
        "EMAIL_TEMPLATE_CONFIRM": "confirm_address",
        "EMAIL_TEMPLATE_PASSWORD_RESET": "reset_password",
        "EMAIL_TEMPLATE_PASSWORD_RESET_NOTICE": "password_reset",
        "EMAIL_TEMPLATE_PASSWORD_CHANGE_NOTICE": "password_changed",
        "CHANGE_EMAIL_EMAIL_TEMPLATE": "change_address",
    }


def _page(template: str, **values: Any) -> Any:
    """The page; 422 when it shows errors of what was sent. A form that was taken leads to a page of its own."""
    shown = [each for name, each in values.items() if name.endswith("_form")]
    failed = request.method == "POST" and any(form.errors for form in shown)
    if request.method == "POST" and template in SENDS_LETTER and not failed:
        return redirect(request.path, 303)
    page = render_template(template, failed=failed, **values)
    return (page, 422) if failed else page


def _load_users_only_when_asked_for(app: Flask) -> None:
    """Keep the libraries from opening the session of every request, static files included: Flask-Principal, which
    nothing here uses, would look for the user before it, Flask-Login for a cookie to set after it."""
    before: list[Any] = app.before_request_funcs.get(None, [])
    before[:] = [each for each in before if not isinstance(_owner(each), Principal)]
    after: list[Any] = app.after_request_funcs.get(None, [])
    after[:] = [_if_it_may_matter(each) if isinstance(_owner(each), LoginManager) else each for each in after]


def _owner(method: Any) -> Any:
    return getattr(method, "__self__", None)


def _if_it_may_matter(set_cookie: Any) -> Any:
    """Cookies that keep people signed in are set by forms, and taken away where they are."""

    def after_request(response: Response) -> Response:
        reads = request.method in {"GET", "HEAD"} and COOKIE_NAME not in request.cookies
        answer: Response = response if reads else set_cookie(response)
        return answer

    return after_request
