"""What became of a letter that came in, with the exit code that tells a mail server (sysexits.h)."""

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Filed:
    """It was said: the ids of the messages, one for each thread. Said before if the letter came a second time."""

    message_ids: tuple[int, ...]
    code: int = os.EX_OK

    def __str__(self) -> str:
        return f"filed as message {', '.join(map(str, self.message_ids))}"


@dataclass(frozen=True, slots=True)
class Bounced:
    """It tells that a letter of ours came back for good, or waits at a server (`final` is False); `words` are its."""

    words: str
    final: bool = True
    code: int = os.EX_OK

    def __str__(self) -> str:
        return f"{'a letter came back' if self.final else 'a letter is delayed'}: {self.words}"


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nobody said anything by it. With a code other than EX_OK the mail server is to give it back or to try again."""

    why: str
    code: int = os.EX_OK

    def __str__(self) -> str:
        return f"not filed: {self.why}"


Outcome = Filed | Bounced | Ignored
