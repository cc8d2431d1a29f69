"""Whom to ask for what: the contacts of organisations and facilities by topic and role."""
