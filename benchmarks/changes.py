"""How long an edit takes until another process finds it, and how long a full rebuild takes."""

import http.client
import json
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from benchmarks.sites import Site, rebuild
from benchmarks.timing import Times, milliseconds, summarise

EDITS = 40


class Sites:
    """Two connections that stay open, so that with two processes the edit and the search mostly meet different ones."""

    def __init__(self, site: Site) -> None:
        address = urlsplit(site.base)
        self.editor, self.searcher = (
            http.client.HTTPConnection(address.hostname or "", address.port, timeout=60) for _ in range(2)
        )

    def edit(self, listing_id: int, summary: str) -> None:
        body = urlencode({"summary": summary})
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        self.editor.request("POST", f"/benchmark/listings/{listing_id}", body, form)
        answer = self.editor.getresponse()
        answer.read()
        assert answer.status == http.client.NO_CONTENT, answer.status

    def finds(self, word: str) -> bool:
        self.searcher.request("GET", f"/api/v1/search?q={word}&per_page=1")
        return bool(json.loads(self.searcher.getresponse().read())["total"])


def edit_until_found(site: Site, listing_ids: Sequence[int]) -> Times:
    """Milliseconds from the beginning of an edit's request until a search of another client finds the new word."""
    sites = Sites(site)
    times = []
    for number, listing_id in enumerate(listing_ids[:EDITS]):
        word = f"zyxword{number}q"
        started = time.perf_counter()
        sites.edit(listing_id, f"Now about {word}")
        while not sites.finds(word):
            time.sleep(0.001)
        times.append((time.perf_counter() - started) * 1000)
    return summarise(times)


def rebuild_seconds(folder: Path) -> float:
    """Seconds of `search rebuild`, start of the program included."""
    return milliseconds(lambda: rebuild(folder)) / 1000
