"""The page of the tokens by which one's programs use the interface."""

from datetime import timedelta
from typing import Any

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from flask_security import check_and_update_authn_fresh
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired
from wtforms.widgets import CheckboxInput, ListWidget

from facilities.access import allow, signed_in
from facilities.accounts.asking import ask_again
from facilities.accounts.letters import post_security_change
from facilities.accounts.library import LIMITS
from facilities.accounts.models import ApiToken, Scope, User
from facilities.accounts.views import bp
from facilities.api.tokens import TooManyTokens, issue_token, revoke_token, works
from facilities.db import ID, db, now
from facilities.form_fields import at_most, line

DAYS = {
    30: lazy_gettext("30 days"),
    90: lazy_gettext("90 days"),
    180: lazy_gettext("180 days"),
    365: lazy_gettext("A year"),
}


class TokenForm(FlaskForm):
    """What a new token is for, what its holder may do and for how long."""

    name = StringField(
        lazy_gettext("What is it for?"),
        [DataRequired(lazy_gettext("Enter what the token is for.")), at_most(120)],
        [line],
        description=lazy_gettext("For instance the program that uses it: nightly export of the asset register."),
        render_kw={"autocomplete": "off", "maxlength": 120},
    )
    scopes = SelectMultipleField(
        lazy_gettext("What may its holder do?"),
        [DataRequired(lazy_gettext("Tick at least one."))],
        choices=[SelectChoice(scope.value, scope.label) for scope in Scope],
        default=[Scope.READ.value],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    days = SelectField(
        lazy_gettext("For how long?"),
        choices=[SelectChoice(str(days), label) for days, label in DAYS.items()],
        default="90",
    )


@bp.route("/account/tokens", methods=["GET", "POST"])
@allow(signed_in)
def tokens() -> ResponseReturnValue:
    user: User = current_user._get_current_object()
    if not check_and_update_authn_fresh(LIMITS["FRESHNESS"], LIMITS["FRESHNESS_GRACE_PERIOD"], "session"):
        return ask_again()
    form = TokenForm()
    if form.validate_on_submit():
        return _make(user, form)
    return _page(user, form), 422 if form.errors else 200


@bp.post(f"/account/tokens/<{ID}:token_id>/revoke")
@allow(signed_in)
def revoke(token_id: int) -> ResponseReturnValue:
    token = db.session.get(ApiToken, token_id)
    if token is None or token.user_id != current_user.id:
        abort(404)
    revoke_token(token)
    flash(_("Revoked: “%(name)s” does not work any more.", name=token.name))
    return redirect("/account/tokens", 303)


def _make(user: User, form: TokenForm) -> ResponseReturnValue:
    """Shows the secret in the answer itself: it is not kept anywhere from which a next page could show it."""
    wanted: dict[str, Any] = {
        "name": form.name.data,
        "scopes": [scope for scope in Scope if scope.value in (form.scopes.data or ())],
        "expires_at": now() + timedelta(days=int(form.days.data)),
    }
    try:
        post_security_change(user, "token_made")
        token, secret = issue_token(user, **wanted)
    except TooManyTokens:
        db.session.rollback()
        form.name.errors = [_("You have very many tokens. Revoke one that is not needed first.")]
        return _page(user, form), 422
    return _page(user, TokenForm(formdata=None), made=token, secret=secret)


def _page(user: User, form: TokenForm, **also: Any) -> str:
    there = [(token, works(token)) for token in user.tokens]
    return render_template("accounts/tokens.html", form=form, tokens=there, labels=_labels, **also)


def _labels(token: ApiToken) -> list[Any]:
    """What a token allows, in words."""
    return [scope.label for scope in Scope if scope.value in token.scopes]
