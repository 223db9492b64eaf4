"""The words of pages: a text of a template with its values, which are never markup."""

from pathlib import Path

from adapters.pages import Pages, said


def test_values_of_a_text_are_escaped() -> None:
    assert said("共 %(n)s 项", n="<b>3</b>") == "共 &lt;b&gt;3&lt;/b&gt; 项"


def test_a_text_without_values_is_as_it_was_written() -> None:
    assert said("按时率 100%%") == "按时率 100%"


def test_a_page_escapes_what_it_is_given(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text('{{ _("姓名：%(who)s", who=who) }} {{ who }}', "utf-8")

    html = Pages(tmp_path).render("page.html", {"who": "<i>"})

    assert html == "姓名：&lt;i&gt; &lt;i&gt;"
