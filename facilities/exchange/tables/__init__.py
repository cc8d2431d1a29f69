"""Spreadsheets in and out: files become rows, columns are recognised, rows become records, listings become rows."""

from facilities.exchange.tables.limits import Unusable
from facilities.exchange.tables.reading import Table, open_table

__all__ = ["Table", "Unusable", "open_table"]
