"""Times and memory, measured the same way for everything."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Times:
    """Times of the same thing done many times, in milliseconds."""

    p50: float
    p95: float
    worst: float


def summarise(milliseconds: Sequence[float]) -> Times:
    """Median, 95th percentile and worst."""
    ordered = sorted(milliseconds)
    return Times(_at(ordered, 0.50), _at(ordered, 0.95), ordered[-1])


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def milliseconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def memory_mb(process: int | str = "self") -> float:
    """Memory of a process that is in use (resident set), in megabytes; 0 where the system does not tell."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        return 0.0
    line = next((line for line in status.read_text().splitlines() if line.startswith("VmRSS:")), "VmRSS: 0 kB")
    return int(line.split()[1]) / 1024
