"""A country that has something to say today, by the real clock: many offices that work all day."""

from datetime import date, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

from adapters import clock
from adapters.settings import load_settings
from app.reading import prepare
from duban.book import Book
from flows import applying
from flows.premises import Site
from tests.books import activity, contact, document
from tests.sitting import REPOSITORY, ZONE

DEPARTMENTS = 10
AHEAD = timedelta(20)
"""From today to the day of the activity, whose first notices are due today."""
TIMETABLE = """\
jobs:
  - {flow: tick, name: 写信, cron: "* * * * *"}
  - {flow: send, name: 寄信, cron: "* * * * *"}
"""


def home(folder: Path) -> Path:
    """A site's folder with a timetable that wakes everything every minute."""
    copytree(REPOSITORY / "config", folder / "config")
    (folder / "config/timetable.yaml").write_text(TIMETABLE, encoding="utf-8")
    (folder / "templates").symlink_to(REPOSITORY / "templates")
    return folder


def populate(folder: Path, url: str, seats: Path, offices: int) -> int:
    """Make the tables of `url` and apply the calendar; returns how many letters are due today."""
    site = Site(load_settings(folder, database=url, seats=seats))
    prepare(site)
    now = clock.now()
    made = book(offices, now.astimezone(ZONE).date())
    applying.apply(site, made, applying.plan(site, made, now), now, "王主任")
    site.database.close()
    return offices * DEPARTMENTS


def book(offices: int, today: date) -> Book:
    day = today + AHEAD
    data = document(
        common={
            "activities": [activity("shui", "世界水日", f"{day.month}月{day.day}日")],
            "workdays": [_working(year, today) for year in sorted({today.year, day.year})],
            "sets": [{"id": "day", "name": "主题日", "notice": "开始前20天", "steps": STEPS}],
        }
    )
    data["branches"] = [_branch(data["branches"][0], n, day) for n in range(1, offices + 1)]
    return Book.model_validate(data)


STEPS = [{"id": "plan", "name": "方案报送", "due": "开始前15天"}]


def _working(year: int, today: date) -> dict[str, Any]:
    """A year in which today is worked, whatever day of the week it is."""
    work = [today.isoformat()] if year == today.year and today.weekday() >= 5 else []
    day = f"{year}-12-31" if (today.month, today.day) == (1, 1) else f"{year}-01-01"
    holiday = {"name": "元旦", "start": day, "end": day, "work": work}
    return {"year": year, "notice": "测发〔2025〕1号", "holidays": [holiday]}


def _branch(pattern: dict[str, Any], number: int, day: date) -> dict[str, Any]:
    id = f"o{number:04}"
    names = [f"{number}市{n}局" for n in range(1, DEPARTMENTS + 1)]
    entry = {"activity": "世界水日", "lead": names[0], "support": "各责任单位", "steps": "day"}
    return {
        **pattern,
        "office": {
            **pattern["office"],
            "id": id,
            "name": f"第{number}市纲要办",
            "short": f"第{number}市",
            "since": (day - AHEAD - timedelta(1)).isoformat(),
            "sender": f"duban@{id}.example",
            "hour": "00:00",
            "closes": "23:59",
        },
        "departments": [
            {"id": f"d{n}", "name": f"第{name}", "short": name, "groups": ["各责任单位"]}
            for n, name in enumerate(names, 1)
        ],
        "contacts": [contact(name, f"d{n}@{id}.example") for n, name in enumerate(names, 1)],
        "years": [{"office": id, "year": day.year, "activities": [entry]}],
    }
