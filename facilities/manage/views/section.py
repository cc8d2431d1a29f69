"""The steps that the form of every section takes: opened, sent, held against what others wrote, saved."""

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict

from facilities.access import me
from facilities.accounts.kept import kept_values
from facilities.accounts.models import User
from facilities.accounts.rights import may_confirm, may_publish
from facilities.catalogue.models import Listing, Status
from facilities.db import db, now, writing
from facilities.manage.editing import Saved, editable, save_edit
from facilities.manage.forms import SectionForm, form_of
from facilities.manage.forms.place import LONGEST_ADDRESS, fill_in_place
from facilities.manage.forms.readable import versions_of
from facilities.manage.needs import sent_back_with
from facilities.manage.opened import seal, unseal
from facilities.manage.sections import Section, fields_of, section_after
from facilities.manage.settling import Choices, last_author
from facilities.manage.views.reviewing import forms_of, in_review, listing_to_edit
from facilities.manage.words import saved_words, who_accepts
from facilities.moderation.proposals import open_proposal

Typed = MultiDict[str, str]


def opened_form(listing: Listing, section: Section) -> str:
    """The form as the listing is, or with what was typed before a session ended."""
    values = editable(listing, fields_of(section, listing.kind))
    typed = kept_values(request.args.get("kept"))
    if typed is None:
        return section_page(listing, section, _filled(listing, section, values), seal(listing.id, section.name, values))
    form = form_of(section.name, listing.kind)(listing, formdata=typed)
    return section_page(listing, section, form, typed.get("opened", ""), kept=True)


def posted_form(listing: Listing, section: Section, typed: Typed) -> ResponseReturnValue:
    """What was sent: a button that only changes the form, something to put right, or something to save."""
    form = form_of(section.name, listing.kind)(listing, formdata=typed)
    opened = typed.get("opened", "")
    if typed.get("act") == "look_up":
        return section_page(listing, section, form, opened, town=fill_in_place(form, typed.get("place_q", "")))
    if form.change(typed.get("change", "")):
        return section_page(listing, section, form, opened)
    if not form.validate():
        return section_page(listing, section, form, opened), 422
    before = unseal(opened, listing.id, section.name)
    return _save(listing, section, form.fields(before), before)


def settle(listing: Listing, section: Section) -> ResponseReturnValue:
    """The author has seen what somebody else wrote, and chose for each field."""
    draft = unseal(request.form["draft"], listing.id, section.name)
    seen = unseal(request.form.get("opened"), listing.id, section.name)
    if not draft or not seen:
        return redirect(f"{forms_of(listing)}/{section.name}", 303)
    choices = Choices(draft, seen, request.form)
    if request.form.get("act") == "rewrite":
        form = _filled(listing, section, choices.fields())
        return section_page(listing, section, form, request.form["opened"], kept=True)
    if choices.open:
        return _collision_page(listing, section, choices.as_saved(), choices), 422
    return _save(listing, section, choices.fields(), seen)


def _save(listing: Listing, section: Section, fields: dict[str, Any], opened: dict[str, Any]) -> ResponseReturnValue:
    """Save, and say what came of it or show where somebody else was quicker."""
    user = _user()
    confirm = "confirm" in request.form and may_confirm(user, listing) and not in_review()
    try:
        saved = save_edit(listing, fields, opened=opened, by=user, confirm=confirm, reviewing=in_review())
    except IntegrityError:
        return _again(listing.id, section, fields)
    if saved.collisions:
        return _collision_page(listing, section, saved), 409
    flash(saved_words(listing, saved, confirmed=confirm, reviewing=in_review()))
    return redirect(_next_address(listing, section), 303)


def _again(listing_id: int, section: Section, fields: dict[str, Any]) -> ResponseReturnValue:
    """The form once more after somebody took its ROR id in the very moment: now it says so."""
    db.session.rollback()
    writing()
    listing = listing_to_edit(listing_id)
    form = _filled(listing, section, fields)
    form.validate()
    return section_page(listing, section, form, request.form.get("opened", "")), 422


def _collision_page(listing: Listing, section: Section, saved: Saved, choices: Choices | None = None) -> str:
    """Both versions of what two people changed, with a choice; what was chosen already stays chosen."""
    return render_template(
        "manage/edit/collision.html",
        listing=listing,
        section=section,
        groups=versions_of(form_of(section.name, listing.kind), listing, saved),
        asked=" ".join(f"{collision.name}:{collision.unit}" for collision in saved.collisions),
        forms=forms_of(listing),
        in_review=in_review(),
        chosen=choices.chosen if choices else {},
        undecided=choices.open if choices else (),
        opened=seal(listing.id, section.name, saved.current),
        draft=seal(listing.id, section.name, saved.draft),
        confirm="confirm" in request.form,
        changed_by=last_author(listing) or _("somebody else"),
    )


def section_page(
    listing: Listing, section: Section, form: SectionForm, opened: str, *, kept: bool = False, town: str = ""
) -> str:
    """The page of a section. `kept` if what it shows has not been saved yet, `town` where its coordinates are from."""
    problems = form.problems()
    return render_template(
        "manage/edit/section.html",
        listing=listing,
        section=section,
        form=form,
        problems=problems,
        forms=forms_of(listing),
        in_review=in_review(),
        sent_back=sent_back_with(listing, open_proposal(listing)),
        may_publish=may_publish(me(), listing),
        opened=opened,
        kept=kept,
        unsaved=kept or request.method == "POST",
        town=town,
        place_q=request.form.get("place_q", "")[:LONGEST_ADDRESS],
        following=section_after(section, listing.kind),
        waits=listing.status == Status.PUBLISHED and not may_publish(me(), listing),
        who_accepts=who_accepts(listing),
        may_confirm=_asks_to_confirm(listing),
    )


def _asks_to_confirm(listing: Listing) -> bool:
    """Whether the author could say at once that the rest is right too, and has not said so today."""
    said_today = listing.confirmed_at is not None and listing.confirmed_at.date() == now().date()
    return may_confirm(me(), listing) and not said_today and not in_review()


def _filled(listing: Listing, section: Section, values: Mapping[str, Any]) -> SectionForm:
    """The form as if the listing said these values."""
    return form_of(section.name, listing.kind)(listing, values=values, formdata=None)


def _next_address(listing: Listing, section: Section) -> str:
    following = section_after(section, listing.kind)
    overview = forms_of(listing)
    return f"{overview}/{following.name}" if request.form.get("act") == "next" and following else overview


def _user() -> User:
    user = me()
    if user is None:
        abort(403)
    return user
