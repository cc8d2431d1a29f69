"""The home page."""

from flask import render_template
from flask_babel import lazy_gettext as _l

from facilities.access import allow, anyone
from facilities.catalogue.overview import overview
from facilities.catalogue.queries import browse
from facilities.catalogue.queries import home as queries
from facilities.catalogue.views import bp

EXAMPLES = (_l("confocal microscopy"), _l("FACS"), _l("GMP manufacturing"))
RECENT = 6
MOST_SPOTS = 300


@bp.get("/")
@allow(anyone)
def home() -> str:
    return render_template(
        "catalogue/home.html",
        examples=[str(example) for example in EXAMPLES],
        kinds=queries.kind_counts(),
        categories=browse.category_tree(),
        recent=queries.recently_confirmed(RECENT),
        map=overview(queries.spots(MOST_SPOTS)),
    )
