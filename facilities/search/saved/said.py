"""What a saved search is about."""

from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict

from facilities.search.narrowing import in_words
from facilities.search.query import SearchQuery
from facilities.search.saved.models import SavedSearch
from facilities.search.saved.queries import Due


def query_of(saved: SavedSearch | Due) -> SearchQuery:
    """The search itself; what has come to be unknown since it was saved is left out."""
    return SearchQuery.from_args(MultiDict(parse_qsl(saved.args)))


def said_by(saved: SavedSearch) -> str:
    """It in one line, in the language that is spoken at the moment."""
    return in_words(query_of(saved))
