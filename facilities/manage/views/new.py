"""Adding listings."""

from urllib.parse import urlencode

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict

from facilities.access import allow, listing_for, me, signed_in
from facilities.accounts.kept import kept_values
from facilities.accounts.models import User
from facilities.accounts.rights import may_add_below, may_claim, may_copy, may_edit, may_publish
from facilities.catalogue.models import KINDS, Instrument, Kind, Listing
from facilities.db import ID, db
from facilities.manage.adding import (
    MOST_HOLDERS,
    TooManyProposed,
    add_draft,
    add_instrument,
    added_lately,
    copy_listing,
    holders_of,
    kinds_below,
    propose_organisation,
)
from facilities.manage.forms import SectionForm
from facilities.manage.forms.new import NewInstrument, new_form
from facilities.manage.views import bp
from facilities.manage.words import added_words, who_accepts
from facilities.moderation.duplicates import Likeness, find_duplicates

LONGEST_TEXT = 120


@bp.route("/listings/new", methods=["GET", "POST"])
@allow(signed_in)
def new() -> ResponseReturnValue:
    """A new listing below one's own, or an organisation for the desk to accept."""
    typed = kept_values(request.args.get("kept"))
    parent, kind = _parent(typed), _kind(typed)
    if kind is None or (parent is None and kind != Kind.ORGANISATION) or (parent and kind not in kinds_below(parent)):
        return _choose(parent, kind)
    draft = KINDS[kind]()
    if request.method == "GET":
        return _new_page(kind, parent, new_form(kind, draft, formdata=typed))
    form = new_form(kind, draft, formdata=request.form)
    if not form.validate():
        return _new_page(kind, parent, form), 422
    likenesses = find_duplicates(kind, form.content(), parent=parent)
    if likenesses and "sure" not in request.form:
        return _new_page(kind, parent, form, likenesses)
    return _create(kind, parent, form, _seen(likenesses))


@bp.route(f"/listings/<{ID}:listing_id>/instruments/new", methods=["GET", "POST"])
@allow(signed_in)
def new_instruments(listing_id: int) -> ResponseReturnValue:
    """Instruments quickly one after another."""
    parent = listing_for(listing_id, may_add_below)
    if request.method == "GET":
        typed = kept_values(request.args.get("kept"))
        values = {name: request.args.get(name, "")[:LONGEST_TEXT] for name in NewInstrument.KEPT}
        return _instrument_page(parent, new_form(Kind.INSTRUMENT, Instrument(), values=values, formdata=typed))
    form = new_form(Kind.INSTRUMENT, Instrument(), formdata=request.form)
    if not form.validate():
        return _instrument_page(parent, form), 422
    fields = form.content()
    likenesses = find_duplicates(Kind.INSTRUMENT, fields, parent=parent)
    if likenesses and "sure" not in request.form:
        return _instrument_page(parent, form, likenesses)
    unlike, draft = _seen(likenesses), "draft" in request.form
    added = add_instrument(fields, parent=parent, by=_user(), draft=draft, unlike=unlike)
    flash(added_words(added))
    return redirect(_next_instrument(parent, form), 303)


@bp.route(f"/listings/<{ID}:listing_id>/copy", methods=["POST"])
@allow(signed_in)
def copy(listing_id: int) -> ResponseReturnValue:
    """A draft that says the same, without what belongs to one listing alone."""
    made = copy_listing(listing_for(listing_id, may_copy), by=_user())
    flash(_("This is the copy, a draft. Give it its own name; identifiers were left out."))
    return redirect(f"/manage/listings/{made.id}/edit", 303)


def _create(kind: Kind, parent: Listing | None, form: SectionForm, unlike: list[Listing]) -> ResponseReturnValue:
    try:
        if parent is not None:
            made = add_draft(kind, form.content(), parent=parent, by=_user(), unlike=unlike)
            flash(
                _("Added as a draft. Fill in the sections, then publish it.")
                if may_publish(me(), made)
                else _("Added as a draft. Fill in the sections, then hand it in for review.")
            )
            return redirect(f"/manage/listings/{made.id}/edit", 303)
        made = propose_organisation(form.content(), by=_user(), unlike=unlike)
    except TooManyProposed:
        form.form_errors.append(
            _("The desk has many of your proposals waiting. Wait for its answer before adding more.")
        )
        return _new_page(kind, parent, form), 422
    except IntegrityError:
        db.session.rollback()
        form.form_errors.append(_("Another listing has this ROR id already: search for it and claim it."))
        return _new_page(kind, parent, form), 422
    flash(
        _("The desk has your proposal of %(name)s and answers by mail. If it says yes, you manage it.", name=made.name)
    )
    return redirect("/manage/", 303)


def _choose(parent: Listing | None, kind: Kind | None) -> ResponseReturnValue:
    """The kind, and what the listing belongs to."""
    text = request.args.get("q", "").strip()[:LONGEST_TEXT]
    holders = holders_of(_user(), text) if parent is None else []
    fitting = [holder for holder in holders if kind is None or kind in kinds_below(holder)]
    return render_template(
        "manage/new.html",
        kind=kind,
        parent=parent,
        kinds=kinds_below(parent) if parent else list(Kind),
        holders=fitting,
        text=text,
        many=len(holders) == MOST_HOLDERS or bool(text),
    )


def _new_page(kind: Kind, parent: Listing | None, form: SectionForm, likenesses: list[Likeness] | None = None) -> str:
    return render_template(
        "manage/new_listing.html",
        kind=kind,
        parent=parent,
        form=form,
        problems=form.problems(),
        likenesses=likenesses or [],
        claimable=_claimable(likenesses),
        mine=_mine(likenesses),
    )


def _instrument_page(parent: Listing, form: SectionForm, likenesses: list[Likeness] | None = None) -> str:
    return render_template(
        "manage/new_instruments.html",
        parent=parent,
        form=form,
        problems=form.problems(),
        likenesses=likenesses or [],
        claimable=_claimable(likenesses),
        mine=_mine(likenesses),
        added=added_lately(parent, _user()),
        publishes=may_publish(me(), parent),
        who_accepts=who_accepts(parent),
        draft="draft" in request.form or "draft" in request.args,
    )


def _seen(likenesses: list[Likeness]) -> list[Listing]:
    """Those of the listings that the author was shown, and said to be other ones."""
    shown = set(request.form.getlist("shown"))
    return [each.listing for each in likenesses if str(each.listing.id) in shown]


def _claimable(likenesses: list[Likeness] | None) -> set[int]:
    return {each.listing.id for each in likenesses or () if may_claim(me(), each.listing)}


def _mine(likenesses: list[Likeness] | None) -> set[int]:
    return {each.listing.id for each in likenesses or () if may_edit(me(), each.listing)}


def _next_instrument(parent: Listing, form: SectionForm) -> str:
    """The same page for the next one, with what it is likely to share."""
    kept = {name: form[name].data for name in NewInstrument.KEPT if form[name].data}
    if "draft" in request.form:
        kept["draft"] = "1"
    return f"/manage/listings/{parent.id}/instruments/new{f'?{urlencode(kept)}' if kept else ''}"


def _parent(typed: MultiDict[str, str] | None) -> Listing | None:
    """What the new listing is to belong to, if the address or the form names it."""
    named = _named("parent", typed)
    return listing_for(int(named), may_add_below) if named.isascii() and named.isdigit() and len(named) < 10 else None


def _kind(typed: MultiDict[str, str] | None) -> Kind | None:
    return next((kind for kind in Kind if kind == _named("kind", typed)), None)


def _named(name: str, typed: MultiDict[str, str] | None) -> str:
    """From the form, the address, or the form that was kept."""
    return request.values.get(name) or (typed.get(name, "") if typed else "")


def _user() -> User:
    user = me()
    if user is None:
        abort(403)
    return user
