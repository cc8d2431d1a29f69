"""What a passkey has to be: kept by any device, found without typing an address."""

from flask_security import UserMixin, WebauthnUtil
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)


class PasskeyOptions(WebauthnUtil):
    """Passkeys of phones and computers are as welcome as keys on a stick."""

    def authenticator_selection(self, user: UserMixin, usage: str) -> AuthenticatorSelectionCriteria:
        """A passkey that signs in alone has to check who uses it; as a second step its presence is enough."""
        alone = usage == "first"
        checks = UserVerificationRequirement.PREFERRED if alone else UserVerificationRequirement.DISCOURAGED
        kept = ResidentKeyRequirement.REQUIRED if alone else ResidentKeyRequirement.PREFERRED
        return AuthenticatorSelectionCriteria(user_verification=checks, resident_key=kept)
