"""Searches that somebody has saved, to be told of new results by letter."""
