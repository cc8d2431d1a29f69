"""What a listing said before, and who changed it."""

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import allow, listing_for, signed_in
from facilities.accounts.rights import may_edit, may_publish, may_see_history
from facilities.catalogue.actions import restore_listing
from facilities.catalogue.history import content_at
from facilities.catalogue.models import Listing, Status
from facilities.db import ID
from facilities.manage import past
from facilities.manage.editing import editable, save_edit
from facilities.manage.views import bp
from facilities.manage.views.home import user
from facilities.paging import asked_page, pages_of


@bp.route(f"/listings/<{ID}:listing_id>/history")
@allow(signed_in)
def history(listing_id: int) -> ResponseReturnValue:
    """Every change of the listing, the newest first."""
    listing = listing_for(listing_id, may_see_history)
    edits = may_edit(user(), listing)
    return render_template(
        "manage/history.html", listing=listing, entries=past.entries(listing, asked_page(), with_addresses=edits),
        pages=pages_of(past.count_entries(listing), past.PER_PAGE), edits=edits,
    )  # fmt: skip


@bp.route(f"/listings/<{ID}:listing_id>/history/fields")
@allow(signed_in)
def who_changed(listing_id: int) -> ResponseReturnValue:
    """Who changed each field last."""
    listing = listing_for(listing_id, may_see_history)
    return render_template("manage/history_fields.html", listing=listing, touched=past.touched(listing))


@bp.route(f"/listings/<{ID}:listing_id>/history/compare")
@allow(signed_in)
def compare(listing_id: int) -> ResponseReturnValue:
    """What the listing said otherwise at one version than at another."""
    listing = listing_for(listing_id, may_see_history)
    chosen = sorted(filter(None, (_version(listing, request.args.get(name, "")) for name in ("from", "to"))))
    if len(chosen) < 2 or chosen[0] == chosen[1]:
        flash(_("Choose two different versions to compare."), "warning")
        return redirect(f"/manage/listings/{listing_id}/history", 303)
    changed = past.compare(listing, *chosen, with_addresses=may_edit(user(), listing))
    revisions = [past.revision_at(listing, version) for version in chosen]
    return render_template("manage/history_compare.html", listing=listing, changed=changed, revisions=revisions)


@bp.route(f"/listings/<{ID}:listing_id>/history/<{ID}:version>")
@allow(signed_in)
def version(listing_id: int, version: int) -> ResponseReturnValue:
    """What would change if this version were restored."""
    listing = listing_for(listing_id, may_see_history)
    return _version_page(listing, version)


@bp.route(f"/listings/<{ID}:listing_id>/history/<{ID}:version>/restore", methods=["POST"])
@allow(signed_in)
def restore(listing_id: int, version: int) -> ResponseReturnValue:
    """Have the listing say again what it said at this version; at once, or once it is accepted."""
    listing = listing_for(listing_id, may_edit)
    _revision(listing, version)
    if request.form.get("seen") != str(listing.version):
        flash(_("The listing was changed since you opened this page. Look again, then restore."), "warning")
        return _version_page(listing, version), 409
    flash(_restore(listing, version))
    return redirect(f"/manage/listings/{listing_id}/history", 303)


def _restore(listing: Listing, version: int) -> str:
    """Restore; gives what to say. Someone who may not publish proposes it instead."""
    by = user()
    if listing.status == Status.PUBLISHED and not may_publish(by, listing):
        said = content_at(listing, version)
        save_edit(listing, said, opened=editable(listing, tuple(said)), by=by)
        return _("The earlier version is proposed. Visitors see the present one until it is accepted.")
    changed = restore_listing(listing, version, by=by.actor)
    return _("Version %(version)s is restored.", version=version) if changed else _("Nothing had to be changed.")


def _version_page(listing: Listing, version: int) -> str:
    revision = _revision(listing, version)
    edits = may_edit(user(), listing)
    changed = past.compare(listing, listing.version, version, with_addresses=edits)
    waits = listing.status == Status.PUBLISHED and not may_publish(user(), listing)
    return render_template(
        "manage/version.html", listing=listing, revision=revision, changed=changed, edits=edits, waits=waits
    )


def _revision(listing: Listing, version: int) -> object:
    return past.revision_at(listing, version) or abort(404)


def _version(listing: Listing, text: str) -> int | None:
    """The number of a version that the listing had."""
    known = text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if known and past.revision_at(listing, int(text)) else None
