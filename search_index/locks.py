"""One writer at a time, among all threads and processes."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout


class IndexBusy(Exception):
    """Another thread or process held the lock for longer than `timeout` seconds."""

    def __init__(self, timeout: float) -> None:
        super().__init__(f"The index was being written by someone else for more than {timeout:g} seconds.")
        self.timeout = timeout


class WriteLock:
    """A lock between threads and between processes; the thread that holds it may take it again.

    The operating system gives it back when the process that holds it ends, in whatever way.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.renew()

    def renew(self) -> None:
        """Forget who holds it: in a forked process, what the parent's threads held is not held here."""
        self._thread_lock = threading.RLock()
        self._file_lock = FileLock(str(self._path), thread_local=False)
        self._depth = 0

    @contextmanager
    def held(self, timeout: float) -> Iterator[None]:
        """Hold the lock, waiting `timeout` seconds at most. Raises IndexBusy."""
        self._take(timeout)
        try:
            yield
        finally:
            self._give_back()

    def _take(self, timeout: float) -> None:
        started = time.monotonic()
        if not self._thread_lock.acquire(timeout=max(timeout, 0)):
            raise IndexBusy(timeout)
        if self._depth == 0:
            self._take_file(timeout, max(0.0, timeout - (time.monotonic() - started)))
        self._depth += 1

    def _take_file(self, timeout: float, remaining: float) -> None:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file_lock.acquire(timeout=remaining, poll_interval=0.005)
        except Timeout as error:
            self._thread_lock.release()
            raise IndexBusy(timeout) from error
        except BaseException:
            self._thread_lock.release()
            raise

    def _give_back(self) -> None:
        self._depth -= 1
        try:
            if self._depth == 0:
                self._file_lock.release()
        finally:
            self._thread_lock.release()
