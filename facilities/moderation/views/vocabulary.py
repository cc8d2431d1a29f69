"""The desk's pages of the vocabulary: techniques, what they are called, and every change of that."""

from flask import abort, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import allow, me, moderators
from facilities.accounts.models import User
from facilities.catalogue.models import Technique, VocabularyChange
from facilities.catalogue.names import slug_of
from facilities.catalogue.vocabulary.choosing import find_techniques
from facilities.catalogue.vocabulary.entries import Entry, entry_of
from facilities.db import ID, db
from facilities.moderation.forms.vocabulary import TechniqueForm, technique_form
from facilities.moderation.views import bp
from facilities.moderation.vocabulary.changing import (
    AlreadyUndone,
    StillUsed,
    add_technique,
    chain,
    change_technique,
    newest_change,
    technique_called,
    undo_change,
)
from facilities.moderation.vocabulary.reading import (
    LANGUAGES,
    PAGE,
    all_categories,
    changes,
    techniques_listed,
    top_categories,
)
from facilities.paging import asked_page, pages_of

LONGEST_TYPED = 100


@bp.get("/moderate/vocabulary")
@allow(moderators)
def vocabulary() -> ResponseReturnValue:
    text = " ".join(request.args.get("q", "").split())[:LONGEST_TYPED]
    category, changed = request.args.get("category", "")[:LONGEST_TYPED], bool(request.args.get("changed"))
    rows, total = techniques_listed(text, category, changed, asked_page())
    return render_template(
        "moderate/vocabulary.html",
        rows=rows,
        total=total,
        text=text,
        category=category,
        changed=changed,
        categories=top_categories(),
        pages=pages_of(total, PAGE),
    )


@bp.get("/moderate/vocabulary/changes")
@allow(moderators)
def vocabulary_changes() -> ResponseReturnValue:
    found, total = changes(None, asked_page())
    return render_template("moderate/vocabulary_changes.html", changes=found, pages=pages_of(total, PAGE))


@bp.get("/moderate/vocabulary/suggest")
@allow(moderators)
def suggest_techniques() -> ResponseReturnValue:
    """As the suggestions of the search box; what is chosen leads to the synonym's page with `text`, if there is one."""
    text = request.args.get("text", "")[:LONGEST_TYPED]
    found = find_techniques(request.args.get("q", "")[:LONGEST_TYPED])
    return jsonify(
        suggestions=[
            {
                "kind": "technique",
                "label": each.category,
                "text": each.label,
                "found": each.found,
                "note": "",
                "slug": each.slug,
                "url": f"/moderate/vocabulary/{each.slug}" if not text else "",
            }
            for each in found
        ]
    )


@bp.route("/moderate/vocabulary/new", methods=["GET", "POST"])
@allow(moderators)
def new_technique() -> ResponseReturnValue:
    """`label` is what visitors typed, if the desk comes from there."""
    label = " ".join(request.args.get("label", "").split())[:LONGEST_TYPED]
    form = technique_form({"category": "", "labels": {"en": label}}, all_categories(), 0)
    slug = slug_of(form.label_en.data or "")
    if form.validate_on_submit() and form.check_is_new(slug) and form.check_names(slug, {}):
        added = add_technique(form.said(slug), by=_me().actor)
        flash(_("Added. Managers can choose it, and searches know its names from now on."))
        return redirect(f"/moderate/vocabulary/{added.slug}", 303)
    page = render_template("moderate/technique.html", technique=None, form=form, languages=LANGUAGES)
    return page, 422 if form.errors else 200


@bp.route("/moderate/vocabulary/<slug>", methods=["GET", "POST"])
@allow(moderators)
def technique(slug: str) -> ResponseReturnValue:
    found = technique_called(slug, to_change=request.method == "POST") or abort(404)
    before, version = entry_of(found), newest_change(found)
    form = technique_form(before, all_categories(), version)
    if form.validate_on_submit() and _is_right(form, found, before, version):
        change = change_technique(found, form.said(slug), by=_me().actor)
        flash(_("Saved. Searches go by it from now on.") if change else _("Nothing was changed."))
        return redirect(f"/moderate/vocabulary/{slug}", 303)
    told, total = changes(found, 1)
    page = render_template(
        "moderate/technique.html", technique=found, form=form, changes=told, total=total, languages=LANGUAGES
    )
    return page, 422 if form.errors else 200


@bp.post(f"/moderate/vocabulary/changes/<{ID}:change_id>/undo")
@allow(moderators)
def undo_vocabulary_change(change_id: int) -> ResponseReturnValue:
    change = db.session.get(VocabularyChange, change_id) or abort(404)
    slug = change.slug
    try:
        undo_change(change, by=_me().actor)
        flash(_("Taken back. What was changed since is as it was."))
    except AlreadyUndone:
        flash(_("This change is taken back already."), "warning")
    except StillUsed:
        flash(_("Listings have this technique, or others are part of it: change those first."), "warning")
    there = technique_called(slug) is not None
    return redirect(f"/moderate/vocabulary/{slug}" if there else "/moderate/vocabulary/changes", 303)


def _is_right(form: TechniqueForm, found: Technique, before: Entry, version: int) -> bool:
    """Whether what the form says can be saved; what keeps it from that stands beside a field."""
    if form.version.data != str(version):
        form.category.errors = [
            _("Somebody changed this technique meanwhile: open its page again and repeat your change.")
        ]
        return False
    said = form.said(found.slug)
    if said.get("broader") and found.slug in chain(said["broader"]):
        form.broader.errors = [_("Choose a technique that is not itself part of this one.")]
        return False
    return form.check_names(found.slug, before)


def _me() -> User:
    return me() or abort(401)
