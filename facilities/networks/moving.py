"""What a network is called in its address: the site's desk can change it, and the old address leads to the new one."""

from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa

from facilities.catalogue.models.parts import Actor
from facilities.db import db
from facilities.insight.models import Edition
from facilities.networks.actions import Taken, flush_as
from facilities.networks.changing import everybody, note, save, touch
from facilities.networks.host_names import forget_hosts
from facilities.networks.models import FormerSlug, Network
from facilities.networks.queries import slug_is_free
from facilities.search.saved.models import SavedSearch

FACETS = ("network", "hub")


def change_slug(network: Network, slug: str, *, by: Actor) -> None:
    """Give a network another address; editions of its facts and saved searches go along. Raises Taken."""
    old = network.slug
    if slug == old:
        return
    if not slug_is_free(slug, network):
        raise Taken(slug)
    db.session.execute(sa.delete(FormerSlug).where(FormerSlug.slug == slug))
    db.session.add(FormerSlug(slug=old, network_id=network.id))
    network.slug = slug
    flush_as(slug)
    _take_editions_along(old, slug)
    _take_saved_searches_along(old, slug)
    touch(network)
    note(network, "moved", by=by, about=network.name, changes={"slug": [old, slug]})
    save(everybody(network))
    forget_hosts()


def moved_value(facet: str, value: str, old: str, new: str) -> str:
    """A value of a facet as it is called when a network has moved: networks by their slug, hubs by theirs below it."""
    network, slash, hub = value.partition("/")
    return f"{new}{slash}{hub}" if facet in FACETS and network == old else value


def _take_editions_along(old: str, new: str) -> None:
    """Editions know what they are about by its address."""
    of_hubs = f"hub/{old}/"
    for scope in db.session.scalars(
        sa.select(Edition.scope)
        .where(sa.or_(Edition.scope == f"network/{old}", Edition.scope.startswith(of_hubs, autoescape=True)))
        .distinct()
    ).all():
        moved = scope.replace(f"/{old}", f"/{new}", 1)
        db.session.execute(sa.update(Edition).where(Edition.scope == scope).values(scope=moved))


def _take_saved_searches_along(old: str, new: str) -> None:
    likely = SavedSearch.args.contains(old, autoescape=True)
    for saved in db.session.scalars(sa.select(SavedSearch).where(likely)).all():
        pairs = parse_qsl(saved.args, keep_blank_values=True)
        moved = [(name, moved_value(name, value, old, new)) for name, value in pairs]
        twin = sa.select(SavedSearch.id).where(SavedSearch.email == saved.email, SavedSearch.args == urlencode(moved))
        if moved != pairs and not db.session.scalar(twin):
            saved.args = urlencode(moved)
