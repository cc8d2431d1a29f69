"""People with an account: what they may do on the site and on listings, how they sign in, their tokens."""

import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from flask_security import AsaList, RoleMixin, UserMixin, WebAuthnMixin
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from facilities.catalogue.models import Listing
from facilities.catalogue.models.parts import Actor
from facilities.catalogue.models.terms import Word
from facilities.db import Model, enum_column, now


class SiteRole(Word):
    """What someone may do on the whole site."""

    MEMBER = "member", _("Member")
    MODERATOR = "moderator", _("Moderator")
    ADMINISTRATOR = "administrator", _("Administrator")


class OwnerRole(Word):
    """What someone may do on an organisation or facility, and on everything below it."""

    EDITOR = "editor", _("Editor")
    MANAGER = "manager", _("Manager")


class Scope(Word):
    """What the holder of a token may do in its owner's name."""

    READ = "read", _("Read listings, drafts included")
    WRITE = "write", _("Create, change and confirm listings")
    WITHDRAW = "withdraw", _("Withdraw listings")


def new_uniquifier() -> str:
    """What a session names its user by: 32 random bytes. A new one signs the user out everywhere."""
    return secrets.token_hex(32)


class Role(Model, RoleMixin):
    """Only there because Flask-Security wants one: rights are `User.site_role` and `Grant`. The table stays empty."""

    __tablename__ = "security_roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80), unique=True)


class User(Model, UserMixin):
    """A person with an account. `name` is what colleagues and the history of a listing show."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    site_role: Mapped[SiteRole] = mapped_column(enum_column(SiteRole), default=SiteRole.MEMBER)
    locale: Mapped[str] = mapped_column(sa.String(8), default="en")
    created_at: Mapped[datetime] = mapped_column(default=now)

    password: Mapped[str | None] = mapped_column(sa.String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True, default=new_uniquifier)
    confirmed_at: Mapped[datetime | None]
    tf_primary_method: Mapped[str | None] = mapped_column(sa.String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(sa.String(255))
    tf_last_counter: Mapped[int | None]
    tf_phone_number: Mapped[str | None] = mapped_column(sa.String(128))
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(sa.String(64), unique=True)  # type: ignore[assignment]

    grants: Mapped[list["Grant"]] = relationship(
        back_populates="user", cascade="all, delete-orphan", order_by="Grant.id", foreign_keys="Grant.user_id"
    )
    if TYPE_CHECKING:
        network_grants: Mapped[list[Any]]
        """That the user belongs to desks of networks; `facilities.networks.models` adds it."""
    webauthn: Mapped[list["Passkey"]] = relationship(back_populates="user", cascade="all, delete-orphan")  # type: ignore[assignment]
    sign_ins: Mapped[list["SignIn"]] = relationship(
        back_populates="user", cascade="all, delete-orphan", order_by="SignIn.id.desc()"
    )
    tokens: Mapped[list["ApiToken"]] = relationship(
        back_populates="user", cascade="all, delete-orphan", order_by="ApiToken.id.desc()"
    )

    roles: ClassVar[tuple[Role, ...]] = ()  # type: ignore[assignment,misc]

    @property
    def actor(self) -> Actor:
        """How the history of a listing names this person."""
        return Actor(self.name or self.email.partition("@")[0], self.id)

    @property
    def is_moderator(self) -> bool:
        return self.site_role in (SiteRole.MODERATOR, SiteRole.ADMINISTRATOR)

    @property
    def is_administrator(self) -> bool:
        return self.site_role == SiteRole.ADMINISTRATOR


class Grant(Model):
    """A right of a user on an organisation or facility and on everything below it."""

    __tablename__ = "grants"
    __table_args__ = (sa.UniqueConstraint("user_id", "listing_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), index=True)
    role: Mapped[OwnerRole] = mapped_column(enum_column(OwnerRole))
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    granted_at: Mapped[datetime] = mapped_column(default=now)

    user: Mapped[User] = relationship(back_populates="grants", foreign_keys=user_id)
    granted_by: Mapped[User | None] = relationship(foreign_keys=granted_by_id)
    listing: Mapped[Listing] = relationship()


class Invitation(Model):
    """An invitation by mail: to an account and, with `listing` and `role`, to a right on a listing; with `network_id`
    to the desk of a network, and with `hub_id` of that hub of it alone."""

    __tablename__ = "invitations"
    __table_args__ = (sa.CheckConstraint("(listing_id IS NULL) = (role IS NULL)", name="role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    listing_id: Mapped[int | None] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), index=True)
    role: Mapped[OwnerRole | None] = mapped_column(enum_column(OwnerRole))
    site_role: Mapped[SiteRole] = mapped_column(enum_column(SiteRole), default=SiteRole.MEMBER)
    network_id: Mapped[int | None] = mapped_column(sa.ForeignKey("networks.id", ondelete="CASCADE"), index=True)
    hub_id: Mapped[int | None] = mapped_column(sa.ForeignKey("hubs.id", ondelete="CASCADE"), index=True)
    invited_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    invited_at: Mapped[datetime] = mapped_column(default=now)
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    listing: Mapped[Listing | None] = relationship()
    invited_by: Mapped[User | None] = relationship()


class SignIn(Model):
    """One sign-in, for the list of recent ones. The address is kept as the network it is in (/24, /48)."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    network: Mapped[str] = mapped_column(sa.String(64), default="")
    browser: Mapped[str] = mapped_column(sa.String(200), default="")
    way: Mapped[str] = mapped_column(sa.String(32), default="")

    user: Mapped[User] = relationship(back_populates="sign_ins")


class Passkey(Model, WebAuthnMixin):
    """A passkey (WebAuthn credential) of a user; the column names are Flask-Security's."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(64))
    credential_id: Mapped[bytes] = mapped_column(sa.LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(sa.LargeBinary)
    sign_count: Mapped[int | None] = mapped_column(default=0)  # type: ignore[assignment]
    transports: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    backup_state: Mapped[bool]
    device_type: Mapped[str] = mapped_column(sa.String(64))
    extensions: Mapped[str | None] = mapped_column(sa.String(255))
    usage: Mapped[str] = mapped_column(sa.String(64))
    create_datetime: Mapped[datetime] = mapped_column(default=now)
    lastuse_datetime: Mapped[datetime] = mapped_column(default=now)

    user: Mapped[User] = relationship(back_populates="webauthn")


class ApiToken(Model):
    """A token for programs of an owner. Only its SHA-256 is kept; `prefix` lets its owner tell it from others."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    prefix: Mapped[str] = mapped_column(sa.String(12))
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(default=list)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(back_populates="tokens")
