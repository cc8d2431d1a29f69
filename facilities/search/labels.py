"""What a visitor reads for the facets of a search and for their values."""

from collections.abc import Callable

from flask_babel import lazy_gettext

from facilities.catalogue.models import Kind, Mode, UserGroup, country_name
from facilities.search.queries import category_labels, organisation_names, technique_labels

FACET_LABELS = {
    "kind": lazy_gettext("Kind"),
    "category": lazy_gettext("Category"),
    "technique": lazy_gettext("Technique"),
    "organisation": lazy_gettext("Organisation"),
    "country": lazy_gettext("Country"),
    "city": lazy_gettext("City"),
    "access": lazy_gettext("Who may use it"),
    "mode": lazy_gettext("Mode of access"),
}

LABELS: dict[str, Callable[[list[str]], dict[str, str]]] = {
    "kind": lambda _values: {kind.value: str(kind.plural) for kind in Kind},
    "category": category_labels,
    "technique": technique_labels,
    "organisation": organisation_names,
    "country": lambda codes: {code: country_name(code) for code in codes},
    "access": lambda _values: {group.value: str(group.label) for group in UserGroup},
    "mode": lambda _values: {mode.value: str(mode.label) for mode in Mode},
}


def labels_of(facet: str, values: list[str]) -> dict[str, str]:
    """What a visitor reads for each value of a facet; a value without a label speaks for itself."""
    return LABELS[facet](values) if values and facet in LABELS else {}
