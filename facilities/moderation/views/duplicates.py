"""Listings that look the same, and merging them."""

import re

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from facilities.access import allow, listing_for, me, moderators
from facilities.accounts.models import User
from facilities.accounts.rights import may_moderate
from facilities.db import ID, db
from facilities.manage.labels import field_label
from facilities.moderation.comparing import Comparison, compare, merges, pair_of
from facilities.moderation.decisions import note_decision
from facilities.moderation.duplicates import mark_different
from facilities.moderation.forms.deciding import MarkForm
from facilities.moderation.likeness import Sign
from facilities.moderation.merging import CannotMerge, merge_listings, unmerge, why_not_undone
from facilities.moderation.models import DecisionAct, Duplicate, Merge
from facilities.moderation.queues import Queue, position_of, waiting_for
from facilities.moderation.views import bp
from facilities.paging import asked_page, pages_of

PAGE = 50
QUEUE = "/moderate/queues/duplicates"


@bp.get("/moderate/duplicates")
@allow(moderators)
def duplicates() -> ResponseReturnValue:
    """To the two listings whose addresses or numbers are given, else to the queue."""
    ids = [_id_in(request.args.get(name, "")) for name in ("first", "second")]
    if not any(request.args.get(name) for name in ("first", "second")):
        return redirect(QUEUE, 303)
    if None in ids or ids[0] == ids[1]:
        flash(_("Enter the addresses of two different listings."), "warning")
        return redirect(QUEUE, 303)
    return redirect(f"/moderate/duplicates/{ids[0]}/{ids[1]}", 303)


@bp.get(f"/moderate/duplicates/<{ID}:pair_id>")
@allow(moderators)
def pair(pair_id: int) -> ResponseReturnValue:
    found = db.session.get(Duplicate, pair_id) or abort(404)
    return redirect(f"/moderate/duplicates/{found.first_id}/{found.second_id}", 303)


@bp.route(f"/moderate/duplicates/<{ID}:first_id>/<{ID}:second_id>", methods=["GET", "POST"])
@allow(moderators)
def compare_two(first_id: int, second_id: int) -> ResponseReturnValue:
    """Side by side: merge one into the other, or say that they are not the same."""
    if first_id == second_id:
        abort(404)
    keep = request.values.get("keep", type=int)
    one, other = (listing_for(each, may_moderate) for each in sorted((first_id, second_id)))
    both, user, form = compare(one, other, keep=keep), me() or abort(401), MarkForm()
    pair = pair_of(one.id, other.id)
    position = position_of(waiting_for(user, Queue.DUPLICATES), pair.id) if pair else None
    if form.validate_on_submit() and _decided(both, form, user):
        following = (position.next or position.previous) if position else None
        return redirect(f"/moderate/duplicates/{following}" if following else QUEUE, 303)
    form.mark.data = both.mark
    page = render_template(
        "moderate/compare.html",
        both=both,
        form=form,
        queue=Queue.DUPLICATES,
        pair=pair,
        signs=[sign.label for sign in Sign if pair and sign in pair.signs],
        position=position,
    )
    return page, 422 if form.form_errors else 200


def _decided(both: Comparison, form: MarkForm, user: User) -> bool:
    """Do what the button says; False with the reason on the form if it cannot be done."""
    act = request.form.get("act")
    if act == "different":
        note_decision(both.merged, DecisionAct.NOT_DUPLICATE, reason=both.kept.name, by=user)
        mark_different(both.kept, both.merged, by=user.actor)
        db.session.commit()
        flash(_("Noted: they are not the same, and are not proposed again."))
        return True
    if act != "merge":
        return False
    if form.mark.data != both.mark:
        form.form_errors.append(_("One of them has been changed while you looked. Look again, then decide."))
        return False
    return _merged(both, form, user)


def _merged(both: Comparison, form: MarkForm, user: User) -> bool:
    chosen = {key.removeprefix("field-"): way for key, way in request.form.items() if key.startswith("field-")}
    fields = both.fields(chosen)
    name = both.merged.name
    note_decision(both.merged, DecisionAct.MERGED, reason=both.kept.name, by=user)
    try:
        merge_listings(both.kept, both.merged, fields=fields, by=user.actor)
    except (CannotMerge, IntegrityError) as problem:
        db.session.rollback()
        form.form_errors.append(str(problem) if isinstance(problem, CannotMerge) else _("They cannot be merged."))
        return False
    flash(_("Merged: %(name)s. Its address leads to the listing that was kept.", name=name))
    return True


@bp.get("/moderate/merges")
@allow(moderators)
def merge_list() -> ResponseReturnValue:
    found, total = merges(asked_page(), PAGE)
    problems = {each.id: why_not_undone(each) for each in found}
    return render_template("moderate/merges.html", merges=found, problems=problems, pages=pages_of(total, PAGE))


@bp.post(f"/moderate/merges/<{ID}:merge_id>/undo")
@allow(moderators)
def undo_merge(merge_id: int) -> ResponseReturnValue:
    merge, user = db.session.get(Merge, merge_id) or abort(404), me() or abort(401)
    name = merge.merged.name
    try:
        note_decision(merge.merged, DecisionAct.UNMERGED, reason=merge.kept.name, by=user)
        left = unmerge(merge, by=user.actor)
    except CannotMerge as problem:
        db.session.rollback()
        flash(str(problem), "warning")
        return redirect("/moderate/merges", 303)
    flash(_("Undone: %(name)s is a listing of its own again.", name=name))
    if not left.complete:
        fields = ", ".join(map(field_label, left.fields)) or _("none")
        also = len(left.children) + sum(left.rows.values())
        flash(
            _("Changed since and left as it is: fields %(fields)s; other things: %(also)d.", fields=fields, also=also),
            "warning",
        )
    return redirect("/moderate/merges", 303)


def _id_in(text: str) -> int | None:
    """The number of a listing in its address, or alone."""
    found = re.search(r"(?:^|/)(\d{1,9})(?:-[^/]*)?/?$", text.strip().partition("?")[0])
    return int(found[1]) if found else None
