"""A network's desk: what waits, the page of the network, its log."""

from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from facilities.access import administrators, allow, me, signed_in
from facilities.accounts.limits import spend
from facilities.catalogue.models import Listing
from facilities.db import as_id
from facilities.manage.paging import asked_page, pages_of
from facilities.manage.pictures import read_picture
from facilities.manage.uploads import CannotUse, keep_upload, url_of
from facilities.networks.actions import Taken, change_network
from facilities.networks.applying import organisation_chosen
from facilities.networks.changing import ChangedMeanwhile, check_unchanged, seen
from facilities.networks.desks import acts_of, my_desks, waiting_count
from facilities.networks.forms import NetworkForm
from facilities.networks.members import all_memberships, members_of
from facilities.networks.models import Hub, Network
from facilities.networks.rights import may_run_network
from facilities.networks.views import desk
from facilities.networks.views.loading import leave_network, network_for, user

PICTURES_OF_USER = "60 per hour"
LARGEST_REQUEST = 24 * 1024 * 1024
WITH_PICTURES = {"network_desk.page", "network_desk.hub", "network_desk.new_hub"}
ACTS_PER_PAGE = 50


@desk.url_value_preprocessor
def allow_pictures(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the request: a form with a logo may be large."""
    if endpoint in WITH_PICTURES:
        request.max_content_length = LARGEST_REQUEST


@desk.app_context_processor
def desk_words() -> dict[str, Any]:
    return {"runs_network": lambda network: may_run_network(me(), network), "waiting_count": waiting_count}


@desk.get("")
@allow(signed_in)
def mine() -> ResponseReturnValue:
    """The networks and hubs that the user works for."""
    leave_network()
    return render_template("networks/desk/mine.html", desks=my_desks(user()))


@desk.get("/<slug>/")
@allow(signed_in)
def overview(slug: str) -> ResponseReturnValue:
    """What waits, and what was done last."""
    network = network_for(slug)
    everybody, present = all_memberships(network), members_of(network)
    return render_template(
        "networks/desk/overview.html",
        of=network,
        members=present,
        without_category=sum(member.category_id is None for member in present) if network.categories else 0,
        unlisted=[member for member in everybody if not member.listed],
        acts=acts_of(network, 8),
    )


@desk.route("/<slug>/page", methods=["GET", "POST"])
@allow(signed_in)
def page(slug: str) -> ResponseReturnValue:
    """What the network's page says."""
    network = network_for(slug)
    form = NetworkForm.of(network, opened=seen(network))
    if not administrators():
        del form.host
    if request.method == "GET":
        form.listing.data = network.organisation.path if network.organisation else ""
    code = 200 if request.method == "GET" else 422
    if form.validate_on_submit() and (fields := _fields(form, network)) is not None:
        try:
            check_unchanged(network, form.opened.data)
            change_network(network, fields, by=user().actor)
        except ChangedMeanwhile:
            code = changed_meanwhile(form, network)
        except Taken:
            form.host.errors = [_("Another network has this host name.")]
        else:
            flash(_("Saved."))
            return redirect(f"/manage{network.path}/page", 303)
    return render_template("networks/desk/page.html", of=network, form=form), code


@desk.get("/<slug>/log")
@allow(signed_in)
def log(slug: str) -> ResponseReturnValue:
    """Who did what."""
    network = network_for(slug)
    acts = acts_of(network, ACTS_PER_PAGE + 1, skip=(asked_page() - 1) * ACTS_PER_PAGE)
    total = (asked_page() - 1) * ACTS_PER_PAGE + len(acts)
    pages = pages_of(total, ACTS_PER_PAGE)
    return render_template("networks/desk/log.html", of=network, acts=acts[:ACTS_PER_PAGE], pages=pages)


def _fields(form: NetworkForm, network: Network) -> dict[str, Any] | None:
    """What the form says for the row; None with a word beside what is wrong."""
    plain = ("short_name", "url", "region", "country", "lat", "lng", "takes_applications", "published")
    fields: dict[str, Any] = {name: form[name].data for name in plain} | form.said()
    fields["url"] = fields["url"] or ""
    if "host" in form:
        fields["host"] = form.host.data or None
    return with_logo_and_listing(form, network, fields)


def with_logo_and_listing(form: Any, row: Network | Hub, fields: dict[str, Any]) -> dict[str, Any] | None:
    """The fields with the logo that was sent and the listing that was named; None with a word beside what is wrong."""
    organisation = organisation_named(form.listing.data, row)
    if form.listing.data and organisation is None:
        form.listing.errors = [_("Enter the address of an organisation of this catalogue, or its number.")]
        return None
    fields["organisation_id"] = organisation.id if organisation else None
    try:
        fields["logo"] = logo_sent(form.logo_file.data) or ("" if form.no_logo.data else row.logo)
    except CannotUse as problem:
        form.logo_file.errors = [str(problem)]
        return None
    return fields


def logo_sent(file: Any) -> str:
    """The address of the picture that was sent, written anew; empty if none was. Raises CannotUse."""
    if not isinstance(file, FileStorage) or not file.filename:
        return ""
    spend(PICTURES_OF_USER, "logos", str(user().id))
    kept = keep_upload(read_picture(file.read()), original_name=file.filename, by=user())
    return url_of(kept.name)


def organisation_named(said: str, row: Network | Hub) -> Listing | None:
    """The organisation that an address of this site, or a number, stands for: one that everybody may see, or the one
    that the network or hub has already."""
    last = said.rstrip("/").rpartition("/")[2]
    number = as_id(last.partition("-")[0])
    return row.organisation if number == row.organisation_id else organisation_chosen(number)


def changed_meanwhile(form: Any, row: Any) -> int:
    """Say that somebody else changed the same; what was typed stays, and sending it again saves it. Gives the status
    of the page."""
    form.form_errors.append(
        _("Somebody else has changed this since you opened it. Compare it with the page, then save again.")
    )
    form.opened.raw_data, form.opened.data = None, seen(row)
    return 409


def row_or_404(rows: list[Any], number: str) -> Any:
    """The row of that number, if it belongs to the network."""
    return next((row for row in rows if row.id == as_id(number)), None) or abort(404)
