"""Accounts, sessions, requests, answers, links, receipts, the sealed account, templates, sources"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
UNSEALED = sa.text("seal_id IS NULL")
REPORTED = sa.text("act = 'report'")
OPEN = sa.text("state = 'open'")
BY_PEOPLE = sa.text("via <> ''")
TABLES = (
    "source",
    "template",
    "receipt",
    "link_revoked",
    "attachment",
    "answer",
    "request",
    "session",
    "account",
    "seal",
)


def upgrade() -> None:
    _account_of_everything()
    _people()
    _asked_and_answered()
    _links()
    _versions()
    if op.get_bind().dialect.name == "postgresql":
        _bodies_as_they_are()
        _message_id('COLLATE "C"')


def _bodies_as_they_are() -> None:
    """Base64 hardly gets smaller, and to try costs more than all the rest of writing a letter."""
    op.execute("ALTER TABLE letter_body ALTER COLUMN mime SET STORAGE EXTERNAL")
    op.execute("ALTER TABLE letter_body SET (toast_tuple_target = 8160)")


def _message_id(collation: str) -> None:
    """Compared byte by byte: a link knows how it begins, and the index has to find it."""
    op.execute(f"ALTER TABLE letter ALTER COLUMN message_id TYPE VARCHAR(120) {collation}")


def _account_of_everything() -> None:
    op.create_index("ix_assignment_department", "assignment", ["office", "department"])
    op.create_index("ix_assignment_activity", "assignment", ["office", "year", "activity"])
    op.add_column("event", sa.Column("via", sa.String(120), nullable=False, server_default=""))
    op.add_column("event", sa.Column("seal_id", NUMBER))
    op.create_index("ix_event_office", "event", ["office", "id"])
    op.create_index(
        "ix_event_unsealed", "event", ["id"], sqlite_where=UNSEALED, postgresql_where=UNSEALED
    )
    op.create_index(
        "ix_event_report",
        "event",
        ["assignment_id", "at"],
        sqlite_where=REPORTED,
        postgresql_where=REPORTED,
    )
    op.create_index("ix_letter_office", "letter", ["office", "id"])
    op.create_index(
        "ix_event_people",
        "event",
        ["office", "at"],
        sqlite_where=BY_PEOPLE,
        postgresql_where=BY_PEOPLE,
    )
    op.create_table(
        "seal",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("mac", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_seal"),
    )


def _people() -> None:
    op.create_table(
        "account",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("login", sa.String(60), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("roles", sa.String(120), nullable=False),
        sa.Column("offices", sa.Text(), nullable=False),
        sa.Column("password", sa.String(200), nullable=False),
        sa.Column("earlier", sa.Text(), nullable=False),
        sa.Column("password_at", INSTANT),
        sa.Column("must_change", sa.Integer(), nullable=False),
        sa.Column("totp", sa.String(64), nullable=False),
        sa.Column("totp_used", NUMBER, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", INSTANT),
        sa.Column("disabled_at", INSTANT),
        sa.Column("seen_at", INSTANT),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("login", name="uq_account_login"),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_session_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
    )
    op.create_index("ix_session_account_id", "session", ["account_id"])


def _asked_and_answered() -> None:
    op.create_table(
        "request",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("assignment_id", NUMBER, nullable=False),
        sa.Column("office", sa.String(40), nullable=False),
        sa.Column("department", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("asked_by", sa.String(120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Date()),
        sa.Column("towards", sa.String(120), nullable=False),
        sa.Column("decided_at", INSTANT),
        sa.Column("decided_by", sa.String(120), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name="fk_request_assignment_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_request"),
    )
    op.create_index("ix_request_assignment_id", "request", ["assignment_id"])
    op.create_index("ix_request_office", "request", ["office", "state", "id"])
    op.create_index(
        "uq_request_open",
        "request",
        ["assignment_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        "answer",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("assignment_id", NUMBER, nullable=False),
        sa.Column("office", sa.String(40), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name="fk_answer_assignment_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_answer"),
    )
    op.create_index("ix_answer_assignment_id", "answer", ["assignment_id"])
    op.create_table(
        "attachment",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("answer_id", NUMBER, nullable=False),
        sa.Column("office", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name="fk_attachment_answer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
    )
    op.create_index("ix_attachment_answer_id", "attachment", ["answer_id"])
    op.create_index("ix_attachment_office", "attachment", ["office"])


def _links() -> None:
    op.create_table(
        "link_revoked",
        sa.Column("letter_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name="fk_link_revoked_letter_id"),
        sa.PrimaryKeyConstraint("letter_id", name="pk_link_revoked"),
    )
    op.create_table(
        "receipt",
        sa.Column("event_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("told_in", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_receipt_event_id"),
        sa.ForeignKeyConstraint(["told_in"], ["letter.id"], name="fk_receipt_told_in"),
        sa.PrimaryKeyConstraint("event_id", name="pk_receipt"),
    )
    op.create_index("ix_receipt_told_in", "receipt", ["told_in"])


def _versions() -> None:
    op.create_table(
        "template",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("source", sa.Text()),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_template"),
    )
    op.create_index("ix_template_name", "template", ["name"])
    op.create_table(
        "source",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("applied_id", NUMBER, nullable=False),
        sa.Column("files", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["applied_id"], ["applied.id"], name="fk_source_applied_id"),
        sa.PrimaryKeyConstraint("id", name="pk_source"),
        sa.UniqueConstraint("applied_id", name="uq_source_applied_id"),
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _message_id("")
        op.execute("ALTER TABLE letter_body RESET (toast_tuple_target)")
        op.execute("ALTER TABLE letter_body ALTER COLUMN mime SET STORAGE EXTENDED")
    for table in TABLES:
        op.drop_table(table)
    op.drop_index("ix_letter_office", table_name="letter")
    for index in ("ix_event_office", "ix_event_unsealed", "ix_event_report", "ix_event_people"):
        op.drop_index(index, table_name="event")
    op.drop_column("event", "seal_id")
    op.drop_column("event", "via")
    op.drop_index("ix_assignment_activity", table_name="assignment")
    op.drop_index("ix_assignment_department", table_name="assignment")
