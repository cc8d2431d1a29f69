"""The site's desk makes networks and gives them their first desk."""

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from facilities.access import allow, moderators
from facilities.accounts.invitations import invite_to_desk
from facilities.languages import LANGUAGES
from facilities.networks.actions import Taken, make_network
from facilities.networks.desks import all_networks
from facilities.networks.forms import NewNetworkForm
from facilities.networks.members import member_counts
from facilities.networks.views import site_desk
from facilities.networks.views.loading import user


@site_desk.route("", methods=["GET", "POST"])
@allow(moderators)
def networks() -> ResponseReturnValue:
    """All of them; a form sent makes one and invites its desk."""
    form = NewNetworkForm()
    if form.validate_on_submit():
        try:
            made = make_network(form.address, form.chosen, {_language(): form.name.data}, by=user().actor)
        except Taken:
            form.slug.errors = [_("Another network has this name in its address.")]
        else:
            invite_to_desk(form.email.data, made, None, by=user())
            flash(_("Made. An invitation to its desk is on its way to %(address)s.", address=form.email.data))
            return redirect(f"/manage{made.path}/page", 303)
    page = render_template("networks/site_desk.html", form=form, networks=all_networks(), members=member_counts())
    return page, 422 if form.errors else 200


def _language() -> str:
    """The language that the desk writes in."""
    locale = get_locale()
    return locale.language if locale and locale.language in LANGUAGES else "en"
