"""Create the history of the vocabulary."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_8"
down_revision = "20261122_7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    acts = sa.Enum(
        "added", "edited", "undone", "loaded",
        name="vocabulary_act", native_enum=False, create_constraint=True, length=32,
    )  # fmt: skip
    op.create_table(
        "vocabulary_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("technique_id", sa.Integer(), nullable=True),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("act", acts, nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.String(length=120), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_files_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["technique_id"], ["techniques.id"], name="fk_vocabulary_changes_technique_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["users.id"], name="fk_vocabulary_changes_made_by_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_vocabulary_changes"),
    )
    op.create_index("ix_vocabulary_changes_technique_id", "vocabulary_changes", ["technique_id"])
    op.create_index("ix_vocabulary_changes_made_at", "vocabulary_changes", ["made_at"])


def downgrade() -> None:
    op.drop_table("vocabulary_changes")
