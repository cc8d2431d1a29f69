"""What a visitor reads for the facets of a search and for their values."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from flask_babel import get_locale, lazy_gettext

from facilities.catalogue.models import Kind, Mode, OfferKind, OrganisationKind, Sector, UserGroup, country_name
from facilities.catalogue.models.terms import Word
from facilities.catalogue.models.vocabulary import label_in
from facilities.catalogue.roles import role_labels
from facilities.search.queries import (
    category_labels,
    hub_names,
    network_names,
    organisation_names,
    technique_labels,
)
from facilities.search.understanding import lexicon

FACET_LABELS = {
    "kind": lazy_gettext("Kind"),
    "offer": lazy_gettext("What is offered"),
    "category": lazy_gettext("Category"),
    "technique": lazy_gettext("Technique"),
    "organisation": lazy_gettext("Organisation"),
    "organisation_kind": lazy_gettext("Kind of organisation"),
    "role": lazy_gettext("Role in the value chain"),
    "sector": lazy_gettext("Sector"),
    "network": lazy_gettext("Network"),
    "hub": lazy_gettext("Hub"),
    "country": lazy_gettext("Country"),
    "city": lazy_gettext("City"),
    "access": lazy_gettext("Who may use it"),
    "mode": lazy_gettext("Mode of access"),
    "certificate": lazy_gettext("Certificate"),
}


def _labels_of(words: type[Word]) -> Callable[[str], str]:
    return lambda value: next((str(word.label) for word in words if word == value), value)


FIXED: dict[str, Callable[[str], str]] = {
    "kind": lambda value: next((str(kind.plural) for kind in Kind if kind == value), value),
    "offer": _labels_of(OfferKind),
    "organisation_kind": _labels_of(OrganisationKind),
    "sector": _labels_of(Sector),
    "country": country_name,
    "access": _labels_of(UserGroup),
    "mode": _labels_of(Mode),
}
"""What is the same as long as the process runs."""

READ: dict[str, Callable[[list[str]], dict[str, str]]] = {
    "category": category_labels,
    "technique": technique_labels,
    "organisation": organisation_names,
    "role": role_labels,
    "network": network_names,
    "hub": hub_names,
}
"""What the database says, for values that the lexicon does not know yet."""


def labels_of(facet: str, values: list[str]) -> dict[str, str]:
    """What a visitor reads for each value of a facet; a value without a label speaks for itself."""
    if facet in FIXED:
        language = str(get_locale())
        return {value: _fixed(facet, value, language) for value in values}
    if not values or facet not in READ:
        return {}
    known = {value: label for value, label in _known(facet, values) if label}
    unknown = [value for value in values if value not in known]
    return known | READ[facet](unknown) if unknown else known


@lru_cache(maxsize=4096)
def _fixed(facet: str, value: str, _language: str) -> str:
    """Kept for each language: the visitor's is the one that is read."""
    return FIXED[facet](value)


def _known(facet: str, values: Iterable[str]) -> Iterable[tuple[str, str]]:
    """The labels that this process keeps, empty where it has none."""
    if facet in ("role", "network", "hub"):
        return ()
    said = lexicon()
    if facet == "organisation":
        return ((value, said.organisations.name(int(value)) if value.isdecimal() else "") for value in values)
    if facet == "technique":
        techniques = said.techniques.concepts
        return _in_language(values, lambda slug: techniques[slug].labels if slug in techniques else None)
    return _in_language(values, said.categories.get)


def _in_language(values: Iterable[str], labels: Callable[[str], Mapping[str, str] | None]) -> Iterable[tuple[str, str]]:
    locale = get_locale()
    language = locale.language if locale else "en"
    return ((value, label_in(said, language) if (said := labels(value)) else "") for value in values)
