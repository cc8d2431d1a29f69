"""Asking to join a network, without an account, and the private page on which the applicant follows the answer."""

from flask import abort, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from facilities.access import allow, anyone, me
from facilities.accounts.limits import address_block, spend, within
from facilities.catalogue.models import Listing
from facilities.db import as_id, letting_others_write
from facilities.networks.applying import (
    AlreadyDecided,
    TooMany,
    application_by_token,
    apply,
    organisation_chosen,
    withdraw,
)
from facilities.networks.changing import network_to_change
from facilities.networks.choosing import organisations_like
from facilities.networks.joining import JoinForm
from facilities.networks.letters import private_path
from facilities.networks.memberships import AlreadyMember, running
from facilities.networks.models import Application, Network
from facilities.networks.scope import enter
from facilities.networks.views import joining
from facilities.private_page import PrivateResponse

APPLICATIONS_FROM_ADDRESS = "10 per hour; 30 per day"
"""From one visitor's internet address."""

GUESSES_FROM_ADDRESS = "120 per hour"
LONGEST = 120


@joining.route("/networks/<slug>/join", methods=["GET", "POST"])
@allow(anyone)
def join(slug: str) -> ResponseReturnValue:
    """First the organisation, found in the catalogue or new; then the form."""
    network = enter(slug)
    if not network.can_be_joined:
        return render_template("networks/join.html", page_of=network, step="closed")
    organisation = organisation_chosen(as_id(request.args.get("organisation", "")))
    if organisation is not None and running(network, organisation.id):
        return render_template("networks/join.html", page_of=network, step="member", organisation=organisation)
    if organisation is None and "new" not in request.args:
        return _first_step(network)
    return _form(network, organisation)


def _first_step(network: Network) -> ResponseReturnValue:
    text = " ".join(request.args.get("q", "").split())[:LONGEST]
    found = organisations_like(text)
    return render_template("networks/join.html", page_of=network, step="organisation", text=text, found=found)


def _form(network: Network, organisation: Listing | None) -> ResponseReturnValue:
    data = {"name": " ".join(request.args.get("name", "").split())[:LONGEST], "country": network.country or ""}
    form = JoinForm(secret=current_app.config["SECRET_KEY"], data=data).offer(network, organisation)
    if request.method == "POST" and _valid(form):
        if form.filled_by_robot:
            return redirect(f"{network.path}/join", 303)
        if answer := _send(form, network.slug, organisation.id if organisation else 0):
            return answer
    page = render_template("networks/join.html", page_of=network, step="form", form=form, organisation=organisation)
    return page, 422 if form.errors else 200


def _valid(form: JoinForm) -> bool:
    """Nobody has to wait for what the checks ask of the network."""
    with letting_others_write():
        return bool(form.validate())


def _send(form: JoinForm, slug: str, organisation_id: int) -> ResponseReturnValue | None:
    """Store the application; None with the reason on the form if it is one too many."""
    # The checks ended the transaction: what is to be stored is read anew, and the same form sent twice waits here.
    network_to_change(slug)
    network, organisation = enter(slug), organisation_chosen(organisation_id)
    if organisation_id and organisation is None:
        # It has left the catalogue meanwhile: another one is chosen, or it is described.
        return redirect(f"{network.path}/join", 303)
    if not within(APPLICATIONS_FROM_ADDRESS, "applications", address_block()):
        form.form_errors.append(_("Many applications have come from your network. Try again in an hour."))
        return None
    form_id = form.opened.id if form.opened else ""
    try:
        made = apply(network, form.fields(organisation), form_id=form_id, user=me(), locale=str(get_locale() or "en"))
    except AlreadyMember:
        return redirect(f"{network.path}/join?organisation={organisation_id}", 303)
    except TooMany:
        form.form_errors.append(_("Several of your applications wait here already. Wait for their answer first."))
        return None
    return redirect(private_path(made), 303)


@joining.get("/networks/applications/<token>")
@allow(anyone)
def application(token: str) -> ResponseReturnValue:
    """How far it has come."""
    found = _application(token)
    return PrivateResponse(render_template("networks/application.html", application=found, page_of=found.network))


@joining.post("/networks/applications/<token>/withdraw")
@allow(anyone)
def take_back(token: str) -> ResponseReturnValue:
    """Take the application back; doing it twice does no harm."""
    found = _application(token)
    try:
        withdraw(found)
        flash(_("Your application is withdrawn."))
    except AlreadyDecided:
        flash(_("It was decided already, so it stays as it is."))
    return redirect(private_path(found), 303)


def _application(token: str) -> Application:
    found = application_by_token(token, lock=request.method == "POST")
    if found is None:
        spend(GUESSES_FROM_ADDRESS, "applications", address_block())
        abort(404)
    return found
