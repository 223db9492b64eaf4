"""Everything as long as the files allow: PostgreSQL refuses what does not fit, where SQLite does not."""

from typing import Any

from duban.book import Book
from duban.completion import Act
from state import assignments
from tests.books import activity, book, document
from tests.sitting import sitting

ID, NAME, ADDRESS = 40, 120, 254


def id_(letter: str) -> str:
    return letter * ID


def name(character: str) -> str:
    return character * NAME


def address(letter: str) -> str:
    """RFC 5321, 4.5.3.1: 64 octets before the @; RFC 1035: 63 between dots."""
    domain = f"{'d' * 60}.{'e' * 60}.{'f' * 59}.example"
    return f"{letter * (ADDRESS - 1 - len(domain))}@{domain}"


def longest() -> Book:
    office, lead, step = id_("o"), id_("l"), id_("s")
    stages = [
        {"id": id_("b"), "name": name("前"), "when": "到期前5个工作日"},
        {"id": id_("a"), "name": name("后"), "when": "逾期1个工作日起每1个工作日"},
    ]
    return book(
        common={
            "activities": [activity(id_("t"), name("水"), "3月22日")],
            "ladders": [
                {"id": id_("r"), "name": name("梯"), "stages": stages},
                *document()["common"]["ladders"][1:],
            ],
            "sets": [
                {
                    "id": id_("e"),
                    "name": name("套"),
                    "notice": "开始前30天",
                    "steps": [{"id": step, "name": name("步"), "due": "开始前15天"}],
                }
            ],
        },
        office={**document()["branches"][0]["office"], **_office(office)},
        departments=[{"id": lead, "name": name("局"), "short": name("短")}],
        contacts=[
            _contact(name("联"), address("c"), "联络员", name("短")),
            _contact(name("管"), address("m"), "管理者", None),
        ],
        years=[
            {
                "office": office,
                "year": 2026,
                "activities": [{"activity": name("水"), "lead": name("短"), "steps": id_("e")}],
            }
        ],
    )


def _office(id: str) -> dict[str, Any]:
    return {
        "id": id,
        "name": name("办"),
        "short": name("简"),
        "sender": address("s"),
        "ladder": id_("r"),
    }


def _contact(name: str, email: str, role: str, department: str | None) -> dict[str, Any]:
    who = {"department": department} if department else {}
    return {"name": name, "email": email, "role": role, **who}


async def test_what_the_files_allow_fits_into_the_database(database_url: str) -> None:
    async with sitting(database_url, longest()) as one:
        for day in ("2026-02-14", "2026-02-27", "2026-03-02", "2026-03-09", "2026-03-10"):
            ticked = await one.tick(f"{day}T09:00")
            assert not [fault for written in ticked.written for fault in written.faults]
        with one.site.database.reading() as connection:
            (item, *_) = assignments.all_of(connection, id_("o"))
        one.act(item.key, Act.REPORT, "2026-03-10T15:00")

        assert set(one.recipients()) == {address("c"), address("m")}
