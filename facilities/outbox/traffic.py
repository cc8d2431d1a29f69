"""Which letter goes next: not too many at once to one receiving domain nor in a minute, and none for a while when the
mail server is away."""

from collections import Counter, deque
from collections.abc import Set
from datetime import timedelta
from random import SystemRandom
from threading import Lock
from time import monotonic, time

from limits import parse
from limits.storage import MemoryStorage, Storage
from limits.strategies import MovingWindowRateLimiter

from facilities.db import now
from facilities.outbox.addressed import Addressed, due_letters

MOST_AT_ONCE = 2
"""Letters to one receiving domain at the same time: of several senders, one that hangs there never takes all."""

MOST_A_MINUTE = parse("100 per minute")
"""Letters to one receiving domain, as many as large ones take from a server they know little of."""

LOOKED_AT = 50
"""Letters that are read from the outbox at once."""

IDLE = 1.0
"""Seconds between two looks at an outbox in which nothing was due."""

LONGEST_BREAK = timedelta(seconds=30)
"""How long no letter is sent, at the most, after the mail server was not reached."""


class Traffic:
    """What the senders of one process share. Counts per minute are kept in `storage`, which processes may share."""

    def __init__(self, storage: Storage | None = None) -> None:
        self._lock = Lock()
        self._limiter = MovingWindowRateLimiter(storage or MemoryStorage())
        self._ready: deque[Addressed] = deque()
        self._look_again = 0.0
        self._under_way: dict[int, str] = {}
        self._full_until: dict[str, float] = {}
        self._failures = 0
        self._away_until = 0.0

    def next(self) -> Addressed | None:
        """A letter that may be sent now, until `done` kept from other senders of the process; None if there is none."""
        with self._lock:
            if monotonic() < self._away_until:
                return None
            letter = self._from_ready() or self._from_outbox()
            if letter is not None:
                self._under_way[letter.job_id] = letter.domain
            return letter

    def done(self, letter: Addressed) -> None:
        """The letter has been sent, or not: its domain has room for another."""
        with self._lock:
            self._under_way.pop(letter.job_id, None)
            self._look_again = 0.0

    def reached(self) -> None:
        """The mail server took or refused a letter."""
        self._failures = 0

    def not_reached(self) -> None:
        """The mail server was away: nobody tries for a while, the longer the more often that was so."""
        with self._lock:
            self._failures += 1
            longest = min(timedelta(seconds=1) * 2 ** min(self._failures, 10), LONGEST_BREAK)
            self._away_until = monotonic() + longest.total_seconds() * SystemRandom().random()

    def _from_ready(self) -> Addressed | None:
        """The first of those read before that may go; the others are read again when they may."""
        while self._ready:
            letter = self._ready.popleft()
            if letter.domain not in self._closed() and letter.job_id not in self._under_way and self._counts(letter):
                return letter
        return None

    def _from_outbox(self) -> Addressed | None:
        if monotonic() < self._look_again:
            return None
        self._ready.extend(due_letters(at=now(), but_to=self._closed(), but=list(self._under_way), limit=LOOKED_AT))
        letter = self._from_ready()
        self._look_again = 0.0 if letter else monotonic() + IDLE
        return letter

    def _closed(self) -> Set[str]:
        """Domains that get no further letter now."""
        self._full_until = {domain: until for domain, until in self._full_until.items() if until > time()}
        busy = {domain for domain, number in Counter(self._under_way.values()).items() if number >= MOST_AT_ONCE}
        return busy | self._full_until.keys()

    def _counts(self, letter: Addressed) -> bool:
        """Whether the letter is one of this minute's to its domain."""
        if self._limiter.hit(MOST_A_MINUTE, "letters to", letter.domain):
            return True
        self._full_until[letter.domain] = self._limiter.get_window_stats(
            MOST_A_MINUTE, "letters to", letter.domain
        ).reset_time
        return False
