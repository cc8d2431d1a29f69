"""What somebody does about a booking, as letters tell it."""

from enum import StrEnum


class BookingAct(StrEnum):
    PROPOSED = "proposed"
    AGREED = "agreed"
    MOVED = "moved"
    KEPT = "kept"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
