"""Letters about accounts: stored with the change they tell of, in the language of the account."""

from typing import Any
from urllib.parse import urlsplit

from flask_babel import get_locale
from flask_security import MailUtil

from facilities.accounts.models import Invitation, User
from facilities.api.tokens import working_tokens
from facilities.outbox.letters import post

LINKS = {
    "confirm_address": "confirmation_link",
    "already_registered": "reset_link",
    "reset_password": "reset_link",
    "change_address": "link",
}
"""The one link of each letter, by the library's name for it."""


class AccountLetters(MailUtil):
    """Has the library's letters written by us; its own texts are never rendered."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: Any,
        sender: Any,
        body: str | None,
        html: str | None,
        **values: Any,
    ) -> None:
        """Store the letter that `template` names."""
        user = values["user"]
        link = path_of(values[LINKS[template]]) if template in LINKS else ""
        said: dict[str, Any] = (
            {"revoked": [token.name for token in working_tokens(user)]} if template == "password_reset" else {}
        )
        post(template, str(recipient), locale=user.locale, called=user.name, link=link, address=str(recipient), **said)


def path_of(link: str) -> str:
    """The path of a link. Which host a request claimed to be for must not get into a letter."""
    return urlsplit(link).path


def post_security_change(user: User, change: str) -> None:
    """Tell a user that something about signing in has changed: `two_step_on`, `two_step_off`, `passkey_added`,
    `passkey_removed`, `token_made`."""
    post("security_changed", user.email, locale=user.locale, called=user.name, change=change)


def post_address_changed(user: User, old_address: str) -> None:
    post("address_changed", old_address, locale=user.locale, called=user.name)


def post_account_erased(user: User) -> None:
    post("account_erased", user.email, locale=user.locale, called=user.name)


def post_invitation(invitation: Invitation, path: str, *, inviter: str, network: Any = None) -> None:
    """The letter with the link that accepts an invitation. `network` is the network or hub to whose desk it is."""
    locale = str(get_locale() or "")
    said = {"invitation": invitation, "link": path, "inviter": inviter, "network": network}
    post("invitation", invitation.email, locale=locale, **said)
