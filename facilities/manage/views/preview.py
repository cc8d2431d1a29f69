"""A listing as visitors will see it."""

from typing import Any

from flask import current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from facilities.access import allow, listing_for, signed_in
from facilities.accounts.rights import may_see_history
from facilities.catalogue import content
from facilities.catalogue.citation import citation, identifiers, permanent_url
from facilities.catalogue.models import Listing
from facilities.catalogue.queries.listing import listing_page
from facilities.catalogue.reading import Reading, best_language
from facilities.catalogue.structured_data import structured_data
from facilities.choosing_language import language_of_reader
from facilities.db import ID, db
from facilities.manage.views import bp
from facilities.moderation.proposals import open_proposal


@bp.route(f"/listings/<{ID}:listing_id>/preview")
@allow(signed_in)
def preview(listing_id: int) -> ResponseReturnValue:
    """The public page with the changes that wait. They are written onto the listing in memory only: nothing is sent to
    the database, and the session forgets them when the page is made."""
    listing = listing_for(listing_id, may_see_history)
    proposal = open_proposal(listing)
    waiting = {name: after for name, (_before, after) in proposal.changes.items()} if proposal else {}
    with db.session.no_autoflush:
        html = _public_page(listing, waiting)
    db.session.rollback()
    response = make_response(html)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _public_page(listing: Listing, waiting: dict[str, Any]) -> str:
    language = best_language(listing, request.args.get("lang"), language_of_reader())
    page = listing_page(listing, language)
    content.write(listing, waiting)
    vars(listing).pop("languages", None)
    reading = Reading(listing, best_language(listing, request.args.get("lang"), language_of_reader()))
    site_name, site_url = current_app.config["SITE_NAME"], current_app.config["SITE_URL"]
    return render_template(
        "manage/preview.html", listing=listing, page=page, reading=reading, identifiers=identifiers(listing),
        permanent_url=permanent_url(listing, site_url), citation=citation(listing, site_name, site_url),
        structured_data=structured_data(reading, site_url), waiting=waiting,
    )  # fmt: skip
