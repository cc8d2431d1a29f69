"""What a card says in few words: who may use a listing, and who made the instrument."""

from collections.abc import Collection

from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from facilities.catalogue.models import UserGroup
from facilities.catalogue.names import fold

SHORT: dict[str, LazyString] = {
    UserGroup.ACADEMIA: lazy_gettext("academia"),
    UserGroup.HEALTHCARE: lazy_gettext("healthcare"),
    UserGroup.COMPANIES: lazy_gettext("companies"),
    UserGroup.ABROAD: lazy_gettext("from abroad"),
}


def open_to(groups: Collection[str]) -> str:
    """Which of `groups` are outside the owner's organisation; empty when nothing is known.

    Own users are taken for granted unless they are the only ones.
    """
    if not groups:
        return ""
    outside = [str(SHORT[group]) for group in UserGroup if group in groups and group in SHORT]
    if not outside:
        return _("Own organisation only")
    text = _("Open to all") if len(outside) == len(SHORT) else ", ".join(outside)
    return text[0].upper() + text[1:]


def maker_beside(name: str, manufacturer: str, model: str) -> str:
    """Manufacturer and model, each only if the instrument's name does not say it already."""
    said = set(fold(name).split())
    return " ".join(words for words in (manufacturer, model) if not said.issuperset(fold(words).split()))
