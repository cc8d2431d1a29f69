"""Web addresses of listings that lead nowhere any more."""

from flask import render_template
from flask.typing import ResponseReturnValue

from facilities.access import allow, moderators
from facilities.manage.links import broken_links, number_of_broken_links, problem_in_words
from facilities.moderation.views import bp
from facilities.paging import asked_page, pages_of

PAGE = 50

bp.add_app_template_filter(problem_in_words)


@bp.get("/moderate/links")
@allow(moderators)
def links() -> ResponseReturnValue:
    """All broken addresses, the longest broken first."""
    pages = pages_of(number_of_broken_links(), PAGE)
    broken = broken_links(limit=PAGE, offset=(asked_page() - 1) * PAGE)
    return render_template("moderate/links.html", links=broken, pages=pages)
