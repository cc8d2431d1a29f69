"""What the forms of a desk have in common when they are saved: logo, own listing, and changes made meanwhile."""

from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from facilities.accounts.limits import spend
from facilities.accounts.rights import may_edit
from facilities.catalogue.models import Listing
from facilities.db import as_id
from facilities.manage.pictures import read_picture
from facilities.manage.uploads import CannotUse, keep_upload, url_of
from facilities.networks.applying import organisation_chosen
from facilities.networks.changing import seen
from facilities.networks.memberships import running
from facilities.networks.models import Hub, Network
from facilities.networks.scope import entered
from facilities.networks.views.loading import user

PICTURES_OF_USER = "60 per hour"


def with_logo_and_listing(form: Any, row: Network | Hub, fields: dict[str, Any]) -> dict[str, Any] | None:
    """The fields with the logo that was sent and the listing that was named; None with a word beside what is wrong."""
    organisation = organisation_named(form.listing.data, row)
    if form.listing.data and organisation is None:
        form.listing.errors = [_("Enter the address of an organisation of this catalogue, or its number.")]
        return None
    if organisation is not None and not _may_name(organisation, row):
        form.listing.errors = [_("Name a member of the network; for another one ask the site's desk.")]
        return None
    fields["organisation_id"] = organisation.id if organisation else None
    try:
        fields["logo"] = logo_sent(form.logo_file.data) or ("" if form.no_logo.data else row.logo)
    except CannotUse as problem:
        form.logo_file.errors = [str(problem)]
        return None
    return fields


def _may_name(organisation: Listing, row: Network | Hub) -> bool:
    """Its contacts get the network's letters: it is a member or the user's own, or was named before."""
    network = entered()
    is_member = network is not None and running(network, organisation.id) is not None
    return organisation.id == row.organisation_id or is_member or may_edit(user(), organisation)


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
