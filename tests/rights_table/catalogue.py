"""The home page, listings, what they are about, and files."""

from tests.rights_table.answers import ANYONE, NOBODY

TABLE = {
    ANYONE: """
        GET catalogue.home /
        GET catalogue.techniques /techniques
        GET catalogue.categories /categories
        GET catalogue.listing {path}
        GET catalogue.permanent /listings/{instrument}
        GET health.alive /healthz
        GET health.ready /readyz
        GET static /static/site.css
    """,
    NOBODY: """
        GET catalogue.category /categories/microscopy
        GET catalogue.permanent /listings/{draft}
        GET catalogue.demo_image /demo/images/x
        GET media.media /media/made-up
    """,
}
