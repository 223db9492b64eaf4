"""Which file of a site holds what."""

import difflib
import re
from dataclasses import dataclass

from duban.activity import Activity
from duban.announcement import Announcement
from duban.frozen import Frozen, Id
from duban.ladder import Ladder
from duban.office import Contact, Department, Office
from duban.officeyear import OfficeYear
from duban.programme import Programme
from duban.scoring import Scoring
from duban.step import StepSet
from duban.transfer import Transfer
from duban.workdays import WorkYear

ROOMS = ("config", "calendar")


class OfficesFile(Frozen):
    offices: tuple[Office, ...]


class DepartmentsFile(Frozen):
    office: Id
    departments: tuple[Department, ...]


class ContactsFile(Frozen):
    office: Id
    contacts: tuple[Contact, ...]


class LaddersFile(Frozen):
    ladders: tuple[Ladder, ...]


class SetsFile(Frozen):
    sets: tuple[StepSet, ...]


class ActivitiesFile(Frozen):
    activities: tuple[Activity, ...]


class AnnouncementsFile(Frozen):
    announcements: tuple[Announcement, ...] = ()


class TransfersFile(Frozen):
    transfers: tuple[Transfer, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of file: an example of its path, the pattern of it, and what it holds."""

    example: str
    pattern: str
    model: type[Frozen]
    shelf: str
    """Where `duban.unread.Unread` keeps what could not be read; `*` is the office of the path."""


_NAME = r"[^/]+\.yaml"
_OFFICE = r"(?P<office>[^/]+)"
FORMS = (
    Form("config/offices.yaml", r"config/offices\.yaml", OfficesFile, "offices"),
    Form("config/ladders.yaml", r"config/ladders\.yaml", LaddersFile, "ladders"),
    Form("calendar/steps.yaml", r"calendar/steps\.yaml", SetsFile, "sets"),
    Form(
        "calendar/observances.yaml",
        rf"calendar/observances(\.yaml|/{_NAME})",
        ActivitiesFile,
        "activities",
    ),
    Form(
        "config/departments/chongqing.yaml",
        rf"config/departments/{_OFFICE}\.yaml",
        DepartmentsFile,
        "departments/*",
    ),
    Form(
        "config/contacts/chongqing.yaml",
        rf"config/contacts/{_OFFICE}\.yaml",
        ContactsFile,
        "contacts/*",
    ),
    Form("calendar/workdays/2026.yaml", rf"calendar/workdays/{_NAME}", WorkYear, "workdays"),
    Form(
        "calendar/offices/chongqing/2026.yaml",
        rf"calendar/offices/{_OFFICE}/(?P<year>\d{{4}})\.yaml",
        OfficeYear,
        "years/*",
    ),
    Form(
        "calendar/programmes/chongqing-2021-2025.yaml",
        rf"calendar/programmes/{_NAME}",
        Programme,
        "programmes",
    ),
    Form(
        "calendar/announcements.yaml",
        r"calendar/announcements\.yaml",
        AnnouncementsFile,
        "announcements",
    ),
    Form(
        "calendar/offices/chongqing/transfers.yaml",
        rf"calendar/offices/{_OFFICE}/transfers\.yaml",
        TransfersFile,
        "transfers/*",
    ),
    Form("config/scoring.yaml", r"config/scoring\.yaml", Scoring, "scoring"),
)
REQUIRED = {form.shelf: form.example for form in FORMS[:4]}
"""By shelf, the files without which there is no site."""
_ELSEWHERE = ("config/settings.yaml", "config/timetable.yaml", "config/providers.yaml")
"""Read by others."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file of the site: what kind it is, and the office and year that its path names."""

    form: Form
    office: str = ""
    year: str = ""

    @property
    def shelf(self) -> str:
        return self.form.shelf.replace("*", self.office)


def recognise(file: str) -> Found | None:
    """What the file of this path holds; None for one that is out of place."""
    for form in FORMS:
        if found := re.fullmatch(form.pattern, file):
            named = found.groupdict()
            return Found(form, named.get("office", ""), named.get("year", ""))
    return None


def elsewhere(file: str) -> bool:
    """Whether others read this file."""
    return file in _ELSEWHERE


def right_place(file: str) -> str:
    """Where a misplaced file probably belongs; empty when nothing is near."""
    stem = re.sub(r"\.ya?ml$", "", file, flags=re.IGNORECASE)
    renamed = f"{stem}.yaml"
    if renamed != file and (recognise(renamed) or elsewhere(renamed)):
        return renamed
    known = [*(form.example for form in FORMS), *_ELSEWHERE]
    near = difflib.get_close_matches(file, known, n=1, cutoff=0.78)
    return near[0] if near else ""
