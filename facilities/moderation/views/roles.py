"""The desk's pages of roles in the value chain."""

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from facilities.access import allow, me, moderators
from facilities.accounts.models import User
from facilities.catalogue.models import ActorRole
from facilities.catalogue.roles import all_roles, role_label, successors
from facilities.moderation.forms.roles import LANGUAGES, merge_form, role_form
from facilities.moderation.roles import (
    add_role,
    bring_back_role,
    change_role,
    merge_roles,
    numbers,
    organisations_with,
    retire_role,
    role_called,
    said_by,
)
from facilities.moderation.views import bp
from facilities.networks.changing import seen


@bp.get("/moderate/roles")
@allow(moderators)
def actor_roles() -> ResponseReturnValue:
    roles = all_roles()
    return render_template(
        "moderate/roles.html",
        offered=[role for role in roles if role.retired_at is None],
        retired=[role for role in roles if role.retired_at],
        numbers=numbers(),
    )


@bp.route("/moderate/roles/new", methods=["GET", "POST"])
@allow(moderators)
def new_actor_role() -> ResponseReturnValue:
    form = role_form(None, None)
    if form.validate_on_submit() and form.check_labels(None) and (slug := form.slug()):
        add_role(slug, form.said(), by=_me())
        flash(_("Added. Organisations can choose it from now on."))
        return redirect("/moderate/roles", 303)
    return render_template("moderate/role.html", role=None, form=form, languages=LANGUAGES), 422 if form.errors else 200


@bp.route("/moderate/roles/<slug>", methods=["GET", "POST"])
@allow(moderators)
def actor_role(slug: str) -> ResponseReturnValue:
    role = _role(slug)
    form = role_form(role, said_by(role))
    changed_meanwhile = form.is_submitted() and form.opened.data != seen(role)
    if changed_meanwhile:
        form.validate()
        form.tell_changed(role, said_by(role))
    elif form.validate_on_submit() and form.check_labels(role):
        changed = change_role(role, form.said(), by=_me())
        flash(_("Saved. Searches go by it from now on.") if changed else _("Nothing was changed."))
        return redirect(f"/moderate/roles/{slug}", 303)
    number = len(organisations_with(slug))
    said = {"number": number, "successor": role_label(successors([slug]).get(slug, "")), "languages": LANGUAGES}
    page = render_template("moderate/role.html", role=role, form=form, **said)
    return page, 409 if changed_meanwhile else 422 if form.errors else 200


@bp.post("/moderate/roles/<slug>/retire")
@allow(moderators)
def retire_actor_role(slug: str) -> ResponseReturnValue:
    role = _role(slug)
    if role.retired_at is None:
        retire_role(role, by=_me())
    flash(_("The role is offered no longer. What has it keeps it."))
    return redirect("/moderate/roles", 303)


@bp.post("/moderate/roles/<slug>/bring-back")
@allow(moderators)
def bring_back_actor_role(slug: str) -> ResponseReturnValue:
    role = _role(slug)
    if role.retired_at is not None:
        bring_back_role(role, by=_me())
    flash(_("The role is offered again."))
    return redirect("/moderate/roles", 303)


@bp.route("/moderate/roles/<slug>/merge", methods=["GET", "POST"])
@allow(moderators)
def merge_actor_role(slug: str) -> ResponseReturnValue:
    """First which role is kept, then what that changes, then it is done."""
    role = _role(slug)
    form = merge_form(role)
    kept = role_called(form.into.data) if form.validate_on_submit() else None
    if kept is not None and "sure" in request.form:
        number = merge_roles(role, kept, by=_me())
        flash(ngettext("One organisation was changed.", "%(num)d organisations were changed.", number))
        return redirect(f"/moderate/roles/{kept.slug}", 303)
    number = len(organisations_with(slug))
    page = render_template("moderate/role_merge.html", role=role, form=form, kept=kept, number=number)
    return page, 422 if form.errors else 200


def _role(slug: str) -> ActorRole:
    return role_called(slug, to_change=request.method == "POST") or abort(404)


def _me() -> User:
    return me() or abort(401)
