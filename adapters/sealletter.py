"""The letter that tells the head of the sealed account."""

from datetime import date
from pathlib import Path
from typing import Any

from adapters.letters import Rendered
from adapters.templates import Templates
from duban.office import Office
from duban.seal import LETTER, Seal


def render(
    folder: Path, office: Office, day: date, head: Seal, events: int, clock: str
) -> Rendered:
    """`events`: all that are sealed. `clock`: when the head was sealed, on the office's clock."""
    templates = Templates(folder)
    facts: dict[str, Any] = {
        "office": office,
        "day": day,
        "head": head,
        "events": events,
        "at": clock,
    }
    subject = templates.get_template(f"{LETTER}/subject.txt").render(facts).strip()
    facts["subject"] = subject
    text, html = (
        templates.get_template(f"{LETTER}/body.{kind}").render(facts) for kind in ("txt", "html")
    )
    return Rendered(subject, text, html)
