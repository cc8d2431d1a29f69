"""Create the saved searches, and let stored letters name the address that ends letters of their sort."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_6"
down_revision = "20261122_5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_searches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("args", sa.String(length=1500), nullable=False),
        sa.Column("frequency", sa.String(length=32), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("frequency IN ('daily', 'weekly')", name=op.f("ck_saved_searches_frequency")),
        sa.PrimaryKeyConstraint("id", name="pk_saved_searches"),
        sa.UniqueConstraint("token", name="uq_saved_searches_token"),
        sa.UniqueConstraint("email", "args", name="uq_saved_searches_email_args"),
    )
    op.create_index("ix_saved_searches_looked_at", "saved_searches", ["looked_at"])
    with op.batch_alter_table("letters") as table:
        table.add_column(sa.Column("unsubscribe", sa.String(length=200), nullable=False, server_default=""))
    with op.batch_alter_table("letters") as table:
        table.alter_column("unsubscribe", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("letters") as table:
        table.drop_column("unsubscribe")
    op.drop_index("ix_saved_searches_looked_at", "saved_searches")
    op.drop_table("saved_searches")
