"""The tables. Instants are UTC; due dates and mail days are dates in the office's zone."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Time,
    TypeDecorator,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


Number = BigInteger().with_variant(Integer, "sqlite")
Plain = String(120).with_variant(String(120, collation="C"), "postgresql")
"""Compared byte by byte, so that an index finds what begins alike."""

applied = Table(
    "applied",
    metadata,
    Column("id", Number, primary_key=True),
    Column("scope", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("document", Text, nullable=False),
    Column("applied_at", Instant, nullable=False),
    Column("applied_by", String(120), nullable=False),
    UniqueConstraint("scope", "version"),
)

assignment = Table(
    "assignment",
    metadata,
    Column("id", Number, primary_key=True),
    Column("key", String(240), nullable=False, unique=True),
    Column("office", String(40), nullable=False),
    Column("activity", String(90), nullable=False),
    Column("year", Integer, nullable=False),
    Column("step", String(40), nullable=False),
    Column("department", String(40), nullable=False),
    Column("duty", String(10), nullable=False),
    Column("answer", String(10), nullable=False),
    Column("ladder", String(40), nullable=False),
    Column("certainty", String(10), nullable=False),
    Column("notice_on", Date),
    Column("due", Date),
    Column("due_at", Time),
    Column("expected", Date),
    Column("name", String(120), nullable=False, server_default=""),
    Column("step_name", String(120), nullable=False, server_default=""),
    Column("reviewers", String(400), nullable=False, server_default=""),
    Column("state", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    Column("extended", Date),
    Column("told", Date),
    Column("held", String(12)),
    Column("stage", String(50)),
    Column("stage_on", Date),
    Column("next_stage", String(50)),
    Column("next_on", Date),
    Column("rearmed", Date),
    Column("unheard", String(60)),
)
Index("ix_assignment_due", assignment.c.office, assignment.c.next_on)
Index("ix_assignment_state", assignment.c.office, assignment.c.state, assignment.c.due)
Index("ix_assignment_department", assignment.c.office, assignment.c.department)
Index("ix_assignment_activity", assignment.c.office, assignment.c.year, assignment.c.activity)
_REVIEWED = text("reviewers <> ''")
Index(
    "ix_assignment_reviewed",
    assignment.c.office,
    assignment.c.state,
    sqlite_where=_REVIEWED,
    postgresql_where=_REVIEWED,
)

letter = Table(
    "letter",
    metadata,
    Column("id", Number, primary_key=True),
    Column("key", String(340), nullable=False, unique=True),
    Column("office", String(40), nullable=False),
    Column("day", Date, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("recipient", String(254), nullable=False),
    Column("recipient_name", String(120), nullable=False),
    Column("departments", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("message_id", Plain, nullable=False, unique=True),
    Column("written_at", Instant, nullable=False),
)
"""What was written; it never changes."""
Index("ix_letter_day", letter.c.office, letter.c.day)
Index("ix_letter_recipient", letter.c.recipient, letter.c.id)
Index("ix_letter_office", letter.c.office, letter.c.id)

delivery = Table(
    "delivery",
    metadata,
    Column("letter_id", Number, ForeignKey("letter.id"), primary_key=True, autoincrement=False),
    Column("office", String(40), nullable=False),
    Column("state", String(12), nullable=False),
    Column("phase", String(12)),
    Column("attempts", Integer, nullable=False, default=0),
    Column("possible_duplicates", Integer, nullable=False, default=0),
    Column("try_at", Instant, nullable=False),
    Column("owner", String(80)),
    Column("lease_until", Instant),
    Column("deferred_since", Instant),
    Column("code", Integer),
    Column("reply", Text),
    Column("accepted_at", Instant),
)
"""How handing it over goes: a narrow row beside each letter, for it is written several times."""
_QUEUED = text("state = 'queued'")
_SENDING = text("state = 'sending'")
_DOUBTED = text("possible_duplicates > 0")
_FAILED = text("state = 'failed'")
Index(
    "ix_delivery_queue",
    delivery.c.try_at,
    delivery.c.letter_id,
    sqlite_where=_QUEUED,
    postgresql_where=_QUEUED,
)
Index("ix_delivery_lease", delivery.c.owner, sqlite_where=_SENDING, postgresql_where=_SENDING)
Index("ix_delivery_doubted", delivery.c.letter_id, sqlite_where=_DOUBTED, postgresql_where=_DOUBTED)
Index("ix_delivery_failed", delivery.c.letter_id, sqlite_where=_FAILED, postgresql_where=_FAILED)

mail_server = Table(
    "mail_server",
    metadata,
    Column("name", String(260), primary_key=True),
    Column("rest_until", Instant),
    Column("rests", Integer, nullable=False, default=0),
    Column("stopped_at", Instant),
    Column("released_at", Instant),
    Column("reason", Text, nullable=False, default=""),
)
"""`host:port`; resting until an instant, or stopped until a person releases it."""

handed = Table(
    "handed",
    metadata,
    Column("server", String(260), primary_key=True),
    Column("slot", Number, primary_key=True, autoincrement=False),
    Column("letters", Integer, nullable=False),
)
"""Letters taken for each server in each slot of five seconds, for limits and the circuit breaker."""

seat = Table(
    "seat",
    metadata,
    Column("place", String(120), primary_key=True),
    Column("token", String(40), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("confirmed_at", Instant, nullable=False),
    Column("confirmed_by", String(120), nullable=False),
)
"""Machines and folders that may send from this database; each keeps the same token and turn itself."""

pulse = Table(
    "pulse",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("at", Instant, nullable=False),
)
"""When a flow last came to its end."""

letter_body = Table(
    "letter_body",
    metadata,
    Column("letter_id", Number, ForeignKey("letter.id"), primary_key=True),
    Column("sender", String(254), nullable=False),
    Column("mime", LargeBinary, nullable=False),
)

letter_item = Table(
    "letter_item",
    metadata,
    Column("id", Number, primary_key=True),
    Column("letter_id", Number, ForeignKey("letter.id"), nullable=False, index=True),
    Column("assignment_id", Number, ForeignKey("assignment.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("stage", String(50), nullable=False),
    Column("version", Integer, nullable=False),
    Column("due", Date, nullable=False),
    Column("stage_before", String(50)),
    Column("stage_on_before", Date),
    Column("told_before", Date),
    Column("sent_key", String(120), unique=True),
)
"""`sent_key` is `assignment:version:stage`, with `:leader` and the like for others than the 联络员: a stage
is said once for each date to each of them; NULL in a digest."""

urging = Table(
    "urging",
    metadata,
    Column("office", String(40), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("department", String(40), primary_key=True),
    Column("degree", String(10), primary_key=True),
    Column("year", Integer, nullable=False),
    Column("serial", Integer, nullable=False),
    UniqueConstraint("office", "year", "serial"),
)
"""Numbers of 督办函: one a department, degree and morning, counted by office and year."""

event = Table(
    "event",
    metadata,
    Column("id", Number, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("office", String(40), nullable=False),
    Column("assignment_id", Number, ForeignKey("assignment.id"), index=True),
    Column("letter_id", Number, ForeignKey("letter.id"), index=True),
    Column("act", String(20), nullable=False),
    Column("actor", String(120), nullable=False),
    Column("from_state", String(12)),
    Column("to_state", String(12)),
    Column("reason", Text, nullable=False, default=""),
    Column("via", String(120), nullable=False, default="", server_default=""),
    Column("seal_id", Number),
    Column("detail", Text),
)
"""The account; it only grows. `via`: from where, `console 10.0.0.8` or `link 10.0.0.8`; empty: a flow or
the command line. `letter_id` of an act through a link: the letter that carried the link. `detail`: what
is asked of the item from now on (duban/facts.py), where the line changed it."""
_UNSEALED = text("seal_id IS NULL")
_REPORTED = text("act = 'report'")
Index("ix_event_office", event.c.office, event.c.id)
Index("ix_event_unsealed", event.c.id, sqlite_where=_UNSEALED, postgresql_where=_UNSEALED)
Index(
    "ix_event_report",
    event.c.assignment_id,
    event.c.at,
    sqlite_where=_REPORTED,
    postgresql_where=_REPORTED,
)
BY_PEOPLE = text("via <> ''")
"""What people did in the console or through links. A question says it in these words, for the index."""
Index(
    "ix_event_people",
    event.c.office,
    event.c.at,
    sqlite_where=BY_PEOPLE,
    postgresql_where=BY_PEOPLE,
)

seal = Table(
    "seal",
    metadata,
    Column("id", Number, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("events", Integer, nullable=False),
    Column("mac", String(64), nullable=False),
)
"""A link of the chain over all events: HMAC of the one before it and of the events that it covers."""

digest = Table(
    "digest",
    metadata,
    Column("office", String(40), primary_key=True),
    Column("period", String(85), primary_key=True),
    Column("day", Date, nullable=False),
    Column("letters", Integer, nullable=False),
    Column("which", String(10), nullable=False, server_default="weekly"),
    Column("said", Text, nullable=False, server_default=""),
)
"""Digests that are settled: said, or with nothing to say. `said`: JSON of the figures that it told, and of
what was overdue then (duban/bulletin.py, Settled)."""
Index("ix_digest_which", digest.c.office, digest.c.which, digest.c.period)

digest_letter = Table(
    "digest_letter",
    metadata,
    Column("letter_id", Number, ForeignKey("letter.id"), primary_key=True, autoincrement=False),
    Column("period", String(85), primary_key=True),
)
"""Which digests a letter holds."""
Index("ix_digest_letter_period", digest_letter.c.period)

mail_read = Table(
    "mail_read",
    metadata,
    Column("id", Number, primary_key=True),
    Column("mailbox", String(500), nullable=False),
    Column("name", String(300), nullable=False),
    Column("digest", String(64), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("verdict", String(12), nullable=False),
    Column("letter_id", Number, ForeignKey("letter.id")),
    Column("note", Text, nullable=False, default=""),
    UniqueConstraint("mailbox", "name"),
)
"""Mails that came back and were looked at: the same mail is neither read nor believed twice."""

failure_told = Table(
    "failure_told",
    metadata,
    Column("letter_id", Number, ForeignKey("letter.id"), primary_key=True, autoincrement=False),
    Column("told_in", Number, ForeignKey("letter.id"), nullable=False, index=True),
)
"""Failed letters of which the office was told, and the letter that told it."""

account = Table(
    "account",
    metadata,
    Column("id", Number, primary_key=True),
    Column("login", String(60), nullable=False, unique=True),
    Column("name", String(60), nullable=False),
    Column("roles", String(120), nullable=False),
    Column("offices", Text, nullable=False, default=""),
    Column("password", String(200), nullable=False, default=""),
    Column("earlier", Text, nullable=False, default=""),
    Column("password_at", Instant),
    Column("must_change", Integer, nullable=False, default=0),
    Column("totp", String(64), nullable=False, default=""),
    Column("totp_used", Number, nullable=False, default=0),
    Column("failures", Integer, nullable=False, default=0),
    Column("locked_until", Instant),
    Column("disabled_at", Instant),
    Column("seen_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(120), nullable=False),
)
"""Who may log in. `roles` and `offices` are words joined by commas, no offices: all; `password` is
argon2's encoding; `earlier` those before it, a line each, the newest first. `must_change`: 0, or why:
state.accounts. `totp_used`: the last step of 30 seconds whose code was used."""

session = Table(
    "session",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("account_id", Number, ForeignKey("account.id"), nullable=False, index=True),
    Column("begun_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("address", String(64), nullable=False),
)
"""`id` is the SHA-256 of what the browser's cookie holds."""

request = Table(
    "request",
    metadata,
    Column("id", Number, primary_key=True),
    Column("assignment_id", Number, ForeignKey("assignment.id"), nullable=False, index=True),
    Column("office", String(40), nullable=False),
    Column("department", String(40), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("state", String(12), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("asked_by", String(120), nullable=False),
    Column("reason", Text, nullable=False),
    Column("progress", Text, nullable=False, default=""),
    Column("wanted", Date),
    Column("towards", String(120), nullable=False, default=""),
    Column("decided_at", Instant),
    Column("decided_by", String(120), nullable=False, default=""),
    Column("answer", Text, nullable=False, default=""),
)
"""What a department asks the secretariat to decide. `towards`: the department, or the person of its own,
that is to take the item over."""
_OPEN = text("state = 'open'")
Index(
    "uq_request_open",
    request.c.assignment_id,
    unique=True,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
Index("ix_request_office", request.c.office, request.c.state, request.c.id)

answer = Table(
    "answer",
    metadata,
    Column("id", Number, primary_key=True),
    Column("assignment_id", Number, ForeignKey("assignment.id"), nullable=False, index=True),
    Column("office", String(40), nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(120), nullable=False),
    Column("text", Text, nullable=False),
    Column("value", String(24)),
    Column("unit", String(12), nullable=False, server_default=""),
)
"""What a department handed in, a row for each report. `value` and `unit`: of a target, the year's figure as
it was written; no value with a unit: there is none for that year."""

attachment = Table(
    "attachment",
    metadata,
    Column("id", Number, primary_key=True),
    Column("answer_id", Number, ForeignKey("answer.id"), nullable=False, index=True),
    Column("office", String(40), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("size", Number, nullable=False),
    Column("sha256", String(64), nullable=False),
)
"""A file of an answer; the bytes lie below the folder of uploads, by their SHA-256."""

link_revoked = Table(
    "link_revoked",
    metadata,
    Column("letter_id", Number, ForeignKey("letter.id"), primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("by", String(120), nullable=False),
)
"""Letters whose link opens nothing any more."""

receipt = Table(
    "receipt",
    metadata,
    Column("event_id", Number, ForeignKey("event.id"), primary_key=True, autoincrement=False),
    Column("told_in", Number, ForeignKey("letter.id"), nullable=False, index=True),
)
"""Acts through a link of which the registered contact was told, and the letter that told it."""

receipt_lead = Table(
    "receipt_lead",
    metadata,
    Column("event_id", Number, ForeignKey("event.id"), primary_key=True, autoincrement=False),
    Column("department", String(40), primary_key=True),
    Column("told_in", Number, ForeignKey("letter.id"), nullable=False, index=True),
)
"""Acts of which leading departments were told that look at what others hand in."""

template = Table(
    "template",
    metadata,
    Column("id", Number, primary_key=True),
    Column("name", String(120), nullable=False, index=True),
    Column("source", Text),
    Column("at", Instant, nullable=False),
    Column("by", String(120), nullable=False),
)
"""Templates of letters as the secretariat changed them, every version; `source` NULL: the file's again."""

source = Table(
    "source",
    metadata,
    Column("id", Number, primary_key=True),
    Column("applied_id", Number, ForeignKey("applied.id"), nullable=False, unique=True),
)
"""Calendars of which the files were kept; by the newest row of `applied` that they made."""

source_file = Table(
    "source_file",
    metadata,
    Column("id", Number, primary_key=True),
    Column("applied_id", Number, ForeignKey("applied.id"), nullable=False),
    Column("path", String(300), nullable=False),
    Column("sha256", String(64)),
    UniqueConstraint("applied_id", "path"),
)
"""Of each of them, the files that were others than before (NULL: gone); the newest row of a path holds."""
Index("ix_source_file_path", source_file.c.path, source_file.c.id)

source_text = Table(
    "source_text",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("packed", LargeBinary, nullable=False),
)
"""What files hold, once each, compressed."""

scored = Table(
    "scored",
    metadata,
    Column("office", String(40), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("day", Date, nullable=False),
    Column("upto", Number, nullable=False),
    Column("next_on", Date),
    Column("stamp", String(16), nullable=False),
    Column("at", Instant, nullable=False),
)
"""Whose items of which year were scored: those due before `day`, by the office's events up to the number
`upto`, by rules with that stamp. Nothing changes of itself before `next_on` is past."""

score = Table(
    "score",
    metadata,
    Column("office", String(40), primary_key=True),
    Column("department", String(40), primary_key=True),
    Column("phase", String(85), primary_key=True),
    Column("first", Date, primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("kept", Integer, nullable=False),
    Column("late", Integer, nullable=False),
    Column("missing", Integer, nullable=False),
    Column("omitted", Integer, nullable=False),
    Column("weight", Integer, nullable=False),
    Column("points", Integer, nullable=False),
)
"""What items of a `year` add to a department's score (empty: of all departments together): of the month that
begins on `first`, or of a programme's `phase`, `programme/phase`. Items in number: reported in time, too
late, not at all, not counted; the counted ones' weights, and their points times these."""
