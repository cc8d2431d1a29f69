"""Let invitations be to the desk of a network or hub."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_5"
down_revision = "20261124_4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("invitations") as batch:
        batch.add_column(sa.Column("network_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("hub_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_invitations_network_id"), "networks", ["network_id"], ["id"], ondelete="CASCADE"
        )  # fmt: skip
        batch.create_foreign_key(op.f("fk_invitations_hub_id"), "hubs", ["hub_id"], ["id"], ondelete="CASCADE")
        batch.create_index(op.f("ix_invitations_network_id"), ["network_id"])


def downgrade() -> None:
    with op.batch_alter_table("invitations") as batch:
        batch.drop_index(op.f("ix_invitations_network_id"))
        batch.drop_constraint(op.f("fk_invitations_hub_id"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_invitations_network_id"), type_="foreignkey")
        batch.drop_column("hub_id")
        batch.drop_column("network_id")
