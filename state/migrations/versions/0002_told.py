"""What departments were told, what a withdrawn item was, names, and the usual days"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("assignment") as table:
        table.add_column(sa.Column("expected", sa.Date()))
        table.add_column(sa.Column("name", sa.String(120), nullable=False, server_default=""))
        table.add_column(sa.Column("step_name", sa.String(120), nullable=False, server_default=""))
        table.add_column(sa.Column("told", sa.Date()))
        table.add_column(sa.Column("held", sa.String(12)))
    with op.batch_alter_table("letter_item") as table:
        table.add_column(sa.Column("told_before", sa.Date()))
    op.execute(
        "UPDATE assignment SET told = COALESCE(extended, due)"
        " WHERE state NOT IN ('planned', 'withdrawn')"
    )


def downgrade() -> None:
    with op.batch_alter_table("letter_item") as table:
        table.drop_column("told_before")
    with op.batch_alter_table("assignment") as table:
        for column in ("held", "told", "step_name", "name", "expected"):
            table.drop_column(column)
