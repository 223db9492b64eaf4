"""Letters that did not arrive, as the office is told of them."""

import pytest

from adapters.letters import Rendered
from duban.letter import Kind, Section
from tests.letters import confirm, digest, make_letter, make_returned, returned
from tests.rendering import both, render


def told(*facts: dict[str, object]) -> Rendered:
    section = Section(Kind.RETURNED, (), tuple(make_returned(**one) for one in facts))
    return render(make_letter(section))


def test_each_says_who_where_which_letter_and_why_and_how_to_mend_it() -> None:
    rendered = told({})

    facts = ["王小川（市水利局）", "wang@shui.cq.example", "2月27日", "【通知】世界水日的安排"]
    facts += ["550 5.1.1 <wang@shui.cq.example>: User unknown"]
    facts += ["config/contacts/chongqing.yaml", "duban apply", "每封退信只告知一次"]
    assert [[fact for fact in facts if fact not in part] for part in both(rendered)] == [[], []]
    assert not any("回复本邮件" in part for part in both(rendered))


def test_a_server_that_gave_no_reason_leaves_no_gap() -> None:
    assert all("对方没有说明" in part for part in both(told({"reason": ""})))
    assert not any("（）" in part for part in both(told({"departments": ""})))


def test_of_very_many_the_first_are_named_and_the_rest_counted() -> None:
    rendered = render(make_letter(returned(120)))

    for part in both(rendered):
        assert "下列120封信没有送到" in part
        assert "其余70封请用 duban outbox --state failed 查看" in part
        assert ("r049@" in part, "r050@" in part) == (True, False)


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "a\r\nBcc: x", "\u202egnp.exe"])
def test_what_a_foreign_server_said_is_only_text(hostile: str) -> None:
    rendered = told({"reason": hostile, "subject": hostile})

    assert "<script>" not in rendered.html
    assert "\nBcc" not in rendered.text
    assert "\u202e" not in rendered.text + rendered.html


def test_it_stands_beside_what_else_the_office_is_told() -> None:
    rendered = render(make_letter(confirm(1), returned(2), digest()))

    for part in both(rendered):
        assert "二、退信" in part
        assert "待确认的事项录入后不再提醒" in part
        assert "每封退信只告知一次" in part
