"""Trials of what goes wrong: mail servers that fail in every way while processes of the site are killed."""
