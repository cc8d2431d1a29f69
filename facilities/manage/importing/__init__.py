"""Spreadsheets of owners on their way into the catalogue: checked, accepted, saved as a whole, undone as a whole."""
