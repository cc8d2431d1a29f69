"""Warming: what the first searches of a process would have to read is read before they come, by a thread."""

import gc
import logging
from dataclasses import replace
from threading import Thread

from flask import Flask

from facilities.search.having import having
from facilities.search.index import index
from facilities.search.popular import popular_beginning
from facilities.search.query import SearchQuery
from facilities.search.understanding import lexicon
from search_index import Query

log = logging.getLogger(__name__)

MOST_TECHNIQUES = 30
"""Techniques, those of most listings, that are looked for in advance with all their names."""


def warm_up(app: Flask) -> Thread:
    """Begin to read vocabulary, organisations, towns and popular searches, and to look for frequent techniques."""
    thread = Thread(target=_warm, args=(app,), daemon=True, name="warm search")
    thread.start()
    return thread


def _warm(app: Flask) -> None:
    """A database that is not ready yet is no reason not to serve: the first search will say so."""
    try:
        with app.app_context():
            popular_beginning("", 0)
            having()
            _look_for_techniques()
    except Exception as error:
        log.info("search not warmed up: %s", type(error).__name__)
    leave_alone_what_is_there()


def leave_alone_what_is_there() -> None:
    """Keep the garbage collector from going through all that lives as long as the process, which takes it a few tenths
    of a second that some visitor waits for."""
    gc.collect()
    gc.freeze()


def _look_for_techniques() -> None:
    known = lexicon().techniques.concepts
    if not index().exists():
        return
    everything = Query(limit=0, facets=("technique",), facet_limit=MOST_TECHNIQUES, snippets=False)
    for slug, _count in index().search(everything).facets["technique"]:
        if concept := known.get(slug):
            asked = SearchQuery(concept.label).for_index()
            index().search(replace(asked, limit=0, facets=(), snippets=False))
