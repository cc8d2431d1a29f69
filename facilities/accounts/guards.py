"""The guard before each page of Flask-Security: who may open it, how often its form may be sent, one commit at the end.

A page of the library that is not listed here stops the application from starting.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import parse_qs

from flask import Flask, Response, abort, current_app, make_response, redirect, request, session
from sqlalchemy.exc import IntegrityError

from facilities.access import Rule, allow, anyone, me, signed_in
from facilities.accounts.limits import (
    FORMS_FROM_ADDRESS,
    LETTERS_TO_ADDRESS,
    TRIES_AT_ACCOUNT,
    address_block,
    spend,
)
from facilities.accounts.paths import own_path
from facilities.db import WRITES_LATE, db


def nobody() -> bool:
    """Pages of the library that this site does without."""
    return False


@dataclass(frozen=True, slots=True)
class Guard:
    """`account` limits what is sent about one account: the one whose address is `typed` into the form, else that of who
    is signed in or about to be; `visitors`: who is signed in has no use for it; `hashes`: it takes its time over a
    password, and what it writes after that holds whatever was written meanwhile, so that nobody need wait for it."""

    rule: Rule
    account: str = ""
    typed: bool = False
    visitors: bool = False
    hashes: bool = False


GUARDS = {
    "login": Guard(anyone, TRIES_AT_ACCOUNT, typed=True, hashes=True),
    "logout": Guard(anyone),
    "register": Guard(anyone, LETTERS_TO_ADDRESS, typed=True, hashes=True),
    "send_confirmation": Guard(anyone, LETTERS_TO_ADDRESS, typed=True),
    "confirm_email": Guard(anyone),
    "forgot_password": Guard(anyone, LETTERS_TO_ADDRESS, typed=True, hashes=True),
    "reset_password": Guard(anyone),
    "two_factor_token_validation": Guard(anyone, TRIES_AT_ACCOUNT, visitors=True),
    "tf_select": Guard(anyone, visitors=True),
    "two_factor_rescue": Guard(nobody),
    "mf_recovery": Guard(anyone, TRIES_AT_ACCOUNT, visitors=True),
    "wan_signin": Guard(anyone, visitors=True),
    "wan_signin_response": Guard(anyone, visitors=True),
    "verify": Guard(signed_in, TRIES_AT_ACCOUNT, hashes=True),
    "change_password": Guard(signed_in, TRIES_AT_ACCOUNT),
    "change_email": Guard(signed_in, LETTERS_TO_ADDRESS, typed=True),
    "change_email_confirm": Guard(anyone),
    "two_factor_setup": Guard(signed_in),
    "two_factor_setup_validate": Guard(signed_in, TRIES_AT_ACCOUNT),
    "mf_recovery_codes": Guard(signed_in),
    "wan_register": Guard(signed_in),
    "wan_register_response": Guard(signed_in),
    "wan_delete": Guard(signed_in),
    "wan_verify": Guard(signed_in),
    "wan_verify_response": Guard(signed_in, TRIES_AT_ACCOUNT),
}


def guard_pages(app: Flask) -> None:
    """Put the guards before the pages."""
    for endpoint, view in app.view_functions.items():
        blueprint, _dot, name = endpoint.partition(".")
        if blueprint == "security":
            app.view_functions[endpoint] = _guarded(view, GUARDS[name])


def _guarded(view: Callable[..., Any], guard: Guard) -> Callable[..., Any]:
    @wraps(view)
    def guarded(**values: Any) -> Any:
        if guard.rule is nobody:
            abort(404)
        _only_own_addresses()
        if guard.visitors and me() is not None:
            return redirect("/account", 303)
        if request.method != "POST":
            return view(**values)
        _count(guard)
        return _saved(view, values)

    rule = anyone if guard.rule is nobody else guard.rule
    allowed = allow(rule)(guarded)
    allowed.rule = guard.rule  # type: ignore[attr-defined]
    if guard.hashes:
        setattr(allowed, WRITES_LATE, True)
    return allowed


def _only_own_addresses() -> None:
    """Refuse to lead anywhere else after the form, and bodies that are no forms."""
    if request.is_json:
        abort(415)
    for target in (request.args.get("next"), request.form.get("next")):
        if target and own_path(target) is None:
            abort(400)


def _count(guard: Guard) -> None:
    spend(FORMS_FROM_ADDRESS, "account forms", address_block())
    if guard.account:
        spend(guard.account, request.endpoint or "", _typed_address() if guard.typed else _present_account())


def _typed_address() -> str:
    """The address in the form as accounts have it, however it is spelt: domains have several spellings."""
    typed = request.form.get("email", "").strip()
    try:
        return str(current_app.extensions["security"].mail_util.normalize(typed)).casefold()
    except ValueError:
        return typed.casefold()


def _present_account() -> str:
    """The account of who is signed in or about to be."""
    user = me()
    return str(user.id if user else session.get("tf_user_id", ""))


def _saved(view: Callable[..., Any], values: dict[str, Any]) -> Response:
    """What the library answers, with everything it and we have written saved. Two who register the same address at once
    get the same answer."""
    try:
        answer = make_response(view(**values))
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        if request.endpoint != "security.register":
            raise
        answer = make_response(redirect("/sign-in"))
    if answer.status_code == 302:
        answer.status_code, answer.location = 303, _leading_here(answer.location or "/")
    return answer


def _leading_here(location: str) -> str:
    """Where the library leads, without the whole address of the form itself, which it takes along to the second step
    where nobody has named a page to come back to."""
    path, _mark, query = location.partition("?")
    targets = parse_qs(query).get("next", [])
    return location if all(own_path(target) for target in targets) else path
