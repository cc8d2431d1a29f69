"""The field for a visitor's mail address: asks DNS whether mail can arrive, and once whether another was meant."""

from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _
from markupsafe import Markup, escape
from wtforms import Field, Form, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import TextInput

from facilities.addresses import likely_meant, takes_mail
from facilities.catalogue.queries.web_hosts import organisations_domains
from facilities.db import db
from facilities.form_fields import at_most, valid_address


class _AskedInput(TextInput):
    """Beside the address, hidden, the one that we have asked about: sent again unchanged, it is what was meant."""

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        shown: Markup = super().__call__(field, **kwargs)
        if not field.asked_about:
            return shown
        name = escape(field.name + AddressField.SUFFIX)
        return shown + Markup('<input type="hidden" name="{}" value="{}">').format(name, field.asked_about)


class AddressField(StringField):
    """`asked_about` is the address of which we ask whether another was meant."""

    SUFFIX = "_asked"
    widget = _AskedInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.asked_about = self.stays = ""
        super().__init__(*args, **kwargs)

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """What was written, and what we had asked about before."""
        super().process(formdata, *args, **kwargs)
        self.stays = formdata.get(self.name + self.SUFFIX, "") if formdata else ""


def right_address(form: Form, field: AddressField) -> None:
    """A mail address that can be right. Refuses a domain that takes no mail; asks once whether another was meant."""
    at_most(254)(form, field)
    valid_address(form, field)
    local, _at, domain = str(field.data).rpartition("@")
    reaches = _reaches(domain)
    meant = "" if reaches and field.stays == field.data else likely_meant(domain.lower(), organisations_domains())
    if not reaches:
        raise ValidationError(_no_mail(local, domain, meant))
    if meant:
        field.asked_about = field.data
        raise ValidationError(
            _("Did you mean %(address)s? If not, send it again as it is.", address=f"{local}@{meant}")
        )


def _no_mail(local: str, domain: str, meant: str) -> Any:
    if meant:
        address = f"{local}@{meant}"
        return _("%(domain)s takes no mail. Did you mean %(address)s?", domain=domain, address=address)
    return _("%(domain)s takes no mail. Check what stands after the @.", domain=domain)


def _reaches(domain: str) -> bool:
    """Nobody is to wait for a name server: DNS is not asked while the request holds the database's write lock."""
    return not current_app.config["CHECK_MAIL_DOMAINS"] or _writes() or takes_mail(domain)


def _writes() -> bool:
    session = db.session
    return session.in_transaction() and bool(session.connection().get_execution_options().get("writes"))
