"""The scores of the rehearsed year are those of an independent count, on both databases."""

import sqlite3
from collections import Counter
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

from adapters.settings import load_settings
from app.rehearsal.play import ZONE, Year
from duban.desk import Desk
from duban.score import Part
from flows import scoring
from flows.premises import Site
from state import scores
from state.scope import Scope
from tests.databases import sqlite_in
from tests.recount import Key, recount
from tests.sitting import REPOSITORY

MORROW = datetime(2027, 1, 1, 1, tzinfo=ZONE)


def counted(year: Year, desk: Desk, until: date) -> dict[Key, Counter[str]]:
    phases = [
        (programme.id, f"{programme.id}/{phase.id}", phase.start, phase.end)
        for programme in desk.branch.programmes
        for phase in programme.phases
    ]
    return recount(year.site.database, desk.office.id, until, desk.workdays.working, phases)


def stored(year: Year, desk: Desk) -> dict[Key, Counter[str]]:
    found: dict[Key, Counter[str]] = {}
    with year.site.database.reading() as connection:
        for number in scores.standings(connection, desk.office.id):
            for part, score in scores.stored(connection, desk.office.id, number).items():
                if part.department:
                    key = part.department, part.phase or f"{part.first:%Y-%m}"
                    counts = {name: getattr(score, name) for name in scores.COUNTS}
                    found[key] = found.get(key, Counter()) + Counter(counts)
    return found


def test_the_scores_of_the_year_are_those_of_an_independent_count(answered_year: Year) -> None:
    scoring.run(answered_year.site, MORROW)

    for desk, _ in answered_year.site.desks().values():
        ours = stored(answered_year, desk)
        assert ours == counted(answered_year, desk, MORROW.date())
        assert len({key[1] for key in ours}) > 5
        assert sum(one["kept"] for one in ours.values()) > 20
        assert sum(one["late"] for one in ours.values()) > 5
        assert sum(one["missing"] for one in ours.values()) > 0


def test_nobody_who_was_silent_all_year_has_any_points(silent_year: Year) -> None:
    scoring.run(silent_year.site, MORROW)

    for desk, _ in silent_year.site.desks().values():
        ours = stored(silent_year, desk)
        assert ours == counted(silent_year, desk, MORROW.date())
        assert sum(one["points"] for one in ours.values()) == 0


def test_scoring_once_more_changes_nothing(answered_year: Year) -> None:
    scoring.run(answered_year.site, MORROW)

    again = scoring.run(answered_year.site, MORROW)

    assert (again.years, again.faults) == (0, [])


def test_what_is_stored_is_what_the_events_say(answered_year: Year) -> None:
    scoring.run(answered_year.site, MORROW)

    for desk, _ in answered_year.site.desks().values():
        checked = scoring.verify(answered_year.site, desk)
        assert checked.parts > 50
        assert (checked.wrong, checked.outdated) == ((), ())


def test_month_by_month_the_year_grows_into_the_same(answered_year: Year) -> None:
    for desk, _ in answered_year.site.desks().values():
        for month in range(2, 13):
            until = datetime(2026, month, 1, 1, tzinfo=ZONE)
            scoring.score_office(answered_year.site, desk, until)
            assert stored(answered_year, desk) == counted(answered_year, desk, until.date())


def test_an_account_from_before_there_were_details_gives_the_same(
    answered_year: Year, tmp_path: Path
) -> None:
    scoring.run(answered_year.site, MORROW)
    url = answered_year.site.settings.database_url.removeprefix("sqlite:///")
    with (
        closing(sqlite3.connect(url)) as old,
        closing(sqlite3.connect(tmp_path / "duban.db")) as new,
    ):
        old.backup(new)
        new.execute("UPDATE event SET detail = NULL")
        new.execute("DELETE FROM scored")
        new.commit()
    settings = load_settings(REPOSITORY, database=sqlite_in(tmp_path), seats=tmp_path)
    before = Year(Site(settings), 2026)

    scoring.run(before.site, MORROW)

    for desk, _ in answered_year.site.desks().values():
        assert stored(before, desk) == stored(answered_year, desk)
    before.site.database.close()


def test_all_departments_together_are_the_office(answered_year: Year) -> None:
    scoring.run(answered_year.site, MORROW)
    first, last = date(2026, 1, 1), date(2026, 12, 31)

    for office in answered_year.site.desks():
        with answered_year.site.database.reading() as connection:
            each = scores.by_department(connection, Scope(office), first, last)
            whole = scores.by_month(connection, [office], first, last)
        assert sum(one.due for one in each.values()) == sum(one.due for one in whole.values())
        assert Part("", first) not in each
