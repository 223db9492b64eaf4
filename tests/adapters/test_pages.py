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


def test_values_stand_where_the_text_has_them() -> None:
    assert said("%(b)s 项，%(a)s%%（%(b)s）", a=50, b="<") == "&lt; 项，50%（&lt;）"


def test_a_text_within_an_expression_is_no_markup_to_escape(tmp_path: Path) -> None:
    page = '{% macro head(words) %}<b>{{ words }}</b>{% endmacro %}{{ head(_("甲<乙")) }}{{ _("100%%") }}'
    (tmp_path / "page.html").write_text(page, "utf-8")

    assert Pages(tmp_path).render("page.html", {}) == "<b>甲<乙</b>100%"


def test_a_page_says_all_of_what_it_extends_in_order(tmp_path: Path) -> None:
    base = (
        "<{% block one %}0{% endblock %}|{% for n in (1, 2) %}{{ n }}{% endfor %}|"
        "{% block two %}9{% endblock %}>"
    )
    (tmp_path / "base.html").write_text(base, "utf-8")
    page = (
        '{% extends "base.html" %}lost{% block one %}{{ super() }}{% for n in ns %}({{ n }})'
        "{% else %}none{% endfor %}{% endblock %}"
    )
    (tmp_path / "page.html").write_text(page, "utf-8")

    pages = Pages(tmp_path)

    assert pages.render("page.html", {"ns": "ab"}) == "<0(a)(b)|12|9>"
    assert pages.render("page.html", {"ns": ""}) == "<0none|12|9>"
