"""Reads of the catalogue that other parts use. Pages have reads of their own in the modules of this package."""

from facilities.catalogue.queries.cards import published_by_ids

__all__ = ["published_by_ids"]
