"""Needs without a chosen listing: posted by a visitor, matched by search, sent on by the desk."""
