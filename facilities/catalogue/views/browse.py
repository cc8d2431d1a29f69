"""Browsing by technique and by category."""

from itertools import groupby
from unicodedata import normalize

from flask import abort, render_template
from flask_babel import get_locale

from facilities.access import allow, anyone
from facilities.catalogue.queries import browse as queries
from facilities.catalogue.queries.cards import published_by_ids
from facilities.catalogue.views import bp

NEWEST = 6
# Letters of their own in the languages of the north; elsewhere they are filed under the letter below the mark.
OWN_LETTERS = {"sv": "ÅÄÖ", "fi": "ÅÄÖ", "nb": "ÆØÅ", "nn": "ÆØÅ", "da": "ÆØÅ"}


@bp.get("/techniques")
@allow(anyone)
def techniques() -> str:
    language = locale.language if (locale := get_locale()) else "en"
    return render_template("catalogue/techniques.html", letters=by_letter(queries.technique_counts(), language))


@bp.get("/categories")
@allow(anyone)
def categories() -> str:
    return render_template("catalogue/categories.html", tree=queries.category_tree())


@bp.get("/categories/<slug>")
@allow(anyone)
def category(slug: str) -> str:
    entry, parent = queries.find_in_tree(queries.category_tree(), slug)
    if entry is None:
        abort(404)

    inside = [entry.category.id, *(child.category.id for child in entry.children)]
    return render_template(
        "catalogue/category.html",
        entry=entry,
        parent=parent,
        techniques=queries.technique_counts(inside),
        newest=published_by_ids(queries.newest_ids(inside, NEWEST)),
    )


def by_letter(
    techniques: list[queries.TechniqueCount], language: str
) -> list[tuple[str, list[queries.TechniqueCount]]]:
    """Techniques under their first letters in the order of the language's alphabet; digits and signs under #."""
    own = OWN_LETTERS.get(language, "")
    alphabet = "#ABCDEFGHIJKLMNOPQRSTUVWXYZ" + own
    ordered = sorted(techniques, key=lambda technique: alphabet.find(_letter(technique.label, own)))
    return [(letter, list(group)) for letter, group in groupby(ordered, lambda entry: _letter(entry.label, own))]


def _letter(label: str, own: str) -> str:
    first = label[:1].upper()
    if first and first in own:
        return first
    plain = normalize("NFKD", {"Æ": "A", "Ø": "O"}.get(first, first))[:1]
    return plain if plain.isascii() and plain.isalpha() else "#"
