"""What the desk sets: for the whole site, and who accepts the changes of an organisation."""

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import allow, listing_for, me, moderators
from facilities.accounts.rights import may_set_review
from facilities.catalogue.models import Organisation, Review
from facilities.db import ID, db
from facilities.moderation.forms.site import PreferencesForm, ReviewPolicyForm, chosen
from facilities.moderation.organisations import PAGE, organisations_like, set_review, team_of
from facilities.moderation.preferences import preferences, set_preferences
from facilities.moderation.views import bp
from facilities.paging import asked_page, pages_of


@bp.route("/moderate/settings", methods=["GET", "POST"])
@allow(moderators)
def settings() -> ResponseReturnValue:
    form = PreferencesForm(obj=preferences())
    if form.validate_on_submit():
        set_preferences(
            confirmation_months=form.confirmation_months.data,
            decisions_public=form.decisions_public.data,
            registration_open=form.registration_open.data,
        )
        db.session.commit()
        flash(_("Saved. It holds from now on."))
        return redirect("/moderate/settings", 303)
    return render_template("moderate/settings.html", form=form), 422 if form.errors else 200


@bp.get("/moderate/organisations")
@allow(moderators)
def organisations() -> ResponseReturnValue:
    text = " ".join(request.args.get("q", "").split())[:100]
    found, total = organisations_like(text, asked_page())
    pages = pages_of(total, PAGE)
    return render_template("moderate/organisations.html", organisations=found, total=total, text=text, pages=pages)


@bp.route(f"/moderate/organisations/<{ID}:listing_id>", methods=["GET", "POST"])
@allow(moderators)
def organisation(listing_id: int) -> ResponseReturnValue:
    listing, user = listing_for(listing_id, may_set_review), me() or abort(401)
    if not isinstance(listing, Organisation):
        abort(404)
    form = ReviewPolicyForm(review=listing.review.value)
    if form.validate_on_submit():
        set_review(listing, chosen(Review, form.review.data), by=user.actor)
        flash(_("Saved. It holds from now on."))
        return redirect(f"/moderate/organisations/{listing.id}", 303)
    page = render_template("moderate/organisation.html", listing=listing, form=form, team=team_of(listing))
    return page, 422 if form.errors else 200
