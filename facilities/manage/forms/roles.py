"""The field of an organisation's roles in the value chain."""

from typing import Any

from wtforms.fields.choices import SelectChoice

from facilities.catalogue.models import ActorRole
from facilities.catalogue.roles import all_roles, offered_roles
from facilities.manage.forms.fields import Several


class Roles(Several):
    """Any number of the roles that the desk offers; one that it offers no longer only where it was chosen before."""

    choices: list[SelectChoice]

    def __init__(self, label: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(label, *args, choices=_choices(offered_roles()), **kwargs)

    def process_data(self, value: Any) -> None:
        super().process_data(value)
        offered = [choice.value for choice in self.choices]
        before = [role for role in all_roles() if role.slug in self.data and role.slug not in offered]
        self.choices = [*self.choices, *_choices(before)]


def _choices(roles: list[ActorRole]) -> list[SelectChoice]:
    return [SelectChoice(role.slug, role.label) for role in roles]
