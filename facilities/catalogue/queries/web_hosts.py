"""The domains under which organisations of the catalogue are found on the web."""

from urllib.parse import urlsplit

import sqlalchemy as sa

from facilities.catalogue.models import Kind, Listing, Status
from facilities.db import db


def organisations_domains() -> set[str]:
    """In small letters, without www."""
    query = sa.select(Listing.url).where(Listing.kind == Kind.ORGANISATION, Listing.status == Status.PUBLISHED)
    hosts = (_host(url) for url in db.session.scalars(query.where(Listing.url != "")))
    return {host.removeprefix("www.") for host in hosts if host}


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
