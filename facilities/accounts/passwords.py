"""What makes a password good enough: length, and that it is not one of those that are tried first."""

from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_security import PasswordUtil

SHORTEST, LONGEST = 12, 128
"""Characters of a password."""

GUESSED = 2
"""The strength by zxcvbn, from 0 to 4, up to which a password is refused: 10^8 guesses find it."""

LOOKED_AT = 64
"""Characters that are judged: the time that takes grows with their square."""


class Passwords(PasswordUtil):
    """Judges a password without asking anybody else about it."""

    def validate(self, password: str, is_register: bool, **about: Any) -> tuple[list[str] | None, str]:
        """The password in its normal form, and what to do about it; `about` holds the user or what was typed."""
        normal = self.normalize(password)
        problem = judge(normal, _personal(about))
        return ([problem] if problem else None), normal


def judge(password: str, personal: list[str]) -> str:
    """What to do about a password; empty if it is good. `personal` are words that others know about its owner."""
    if len(password) < SHORTEST:
        return _("Use at least %(number)d characters. Three or four words are easy to remember.", number=SHORTEST)
    if len(password) > LONGEST:
        return _("Use at most %(number)d characters.", number=LONGEST)
    from zxcvbn import zxcvbn

    if zxcvbn(password[:LOOKED_AT], user_inputs=personal)["score"] <= GUESSED:
        return _("This is easy to guess. Add a word or two that nobody would expect.")
    return ""


def _personal(about: dict[str, Any]) -> list[str]:
    user = about.get("user")
    known = (user.email, user.name) if user else (about.get("email"), about.get("name"))
    words = [str(word) for word in (*known, current_app.config["SITE_NAME"]) if word]
    return [part for word in words for part in (word, *word.replace("@", " ").replace(".", " ").split())]
