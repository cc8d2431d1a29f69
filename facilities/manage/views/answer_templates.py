"""The answer templates of a listing: a list, and a form for one."""

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import allow, listing_for, signed_in
from facilities.accounts.rights import may_edit
from facilities.catalogue.models import Listing
from facilities.db import ID
from facilities.manage.answer_templates import (
    MOST_TEMPLATES,
    TooManyTemplates,
    add_template,
    change_template,
    move_up,
    remove_template,
    template_at,
    templates_above,
    templates_of,
)
from facilities.manage.forms.answer_templates import AnswerTemplateForm
from facilities.manage.views import bp


@bp.route(f"/listings/<{ID}:listing_id>/answer-templates", methods=["GET", "POST"])
@allow(signed_in)
def answer_templates(listing_id: int) -> ResponseReturnValue:
    """The templates; a form sent keeps one more."""
    listing = listing_for(listing_id, may_edit)
    form = AnswerTemplateForm()
    if form.validate_on_submit():
        try:
            add_template(listing, name=form.name.data, body=form.body.data)
        except TooManyTemplates:
            flash(
                _("Nothing was added: remove one first, %(most)d is as many as are kept.", most=MOST_TEMPLATES),
                "warning",
            )
        else:
            flash(_("The template is offered from now on."))
        return redirect(_address(listing), 303)
    page = render_template(
        "manage/answer_templates.html", listing=listing, form=form, templates=templates_of(listing),
        above=templates_above(listing),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@bp.route(f"/listings/<{ID}:listing_id>/answer-templates/<{ID}:template_id>", methods=["GET", "POST"])
@allow(signed_in)
def answer_template(listing_id: int, template_id: int) -> ResponseReturnValue:
    """One template; its buttons change it, remove it, or move it up."""
    listing = listing_for(listing_id, may_edit)
    template = template_at(listing, template_id) or abort(404)
    form = AnswerTemplateForm(obj=template)
    match request.form.get("act"):
        case "remove":
            remove_template(template)
            flash(_("The template is gone."))
            return redirect(_address(listing), 303)
        case "up":
            move_up(listing, template)
            return redirect(_address(listing), 303)
    if form.validate_on_submit():
        change_template(template, name=form.name.data, body=form.body.data)
        flash(_("Saved."))
        return redirect(_address(listing), 303)
    page = render_template("manage/answer_template.html", listing=listing, template=template, form=form)
    return page, 422 if form.errors else 200


def _address(listing: Listing) -> str:
    return f"/manage/listings/{listing.id}/answer-templates"
