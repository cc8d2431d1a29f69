"""Links in letters that change something: the page asks for a press of a button, which a mail scanner does not give."""

from collections.abc import Callable
from typing import Any

from flask import Response, make_response, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security.change_email import change_email_confirm
from flask_security.views import confirm_email

from facilities.access import allow, anyone
from facilities.accounts.limits import FORMS_FROM_ADDRESS, address_block, spend
from facilities.accounts.views import bp
from facilities.db import db


@allow(anyone)
def confirm(token: str) -> ResponseReturnValue:
    """Instead of the library's page, which confirms at once."""
    if request.method == "POST":
        return _followed(confirm_email, token)
    return _ask(_("Confirm your address"), _("Confirm the address"), f"/confirm/{token}")


@allow(anyone)
def change_address(token: str) -> ResponseReturnValue:
    """The same for a new address."""
    if request.method == "POST":
        return _followed(change_email_confirm, token)
    return _ask(_("Use your new address"), _("Use this address from now on"), f"/account/address/{token}")


def replace_pages_of_library(state: BlueprintSetupState) -> None:
    state.app.view_functions["security.confirm_email"] = confirm
    state.app.view_functions["security.change_email_confirm"] = change_address


bp.add_url_rule("/account/address/<token>", "change_address", change_address, methods=["POST"])
bp.record_once(replace_pages_of_library)


def _ask(title: str, label: str, action: str) -> str:
    return render_template("accounts/press.html", title=title, label=label, action=action)


def _followed(view: Callable[[str], Any], token: str) -> Response:
    spend(FORMS_FROM_ADDRESS, "account forms", address_block())
    answer = make_response(view(token))
    db.session.commit()
    answer.status_code = 303
    return answer
