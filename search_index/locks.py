"""One writer at a time, among all threads and processes."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from filelock import FileLock, Timeout


class IndexBusy(Exception):
    """Another thread or process held the lock for longer than `timeout` seconds."""

    def __init__(self, timeout: float) -> None:
        super().__init__(f"The index was being written by someone else for more than {timeout:g} seconds.")
        self.timeout = timeout


class ProcessLock(Protocol):
    """A lock between processes, given back when the process that holds it ends, in whatever way."""

    def acquire(self, timeout: float) -> None:
        """Take it within so many seconds. Raises IndexBusy."""

    def release(self) -> None:
        """Give it back."""


Lock = TypeVar("Lock", bound=ProcessLock)


class FileBetween:
    """A lock between the processes of one machine, on a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = FileLock(str(path), thread_local=False)

    def acquire(self, timeout: float) -> None:
        """Take it within so many seconds. Raises IndexBusy."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=timeout, poll_interval=0.005)
        except Timeout as error:
            raise IndexBusy(timeout) from error

    def release(self) -> None:
        """Give it back."""
        self._lock.release()


class WriteLock(Generic[Lock]):
    """A lock between threads and, by what `between` makes, between processes; the thread that holds it may take it
    again."""

    def __init__(self, between: Callable[[], Lock]) -> None:
        self._between = between
        self.renew()

    def renew(self) -> None:
        """Forget who holds it: in a forked process, what the parent's threads held is not held here."""
        self._thread_lock = threading.RLock()
        self.process_lock = self._between()
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
            self._take_between(timeout, max(0.0, timeout - (time.monotonic() - started)))
        self._depth += 1

    def _take_between(self, timeout: float, remaining: float) -> None:
        try:
            self.process_lock.acquire(remaining)
        except IndexBusy as error:
            self._thread_lock.release()
            raise IndexBusy(timeout) from error
        except BaseException:
            self._thread_lock.release()
            raise

    def _give_back(self) -> None:
        self._depth -= 1
        try:
            if self._depth == 0:
                self.process_lock.release()
        finally:
            self._thread_lock.release()
