"""The ladder begins anew after a return, tells several people, and numbers its 督办函"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("assignment", sa.Column("rearmed", sa.Date()))
    op.add_column("assignment", sa.Column("unheard", sa.String(60)))
    op.create_table(
        "urging",
        sa.Column("office", sa.String(40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("department", sa.String(40), nullable=False),
        sa.Column("degree", sa.String(10), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("office", "day", "department", "degree", name="pk_urging"),
        sa.UniqueConstraint("office", "year", "serial", name="uq_urging_office_year_serial"),
    )


def downgrade() -> None:
    op.drop_table("urging")
    op.drop_column("assignment", "unheard")
    op.drop_column("assignment", "rearmed")
