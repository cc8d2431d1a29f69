"""The postings of one commit come back in the order in which Whoosh writes them."""

import random
from tempfile import TemporaryFile

import pytest

from search_index.pool import Pool

WORDS = ["cytometer", "flöde", "mikroskop", "nmr", "röntgen", "spektrometer"]


def postings_of(documents: int) -> list[tuple[str, bytes, int, float, bytes]]:
    """What documents add, one after the other, each its own words in any order."""
    chance = random.Random(4)
    return [
        ("terms", word.encode(), number, 1.0, bytes(chance.randrange(256) for _ in range(chance.randrange(40))))
        for number in range(documents)
        for word in chance.sample(WORDS, chance.randrange(len(WORDS)))
    ]


@pytest.mark.parametrize("limit_mb", [1, 0], ids=["in memory", "spilled after each posting"])
def test_postings_come_by_term_and_then_by_document(limit_mb):
    given = postings_of(50)
    with TemporaryFile() as spill:
        pool = Pool(limit_mb, spill)
        for posting in given:
            pool.add(posting)
        assert list(pool.iter_postings()) == sorted(given, key=lambda posting: posting[1:3])


def test_a_pool_that_was_let_go_is_empty():
    with TemporaryFile() as spill:
        pool = Pool(0, spill)
        for posting in postings_of(5):
            pool.add(posting)
        pool.cleanup()
        assert list(pool.iter_postings()) == []
