"""Applications for membership at a network's desk: the queue, and the decision about one."""

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import allow, me, refuse, signed_in
from facilities.catalogue.models import Kind, Listing
from facilities.db import ID, as_id, db
from facilities.moderation.duplicates import Likeness, find_duplicates
from facilities.networks.applying import (
    AlreadyDecided,
    NetworkClosed,
    accept,
    content_of,
    decline,
    organisation_chosen,
)
from facilities.networks.desks import applications_to, decided_by
from facilities.networks.forms import DecisionForm
from facilities.networks.memberships import AlreadyMember, running
from facilities.networks.models import Application, ApplicationState, Network
from facilities.networks.rights import may_read_application, may_run_network
from facilities.networks.views import desk
from facilities.networks.views.loading import network_for, user
from facilities.paging import asked_page, pages_of

PER_PAGE = 50


@desk.get("/<slug>/applications")
@allow(signed_in)
def applications(slug: str) -> ResponseReturnValue:
    """Those that wait, then those that are decided."""
    network = network_for(slug)
    page = asked_page()
    decided, total = decided_by(network, PER_PAGE, skip=(page - 1) * PER_PAGE)
    return render_template(
        "networks/desk/applications.html",
        of=network,
        waiting=applications_to(network) if page == 1 else [],
        page=page,
        decided=decided,
        pages=pages_of(total, PER_PAGE),
    )


@desk.route(f"/<slug>/applications/<{ID}:number>", methods=["GET", "POST"])
@allow(signed_in)
def application(slug: str, number: int) -> ResponseReturnValue:
    """One application, and the decision about it. The desk of the hub it is for reads it only."""
    network = network_for(slug, rule=lambda _user, _network: True)
    found = _application(network, number)
    decides = may_run_network(user(), network)
    form = DecisionForm(obj=found).offer(network)
    if form.is_submitted() and form.validate() and (answer := _decide(form, found)):
        return answer
    page = render_template(
        "networks/desk/application.html",
        of=network,
        hub=None if decides else found.hub,
        decides=decides,
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
    except NetworkClosed:
        form.form_errors.append(_("This network has ended. An application to it can only be refused."))
        return None
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
    """404 where the network has none of that number; 403 for who may not read it, or who may but sends a decision."""
    found = db.session.get(Application, number, with_for_update=request.method == "POST")
    found = found if found is not None and found.network_id == network.id else None
    reads = found is not None and request.method != "POST" and may_read_application(me(), found)
    if not reads and not may_run_network(me(), network):
        abort(refuse())
    return found or abort(404)
