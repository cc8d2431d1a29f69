"""What is wrong with a row of a file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one row (counted from 1). A fatal one rejects the row; otherwise the value was cleaned."""

    row: int
    field: str
    reason: str
    fatal: bool = True

    def __str__(self) -> str:
        outcome = "rejected" if self.fatal else "cleaned"
        return f"row {self.row}, {self.field}: {self.reason} ({outcome})"


class Unreadable(Exception):
    """The file as a whole cannot be read; the message says why and what to do."""
