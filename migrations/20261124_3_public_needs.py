"""Keep needs that organisations post for all to see, and who may meet them."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_3"
down_revision = "20261124_2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_need_watches()
    _create_public_needs()
    _create_need_suggestions()


def _create_need_watches() -> None:
    op.create_table(
        "need_watches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_need_watches_listing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_need_watches_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_watches")),
        sa.UniqueConstraint("user_id", "listing_id", name=op.f("uq_need_watches_user_id_listing_id")),
    )
    op.create_index(op.f("ix_need_watches_listing_id"), "need_watches", ["listing_id"], unique=False)


def _create_public_needs() -> None:
    op.create_table(
        "public_needs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(length=64), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=True),
        sa.Column("state", _words("need_state", "waiting", "open", "met", "withdrawn", "refused"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("posted_by_id", sa.Integer(), nullable=True),
        sa.Column("posted_by", sa.String(length=120), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["network_id"], ["networks.id"], name=op.f("fk_public_needs_network_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["listings.id"], name=op.f("fk_public_needs_organisation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["posted_by_id"], ["users.id"], name=op.f("fk_public_needs_posted_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_needs")),
        sa.UniqueConstraint("form_id", name=op.f("uq_public_needs_form_id")),
    )
    op.create_index(op.f("ix_public_needs_network_id"), "public_needs", ["network_id"], unique=False)
    op.create_index(op.f("ix_public_needs_organisation_id"), "public_needs", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_public_needs_posted_by_id"), "public_needs", ["posted_by_id"], unique=False)
    op.create_index("ix_public_needs_state_ends_on", "public_needs", ["state", "ends_on"], unique=False)


def _create_need_suggestions() -> None:
    op.create_table(
        "need_suggestions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_need_suggestions_listing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["public_needs.id"], name=op.f("fk_need_suggestions_need_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_suggestions")),
        sa.UniqueConstraint("need_id", "listing_id", name=op.f("uq_need_suggestions_need_id_listing_id")),
    )
    op.create_index(op.f("ix_need_suggestions_listing_id"), "need_suggestions", ["listing_id"], unique=False)


def downgrade() -> None:
    for table in (
        "need_watches",
        "need_suggestions",
        "public_needs",
    ):
        op.drop_table(table)


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)
