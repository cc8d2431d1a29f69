"""Create the vocabulary: categories, techniques and their terms."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_categories()
    _create_techniques()
    _create_technique_terms()


def _create_categories() -> None:
    op.create_table(
        "categories",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("descriptions", sa.JSON(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["categories.id"], name=op.f("fk_categories_parent_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
        sa.UniqueConstraint("slug", name=op.f("uq_categories_slug")),
    )
    with op.batch_alter_table("categories", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_categories_parent_id"), ["parent_id"], unique=False)


def _create_techniques() -> None:
    op.create_table(
        "techniques",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("broader_id", sa.Integer(), nullable=True),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("same_as", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["broader_id"], ["techniques.id"], name=op.f("fk_techniques_broader_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["category_id"], ["categories.id"], name=op.f("fk_techniques_category_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_techniques")),
        sa.UniqueConstraint("slug", name=op.f("uq_techniques_slug")),
    )
    with op.batch_alter_table("techniques", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_techniques_broader_id"), ["broader_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_techniques_category_id"), ["category_id"], unique=False)


def _create_technique_terms() -> None:
    op.create_table(
        "technique_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("technique_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "label",
                "synonym",
                "abbreviation",
                "model",
                name="term_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("ambiguous", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["technique_id"],
            ["techniques.id"],
            name=op.f("fk_technique_terms_technique_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technique_terms")),
        sa.UniqueConstraint(
            "technique_id",
            "language",
            "kind",
            "text",
            name=op.f("uq_technique_terms_technique_id_language_kind_text"),
        ),
    )


def downgrade() -> None:
    op.drop_table("technique_terms")
    op.drop_table("techniques")
    op.drop_table("categories")
