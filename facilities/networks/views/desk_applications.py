"""Applications for membership at a network's desk: the queue, and the decision about one."""

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import allow, signed_in
from facilities.catalogue.models import Kind, Listing
from facilities.db import ID, as_id, db
from facilities.moderation.duplicates import Likeness, find_duplicates
from facilities.networks.applying import AlreadyDecided, accept, content_of, decline, organisation_chosen
from facilities.networks.desks import applications_to
from facilities.networks.forms import DecisionForm
from facilities.networks.memberships import AlreadyMember, running
from facilities.networks.models import Application, ApplicationState, Network
from facilities.networks.views import desk
from facilities.networks.views.loading import network_for, user


@desk.get("/<slug>/applications")
@allow(signed_in)
def applications(slug: str) -> ResponseReturnValue:
    """Those that wait, then those that are decided."""
    network = network_for(slug)
    waiting, decided = (applications_to(network, waiting=which) for which in (True, False))
    return render_template("networks/desk/applications.html", of=network, waiting=waiting, decided=decided)


@desk.route(f"/<slug>/applications/<{ID}:number>", methods=["GET", "POST"])
@allow(signed_in)
def application(slug: str, number: int) -> ResponseReturnValue:
    """One application, and the decision about it."""
    network = network_for(slug)
    found = _application(network, number)
    form = DecisionForm(obj=found).offer(network)
    if form.is_submitted() and form.validate() and (answer := _decide(form, found)):
        return answer
    page = render_template(
        "networks/desk/application.html",
        of=network,
        application=found,
        form=form,
        alike=_alike(found),
        is_member=found.organisation_id is not None and running(network, found.organisation_id) is not None,
    )
    return page, 422 if form.errors else 200


def _decide(form: DecisionForm, found: Application) -> ResponseReturnValue | None:
    """Do what the desk has chosen; None with a word on the form if it cannot be done so."""
    try:
        match request.form.get("action"):
            case "accept":
                _accept(form, found)
                flash(_("%(name)s is a member from today. The applicant gets a letter.", name=found.name))
            case "decline" if not form.reason.data:
                form.reason.errors = [_("Write why: the applicant reads it.")]
                return None
            case "decline":
                decline(found, by=user(), reason=form.reason.data)
                flash(_("Declined. The applicant gets a letter with your words."))
            case _:
                abort(400)
    except AlreadyDecided:
        flash(_("This application was decided already: %(state)s.", state=found.state.label))
    except AlreadyMember:
        db.session.rollback()
        form.form_errors.append(_("%(name)s is a member already.", name=found.name))
        return None
    return redirect(f"/manage{found.network.path}/applications", 303)


def _accept(form: DecisionForm, found: Application) -> None:
    accept(
        found,
        by=user(),
        organisation=_organisation(found),
        category_id=form.category_id.data,
        hub_id=form.hub_id.data,
        reason=form.reason.data,
    )


def _organisation(found: Application) -> Listing | None:
    """The listing that becomes a member: the applicant's choice, else the desk's; None for a new one."""
    if found.organisation_id is not None:
        return found.organisation
    return organisation_chosen(as_id(request.form.get("listing", "")))


def _alike(found: Application) -> list[Likeness]:
    """Organisations of the catalogue that may be the one that was described."""
    if found.organisation_id is not None or found.state != ApplicationState.WAITING:
        return []
    return find_duplicates(Kind.ORGANISATION, content_of(found))


def _application(network: Network, number: int) -> Application:
    found = db.session.get(Application, number, with_for_update=request.method == "POST")
    return found if found is not None and found.network_id == network.id else abort(404)
