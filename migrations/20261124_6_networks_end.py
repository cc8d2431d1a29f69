"""Let networks close and move, applications be emptied and reminded of, and a merged role name its successor."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_6"
down_revision = "20261124_5"
branch_labels = None
depends_on = None

FOLLOWED = {
    "memberships": ("category_id",),
    "applications": ("category_id", "hub_id"),
    "network_grants": ("hub_id",),
    "invitations": ("hub_id",),
    "network_acts": ("made_by_id",),
    "editions": ("frozen_by_id",),
}
"""Columns that the database looks through whenever a hub, a category or a user is deleted."""


def upgrade() -> None:
    op.add_column("networks", sa.Column("closed_on", sa.Date(), nullable=True))
    op.add_column("applications", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("applications", sa.Column("emptied_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "former_network_slugs",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["network_id"], ["networks.id"], name=op.f("fk_former_network_slugs_network_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_former_network_slugs")),
    )
    op.create_index(op.f("ix_former_network_slugs_network_id"), "former_network_slugs", ["network_id"], unique=False)
    with op.batch_alter_table("actor_roles") as batch:
        batch.add_column(sa.Column("successor_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_actor_roles_successor_id"), "actor_roles", ["successor_id"], ["id"], ondelete="SET NULL"
        )  # fmt: skip
    for table, columns in FOLLOWED.items():
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def downgrade() -> None:
    for table, columns in FOLLOWED.items():
        for column in columns:
            op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
    with op.batch_alter_table("actor_roles") as batch:
        batch.drop_constraint(op.f("fk_actor_roles_successor_id"), type_="foreignkey")
        batch.drop_column("successor_id")
    op.drop_table("former_network_slugs")
    op.drop_column("applications", "emptied_at")
    op.drop_column("applications", "reminded_at")
    op.drop_column("networks", "closed_on")
