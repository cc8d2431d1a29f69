"""The forms of a role in the value chain: what it is called, what it is, what people ask it about."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, ValidationError

from facilities.catalogue.models import ActorRole
from facilities.catalogue.names import slug_of
from facilities.catalogue.roles import all_roles, offered_roles
from facilities.form_fields import at_most, line
from facilities.moderation.roles import Said, role_called, role_named
from facilities.networks.changing import seen

LANGUAGES = {"en": "English", "sv": "Svenska", "nb": "Norsk (bokmål)", "da": "Dansk"}
LONGEST_LABEL, LONGEST_TOPIC, MOST_TOPICS = 80, 80, 60
RESERVED = ("new",)
"""What stands in addresses where a role's slug does."""


def _topics(field: Field) -> list[str]:
    return list(dict.fromkeys(filter(None, map(line, (field.data or "").splitlines()))))


class ActorRoleForm(FlaskForm):
    """A role. Labels and descriptions are fields of their own for each language: `label_sv`, `description_sv`."""

    topics = TextAreaField(
        _l("Topics"),
        description=_l("One on each line, in any language: what somebody with a question would write."),
        render_kw={"rows": 6},
    )
    position = SelectField(_l("Place in the list"), coerce=int)
    opened = HiddenField()

    def said(self) -> Said:
        """What the role is to say."""
        texts = {
            part: {each: self[f"{part}_{each}"].data for each in LANGUAGES if self[f"{part}_{each}"].data}
            for part in ("label", "description")
        }
        return Said(texts["label"], texts["description"], _topics(self.topics), self.position.data)

    def validate_label_en(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("Enter the English label: it is shown where there is no other."))

    def validate_topics(self, field: Field) -> None:
        topics = _topics(field)
        if len(topics) > MOST_TOPICS:
            raise ValidationError(_("Keep at most %(most)d topics.", most=MOST_TOPICS))
        if long := [topic for topic in topics if len(topic) > LONGEST_TOPIC]:
            raise ValidationError(
                _("Shorten “%(text)s …” to at most %(most)s characters.", text=long[0][:30], most=LONGEST_TOPIC)
            )

    def check_labels(self, role: ActorRole | None) -> bool:
        """Whether no other role is called so in some language; else the field says which is."""
        for language in LANGUAGES:
            field = self[f"label_{language}"]
            other = role_named(field.data, but=role) if field.data else None
            if other is not None:
                field.errors = [_("The role “%(name)s” is called so already.", name=other.label)]
                return False
        return True

    def tell_changed(self, role: ActorRole, now: Said) -> None:
        """Say beside each field that differs what somebody else has saved; what was typed stays, and sending it again
        saves it."""
        self.form_errors.append(
            _("Somebody else has changed this since you opened it. Compare it with the page, then save again.")
        )
        for field, saved in self._saved(now):
            if (field.data or "").split() != saved.split():
                field.errors = [_("Saved meanwhile: %(text)s", text=saved or "–")]
        self.opened.raw_data, self.opened.data = None, seen(role)

    def _saved(self, now: Said) -> Iterator[tuple[Field, str]]:
        for language in LANGUAGES:
            yield self[f"label_{language}"], now.labels.get(language, "")
            yield self[f"description_{language}"], now.descriptions.get(language, "")
        yield self.topics, "\n".join(now.topics)

    def slug(self) -> str:
        """The slug of a new role; empty if the label gives none that is free, and then the field says so."""
        slug = slug_of(self.label_en.data or "").replace("-", "_")
        if not slug or slug in RESERVED or role_called(slug):
            self.label_en.errors = [_("Choose a label with letters that no role had before.")]
            return ""
        return slug


for _code, _language in LANGUAGES.items():
    setattr(ActorRoleForm, f"label_{_code}", StringField(_language, [at_most(LONGEST_LABEL)], [line]))
    setattr(
        ActorRoleForm,
        f"description_{_code}",
        TextAreaField(_language, [at_most(400)], [line], render_kw={"rows": 2}),
    )


class MergeRoleForm(FlaskForm):
    """Which role the organisations get instead."""

    into = SelectField(_l("Role that they get instead"), [DataRequired(_l("Choose the role that is kept."))])


def role_form(role: ActorRole | None, said: Said | None) -> ActorRoleForm:
    """The form of a role with what it says, or with what was posted; an empty one for a new role."""
    data: dict[str, Any] = {"position": said.position if said else len(all_roles()) + 1}
    if said:
        data |= {f"label_{each}": said.labels.get(each, "") for each in LANGUAGES}
        data |= {f"description_{each}": said.descriptions.get(each, "") for each in LANGUAGES}
        data["topics"] = "\n".join(said.topics)
    if role:
        data["opened"] = seen(role)
    form = ActorRoleForm(data=data)
    form.position.choices = _places([each for each in all_roles() if role is None or each.id != role.id])
    return form


def merge_form(role: ActorRole) -> MergeRoleForm:
    """The form that asks which of the other offered roles is kept."""
    form = MergeRoleForm()
    others = [SelectChoice(each.slug, each.label) for each in offered_roles() if each.id != role.id]
    form.into.choices = [SelectChoice("", _("Choose …")), *others]
    return form


def _places(others: list[ActorRole]) -> list[SelectChoice]:
    """First, or after one of the others."""
    after = [SelectChoice(number + 1, _("After %(role)s", role=each.label)) for number, each in enumerate(others, 1)]
    return [SelectChoice(1, _("First")), *after]
