"""The link of a letter that asks to confirm listings: signed, for this purpose and this person only, for 60 days."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

SALT = "confirm listings"
GOOD_FOR = timedelta(days=60)


class NotOurLink(ValueError):
    """The link was not made here."""


@dataclass(frozen=True, slots=True)
class ConfirmLink:
    """Which listings a letter names, whom it was written to (`Person.mark`), and when (UTC, to the millisecond)."""

    listing_ids: tuple[int, ...]
    mark: str
    written_at: datetime

    def token(self, secret: str) -> str:
        """The last part of its address."""
        said = [self.mark, round(self.written_at.timestamp() * 1000), list(self.listing_ids)]
        return str(_signer(secret).dumps(said))

    @classmethod
    def read(cls, token: str, secret: str) -> "ConfirmLink":
        """What the last part of an address says. Raises NotOurLink."""
        try:
            mark, written_at, ids = _signer(secret).loads(token)
        except BadData as bad:
            raise NotOurLink(token[:20]) from bad
        return cls(tuple(ids), mark, datetime.fromtimestamp(written_at / 1000, UTC))

    def is_too_old(self, at: datetime) -> bool:
        return at - self.written_at > GOOD_FOR


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=SALT)
