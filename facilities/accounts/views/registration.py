"""Registration, where the desk lets people make accounts by themselves."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import render_template, request
from flask.blueprints import BlueprintSetupState

from facilities.accounts.views import bp
from facilities.db import db
from facilities.moderation.models import Preferences


def registration_open() -> bool:
    """As the desk has set it; open unless it has said otherwise."""
    preferences = db.session.get(Preferences, 1)
    return preferences is None or preferences.registration_open


def _only_while_open(view: Callable[..., Any]) -> Callable[..., Any]:
    """Instead of the form a page that says how else to get an account."""

    @wraps(view)
    def register(**values: Any) -> Any:
        if registration_open():
            return view(**values)
        return render_template("accounts/registration_closed.html"), 403 if request.method == "POST" else 200

    return register


def replace_page_of_library(state: BlueprintSetupState) -> None:
    views = state.app.view_functions
    views["security.register"] = _only_while_open(views["security.register"])
    state.app.extensions["security"].login_context_processor(lambda: {"registration_open": registration_open()})


bp.record_once(replace_page_of_library)
