"""What the office above asks of a district: the district declines it, or takes it on, by a form."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.console.estate import Estate, make_estate
from tests.console.pagereader import Page
from tests.sites import DEPARTMENTS, OFFICES, YEAR

QU = "/o/qu"
ASKED = "year=2026&activity=世界水日&step=summary&name=世界水日·总结报送"
YEAR_FILE = "calendar/offices/qu/2026.yaml"
DISTRICT = """\
  - id: qu
    name: 武隆区纲要办
    short: 区纲要办
    region: 区
    parent: cq
    since: 2026-01-01
    sender: duban@wl.cq.example
"""
OWN = """\
office: qu
year: 2026
activities:
  - activity: 全国低碳日
    lead: 区水利局
    steps: day
"""
FILES = {
    "config/departments/qu.yaml": """\
office: qu
departments:
  - {id: shui, name: 武隆区水利局, short: 区水利局}
""",
    "config/contacts/qu.yaml": """\
office: qu
contacts:
  - {name: 钱七, email: qian@shui.wl.example, role: 联络员, department: 区水利局}
  - {name: 孙八, email: sun@kx.wl.example, role: 经办人}
""",
    YEAR_FILE: OWN,
}


@pytest.fixture
def district(migrated_file: Path, tmp_path: Path) -> Iterator[Estate]:
    file = tmp_path / "duban.db"
    file.write_bytes(migrated_file.read_bytes())
    yield from make_estate(
        f"sqlite:///{file}",
        tmp_path,
        FILES,
        offices=OFFICES + DISTRICT,
        departments=DEPARTMENTS + "  - {id: wulong, name: 武隆区, short: 武隆区, office: qu}\n",
        year=YEAR.replace("市科协、市教委", "市科协、市教委、武隆区"),
    )


def asked(district: Estate) -> Page:
    return district.page(f"{QU}/cascade?year=2026")


def decline(district: Estate, reason: str = "区内没有水利设施") -> None:
    form = district.page(f"{QU}/calendar/decline?{ASKED}")
    said = district.confirm(district.send(form, "/decline", reason=reason))
    assert said.status_code == 303


def test_what_is_declined_is_in_the_file_with_its_reason(district: Estate) -> None:
    decline(district)

    assert "不承接 区内没有水利设施" in asked(district).words
    assert "reason: 区内没有水利设施" in district.text(YEAR_FILE)
    assert district.text(YEAR_FILE).startswith(OWN)


def test_another_reason_takes_the_place_of_the_first(district: Estate) -> None:
    decline(district)
    decline(district, "由市里统一办理")

    assert "由市里统一办理" in asked(district).words
    assert district.text(YEAR_FILE).count("step: summary") == 1


def test_what_was_declined_is_taken_on_again(district: Estate) -> None:
    decline(district)
    form = district.page(f"{QU}/calendar/decline?{ASKED}").form("/decline")
    shown = district.browser.post(f"{form.action}/back", data=form.filled())
    said = district.confirm(shown)

    assert said.status_code == 303
    assert district.text(YEAR_FILE) == OWN
    assert "不承接 区内" not in asked(district).words


def test_without_a_reason_nothing_is_declined(district: Estate) -> None:
    form = district.page(f"{QU}/calendar/decline?{ASKED}")

    said = district.send(form, "/decline", reason=" ")

    assert said.status_code == 422
    assert "请写明不能承接的理由" in Page(said.text).words
    assert district.text(YEAR_FILE) == OWN


def test_what_nobody_was_given_can_be_put_into_the_year(district: Estate) -> None:
    assert (
        f"{QU}/calendar/entry?year=2026&amp;new="
        in district.browser.get(f"{QU}/cascade?year=2026").text
    )
    form = district.page(f"{QU}/calendar/entry?year=2026&new=世界水日")
    said = district.confirm(district.send(form, "/entry", lead="区水利局", choice="day"))

    assert said.status_code == 303
    assert "activity: 世界水日" in district.text(YEAR_FILE)
