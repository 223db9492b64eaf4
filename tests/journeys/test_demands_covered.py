"""Every line of what users of such systems complain of has a test that names its report."""

import re
from functools import cache
from pathlib import Path

import pytest

DEMANDS = {
    "duplicates": "vikunja#2729 moodle-local_reminders#91 moodle-local_reminders#149 "
    "moodle-local_reminders#184 apscheduler#655 lokole#1 zulip#549 listmonk#2313",
    "storms": "bcgov/entity#2253 be-BOP#2728 prefect#15886 prefect#17575 bikebrigade#52",
    "silence": "ciso-assistant#3134 ruoyi-vue-pro#1018 nextcloud/deck#2239 odoo#199588 pkp-lib#6904 "
    "pkp-lib#7715 frappe#22557",
    "stale dates": "calcom#13238 OneUptime#2018 OneUptime#2150 indico#4893 "
    "moodle-local_reminders#134",
    "working days": "probo#1591 glpi#15569 glpi#18703 steedos#601 taskwarrior#1829 "
    "frappe_whatsapp#235 chinese-calendar#94 chinese-calendar#97",
    "stages": "pkp-lib#2687 pkp-lib#9455 healthchecks#48 healthchecks#510 healthchecks#209",
    "noise": "novu#2628 redmine_issue_reminder#20 redmine_reminder#1 steedos/workflow#1785",
    "people": "redmine_mail_reminder#14 openproject#15482 documenso#3087 deck#1202",
    "preview": "connect#1747",
}
_TEST = re.compile(r" *(?:async )?def (test_\w+)")
_REPORT = re.compile(r"[\w./-]+#\d+")


@cache
def named() -> dict[str, list[str]]:
    """By the report's number: the tests in which a comment names it."""
    found: dict[str, list[str]] = {}
    for file in sorted(Path(__file__).parents[1].rglob("test_*.py")):
        test = ""
        for line in file.read_text("utf-8").splitlines():
            if begins := _TEST.match(line):
                test = begins[1]
            elif test and line.lstrip().startswith("#"):
                for report in _REPORT.findall(line):
                    found.setdefault(report, []).append(f"{file.name}::{test}")
    return found


@pytest.mark.parametrize("report", [report for line in DEMANDS.values() for report in line.split()])
def test_each_report_has_a_test_of_its_own(report: str) -> None:
    assert named().get(report), f"no test names {report}"
