"""Values that are worked out when they are first wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class _Lazy(Generic[T]):
    """A property that is worked out once, twice at most where two threads want it at the same time.

    `functools.cached_property` has a lock in Python 3.11, which a process that is forked meanwhile inherits held.
    """

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __get__(self, owner: Any, _class: type) -> T:
        made = owner.__dict__[self._make.__name__] = self._make(owner)
        return made


lazy = _Lazy
