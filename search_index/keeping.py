"""What was looked up is kept, the least used forgotten first."""

from collections import OrderedDict

from search_index.postings import Postings


class Kept:
    """Postings by key, found or not, of so many bytes at most. It has no lock of its own."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._found: OrderedDict[bytes, Postings | None] = OrderedDict()

    def __contains__(self, key: bytes) -> bool:
        return key in self._found

    def __getitem__(self, key: bytes) -> Postings | None:
        """What is kept for a key, which counts as used. KeyError if nothing is."""
        found = self._found[key]
        self._found.move_to_end(key)
        return found

    def __setitem__(self, key: bytes, found: Postings | None) -> None:
        """Keep something for a key that has nothing yet."""
        self._found[key] = found
        self._bytes += _size(key, found)
        while self._bytes > self._most and len(self._found) > 1:
            self._bytes -= _size(*self._found.popitem(last=False))


def _size(key: bytes, found: Postings | None) -> int:
    """About the bytes that it takes, found or not."""
    return len(key) + (found.size() if found else 200)
