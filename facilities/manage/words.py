"""What owners are told: who accepts their changes, and what saving came to."""

from flask_babel import gettext as _

from facilities.accounts.rights import review_of
from facilities.catalogue.models import Listing, Review, Status
from facilities.manage.editing import Saved


def who_accepts(listing: Listing) -> str:
    """Who has to accept changes of a listing's editors."""
    if review_of(listing) == Review.DESK:
        return _("the desk")
    return _("a manager of %(name)s", name=list(listing.lineage())[-1].name)


def saved_words(listing: Listing, saved: Saved, *, confirmed: bool = False, reviewing: bool = False) -> str:
    """What became of what was saved."""
    if reviewing and saved.changed:
        return _("Saved into what waits for your decision. Visitors see it once you accept it.")
    words = _what_happened(listing, saved)
    return f"{words} {_('The listing is confirmed as of today.')}" if confirmed else words


def _what_happened(listing: Listing, saved: Saved) -> str:
    if not saved.changed:
        return _("Nothing was changed.")
    if saved.waits:
        return _(
            "Saved. Your changes wait for %(who)s; visitors see the earlier version until then.",
            who=who_accepts(listing),
        )
    if listing.status == Status.PUBLISHED:
        return _("Saved. Visitors see it now.")
    return _("Saved. Visitors do not see this listing yet.")


def added_words(listing: Listing) -> str:
    """What became of a listing that was added."""
    words = {
        Status.PUBLISHED: _("%(name)s was added. Visitors see it now.", name=listing.name),
        Status.IN_REVIEW: _("%(name)s was added. It waits for %(who)s.", name=listing.name, who=who_accepts(listing)),
    }
    return words.get(listing.status, _("%(name)s was added as a draft.", name=listing.name))
