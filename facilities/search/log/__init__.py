"""What visitors searched for and did not find, for the desk: counted by text and day, without saying who searched."""

from facilities.search.log.models import LoggedSearch, SettledSearch
from facilities.search.log.noting import flush, init_app, note_search

__all__ = ["LoggedSearch", "SettledSearch", "flush", "init_app", "note_search"]
