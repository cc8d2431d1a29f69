"""Create the log of what was searched for."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_7"
down_revision = "20261122_6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "logged_searches",
        sa.Column("text", sa.String(length=120), nullable=False),
        sa.Column("searched_on", sa.Date(), nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.Column("found_nothing", sa.Integer(), nullable=False),
        sa.Column("found_partly", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("seen_by", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("text", "searched_on", name="pk_logged_searches"),
    )
    op.create_index("ix_logged_searches_searched_on", "logged_searches", ["searched_on"])
    op.create_table(
        "settled_searches",
        sa.Column("text", sa.String(length=120), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("settled_by", sa.String(length=120), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("text", name="pk_settled_searches"),
    )


def downgrade() -> None:
    op.drop_table("settled_searches")
    op.drop_table("logged_searches")
