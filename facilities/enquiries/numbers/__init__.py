"""Numbers for owners: how often a listing is opened, found and asked about, and how soon it answers."""

from facilities.enquiries.numbers.noting import flush, init_app, note_found

__all__ = ["flush", "init_app", "note_found"]
