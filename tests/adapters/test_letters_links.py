"""Letters with a link: one button, one line with the address, and words that speak of it."""

import re
from datetime import datetime

import pytest

from duban.letter import Kind, Receipt, Section
from tests.letters import (
    change,
    confirm,
    digest,
    make_letter,
    notice,
    reminder,
    returned,
)
from tests.rendering import both, render

LINK = "https://duban.example/r/AbCd-_0123456789AbCd-_0123456789AbCd-_0123456789"
ANSWERED = "办理：签收、报送、申请延期"


def receipt(**changes: object) -> Receipt:
    facts: dict[str, object] = {
        "event": 7,
        "assignment": "chongqing/shui/2026/plan/shuili",
        "name": "世界水日",
        "step_name": "方案报送",
        "department": "shuili",
        "department_name": "市水利局",
        "act": "report",
        "who": "张三（自称，市水利局）",
        "at": datetime(2026, 3, 2, 10, 5),  # noqa: DTZ001
        "said": "方案已印发",
        "decided": False,
    }
    return Receipt(**(facts | changes))  # type: ignore[arg-type]


def receipts(*changes: dict[str, object]) -> Section:
    return Section(Kind.RECEIPT, (), (), tuple(receipt(**one) for one in changes or ({},)))


SENT_BACK: dict[str, object] = {"act": "return", "who": "", "said": "缺少地点", "decided": True}


@pytest.mark.parametrize(
    ("section", "label"),
    [
        (notice(), ANSWERED),
        (reminder(), ANSWERED),
        (change(), ANSWERED),
        (confirm(3), "打开督办台"),
        (returned(), "打开督办台"),
        (digest(), "打开看板"),
        (receipts(), "查看办理情况"),
    ],
)
def test_the_button_says_what_the_link_leads_to(section: Section, label: str) -> None:
    rendered = render(make_letter(section), LINK)

    assert f"\n{label}\n{LINK}\n" in rendered.text
    assert re.search(f'<a [^>]*href="{LINK}"[^>]*>{label}</a>', rendered.html)


def test_the_link_of_a_letter_with_several_sections_is_that_of_its_first() -> None:
    rendered = render(make_letter(notice(), digest()), LINK)

    assert rendered.html.count(LINK) == 1
    assert ANSWERED in rendered.text
    assert "打开看板" not in rendered.text


def test_without_a_link_a_letter_speaks_of_none() -> None:
    rendered = render(make_letter(change(), notice(), reminder(), confirm(3), digest()))

    assert "href" not in rendered.html
    assert all("点开" not in part and "链接" not in part for part in both(rendered))


def test_with_a_link_the_letter_asks_to_use_it_or_to_write_back() -> None:
    rendered = render(make_letter(reminder()), LINK)

    for part in both(rendered):
        assert "请点开上面的“办理”报送" in part
        assert "也可以直接回复本邮件" in part


def test_a_link_cannot_break_out_of_its_tag() -> None:
    rendered = render(make_letter(), 'https://x.example/"><script>alert(1)</script>')

    assert "<script>alert" not in rendered.html


def test_a_receipt_tells_who_did_what_to_which_item_and_whom_to_call() -> None:
    rendered = render(make_letter(receipts()), LINK)

    facts = [
        "世界水日",
        "方案报送",
        "已报送",
        "张三（自称，市水利局）",
        "方案已印发",
        "3月2日",
        "10:05",
    ]
    facts += [
        "chongqing/shui/2026/plan/shuili",
        "如非贵单位所为，请立即联系市纲要办（023-5555 0100）",
    ]
    assert rendered.subject == "【回执】世界水日·方案报送：已报送"
    assert [[fact for fact in facts if fact not in part] for part in both(rendered)] == [[], []]


def test_a_receipt_of_a_decision_tells_the_reason_and_what_to_do_now() -> None:
    rendered = render(make_letter(receipts(SENT_BACK)), LINK)

    assert rendered.subject == "【回执】世界水日·方案报送：退回"
    for part in both(rendered):
        assert "市纲要办：缺少地点" in part or "说明：缺少地点" in part
        assert "补充后重新报送" in part
        assert "如非贵单位所为" not in part


def test_many_receipts_are_one_letter() -> None:
    rendered = render(
        make_letter(receipts({}, {"act": "acknowledge", "said": ""}, SENT_BACK)), LINK
    )

    assert rendered.subject == "【回执】3项办理情况"
    assert all(part.count("世界水日") == 3 for part in both(rendered))


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "a\r\nBcc: x", "\u202egnp.exe"])
def test_what_somebody_wrote_is_only_text(hostile: str) -> None:
    rendered = render(make_letter(receipts({"said": hostile, "who": hostile})), LINK)

    assert "<script>" not in rendered.html
    assert "\nBcc" not in rendered.text
    assert "\u202e" not in rendered.text + rendered.html
