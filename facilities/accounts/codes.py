"""The codes of the second step: those of an app and the recovery codes. Each opens the door once.

The row of the user is locked before a code is looked at, so that of two who send the same code at once one gets in.
"""

from typing import Any

import sqlalchemy as sa
from flask_security import MfRecoveryCodesUtil, Totp
from passlib.exc import TokenError

from facilities.accounts.models import User
from facilities.db import db


class AppCodes(Totp):
    """Codes of an app, by RFC 6238: with one that was used, all before it are spent too."""

    def verify_totp(self, token: str, totp_secret: str, user: Any, window: int = 0) -> bool:
        """Whether the code is one of the secret, at most `window` seconds off, and unused; it is used from now on. An
        app that is being set up has another secret than the present one, and no used codes."""
        _lock(user)
        last = user.tf_last_counter if totp_secret == user.tf_totp_secret else None
        try:
            match = self._totp.verify(token, totp_secret, window=window, last_counter=last)
        except TokenError:
            return False
        user.tf_last_counter = match.counter
        return True


class RecoveryCodes(MfRecoveryCodesUtil):
    """The library takes a code that was used off the list; here from the list as it is, not as it was read."""

    def check_recovery_code(self, user: Any, code: str) -> bool:
        _lock(user)
        there: bool = super().check_recovery_code(user, code)
        return there


def _lock(user: Any) -> None:
    """Read the user anew and keep others from changing it until the transaction ends."""
    query = sa.select(User).where(User.id == user.id).with_for_update()
    db.session.scalars(query.execution_options(populate_existing=True)).one()
