"""What somebody could write into a template of a letter: nothing gets out, nothing takes long."""

import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from adapters.letters import EDITABLE, LetterError, Letters
from adapters.trial import HERE, MEMORY, try_out
from adapters.worded import Worded
from duban.letter import Kind
from duban.samples import samples
from tests.letters import TODAY, make_item, make_late, make_letter, make_office, make_section
from tests.pictures import TEMPLATES

LETTER = make_letter(make_section(Kind.NOTICE, make_item(), make_late(3), make_item(days=0)))
NAME = "notice/body.txt"
OFFICE = make_office()
ROOTS = [
    "letter",
    "section",
    "office",
    "subject",
    "closing",
    "''",
    "()",
    "[]",
    "1",
    "none",
    "true",
    "loop",
]
CHAINS = [
    "__class__",
    "__class__.__mro__[1].__subclasses__()",
    "__class__.__base__.__subclasses__()[0]",
    "__init__.__globals__",
    "__init__.__globals__['os'].popen('id').read()",
    "__class__.__init__.__globals__.__builtins__",
    "__dict__",
    "__module__",
    "__reduce__()",
    "__reduce_ex__(2)",
    "__doc__",
]
SINGLE = [
    "{{ self }}",
    "{{ self.__init__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ joiner.__init__.__globals__.os }}",
    "{{ namespace.__init__.__globals__.os }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ lipsum(100000) }}",
    "{{ range(10**9)|list }}",
    "{{ range(999999999)|join }}",
    "{{ dict.__base__ }}",
    "{{ dict(a=1) }}",
    "{{ request.application }}",
    "{{ config.items() }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ url_for.__globals__ }}",
    "{{ open('/etc/passwd').read() }}",
    "{{ __import__('os') }}",
    "{{ eval('1') }}",
    "{{ context }}",
    "{{ environment }}",
    "{{ caller() }}",
    "{{ varargs }}",
    "{{ kwargs }}",
    "{{ letter|attr('__class__') }}",
    "{{ letter|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "{{ ''|attr('__cl' ~ 'ass__') }}",
    "{{ ()|attr('__class__')|attr('__base__')|attr('__subclasses__')() }}",
    "{{ [letter]|map(attribute='__class__')|list }}",
    "{{ [letter]|map('attr', '__class__')|list }}",
    "{{ section.items|map(attribute='__class__')|list }}",
    "{{ section.items|groupby('__class__') }}",
    "{{ section.items|groupby('occasion.__class__') }}",
    "{{ section.items|sort(attribute='__class__') }}",
    "{{ section.items|selectattr('__class__')|list }}",
    "{{ section.items|rejectattr('__class__')|list }}",
    "{{ section.items|sum(attribute='days') }}",
    "{{ section.items|unique(attribute='__class__')|list }}",
    "{{ section.items|join(attribute='__class__') }}",
    "{{ section.items|join(',', '__class__') }}",
    "{{ section.items|max(attribute='__class__') }}",
    "{{ '%s'|format(letter) }}",
    "{{ '{0.__class__}'.format(letter) }}",
    "{{ '{0.__class__.__mro__}'.format_map(letter) }}",
    "{{ 'x'.format }}",
    "{{ ''.join(['a']) }}",
    "{{ '%s' % letter }}",
    "{{ '%999999999d' % 1 }}",
    "{{ '{:999999999}'.format(1) }}",
    "{{ '%c' % 0x110000 }}",
    "{{ letter['__class__'] }}",
    "{{ letter['__cla' ~ 'ss__'] }}",
    "{{ letter[subject] }}",
    "{{ (letter, 1)[0]['__class__'] }}",
    "{{ letter|tojson }}",
    "{{ letter|pprint }}",
    "{{ letter|xmlattr }}",
    "{{ letter|safe }}",
    "{{ letter.day.__class__.today() }}",
    "{{ letter.day.today() }}",
    "{{ letter.day.strftime('%1000000000d') }}",
    "{{ letter.day.strftime('%H' ~ '%M') }}",
    "{{ letter.day.replace(year=1) }}",
    "{{ letter.day.ctime() }}",
    "{{ letter.replace() }}",
    "{{ office.model_dump() }}",
    "{{ office.model_config }}",
    "{{ office.model_fields }}",
    "{{ office.settle('x') }}",
    "{{ office.place }}",
    "{{ office.copy() }}",
    "{{ office._place }}",
    "{{ section.kind.__class__ }}",
    "{{ section.kind.name.__class__ }}",
    "{{ section.kind.upper.__self__ }}",
    "{{ section.kind.startswith.__self__.__class__ }}",
    "{{ section.kind.startswith.__func__ }}",
    "{{ section.occasions.append(1) }}",
    "{{ section.occasions.clear() }}",
    "{{ closing.pop() }}",
    "{% for i in section.items %}{{ loop.__class__ }}{% endfor %}",
    "{% for i in section.items %}{{ loop._iterator }}{% endfor %}",
    "{% for i in section.items %}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "{% for i in section.items %}{{ loop.changed(i) }}{% endfor %}",
    "{% for i in section.items recursive %}{{ loop(section.items) }}{% endfor %}",
    "{% import 'os' as os %}{{ os }}",
    "{% import 'macros.html' as m %}{{ m.__class__ }}",
    "{% from 'os' import path %}",
    "{% from 'macros.html' import standing %}{{ standing.__globals__ }}",
    "{% from 'macros.html' import standing %}{{ standing._func }}",
    "{% from 'macros.html' import standing %}{{ standing.name }}",
    "{% from 'macros.html' import standing as __class__ %}",
    "{% from subject import x %}",
    "{% include '/etc/passwd' %}",
    "{% include '../../config/settings.yaml' %}",
    "{% include 'notice/body.txt' %}",
    "{% include 'base.txt' %}",
    "{% include subject %}",
    "{% include ['also.txt', '/etc/passwd'] %}",
    "{% include 'a' ignore missing %}",
    "{% extends 'base.txt' %}",
    "{% extends '/etc/passwd' %}",
    "{% block x %}{{ self.x() }}{% endblock %}",
    "{% block x %}{{ super() }}{% endblock %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% macro m(n) %}{{ m(n) }}{{ m(n) }}{% endmacro %}{{ m(1) }}",
    "{% call m() %}{% endcall %}",
    "{% filter upper %}{{ letter }}{% endfilter %}",
    "{% with x=letter.__class__ %}{{ x }}{% endwith %}",
    "{% set x %}{{ subject }}{% endset %}{{ x }}",
    "{% set ns = namespace(x='a') %}{% set ns.x = ns.x ~ ns.x %}",
    "{% set letter.office = 'x' %}",
    "{% set x = subject.__class__ %}",
    "{% do letter.x %}",
    "{% debug %}",
    "{% trans %}x{% endtrans %}",
    "{% autoescape false %}{{ subject }}{% endautoescape %}",
    "{% raw %}{{ letter.__class__ }}{% endraw %}{{ letter.__class__ }}",
    "{{ 'a' * 10**9 }}",
    "{{ 10**10**10 }}",
    "{{ 9**9**9**9 }}",
    "{{ 2 ** 100000000 }}",
    "{{ [0] * 10**9 }}",
    "{{ (1,) * 999999999 }}",
    "{{ 'a' + 'b' }}",
    "{{ 10**9 // 1 }}",
    "{{ -letter }}",
    "{{ +letter }}",
    "{{ 1 % 0 }}",
    "{{ 1 / 0 }}",
    "{{ {'a': letter} }}",
    "{{ " + "9" * 60_000 + " }}",
    "{{ " + "(" * 20_000 + ")" * 20_000 + " }}",
    "{{ " + "[" * 20_000 + "]" * 20_000 + " }}",
    "{{ " + "not " * 15_000 + "1 }}",
    "{{ " + "-" * 30_000 + "1 }}",
    "{{ subject" + ".x" * 30_000 + " }}",
    "{{ subject" + "|upper" * 10_000 + " }}",
    "{{ subject" + "[0]" * 20_000 + " }}",
    "{{ 1" + " if 1 else 1" * 5_000 + " }}",
    "{% if 1 %}" * 5_000 + "{% endif %}" * 5_000,
    "{% for a in closing %}" * 30 + "x" + "{% endfor %}" * 30,
    "{% for a in section.items %}" * 8 + "x" * 1000 + "{% endfor %}" * 8,
    "{% for a in 'abc' %}x{% endfor %}",
    "{% for a in subject %}x{% endfor %}",
    "{% for a in office %}x{% endfor %}",
    "{% for a in 1 %}x{% endfor %}",
    "{{ subject|pad(1000000000) }}",
    "{{ subject|pad(10000000000000000000000) }}",
    "{{ subject|center(1000000000) }}",
    "{{ subject|indent(1000000000) }}",
    "{{ subject|wordwrap(1) }}",
    "{{ subject|replace('', 'x' ~ 'x') }}",
    "{{ subject|truncate(1000000000) }}",
    "{{ subject|batch(1)|list }}",
    "{{ subject|slice(1000000000)|list }}",
    "{{ subject|list }}",
    "{{ subject|random }}",
    "{{ subject|urlize }}",
    "{{ subject|filesizeformat }}",
    "{{ subject|default(letter.__class__) }}",
    "{{ subject|default(default_value=letter.__class__) }}",
    "{{ subject|clip(*closing) }}",
    "{{ subject|_counted }}",
    "{{ subject is filter('upper') }}",
    "{{ subject is callable }}",
    "{{ subject is sameas(letter.__class__) }}",
    "{{ letter.﹍﹍class__ }}",
    "{{ letter.＿＿class＿＿ }}",
    "{{ letter.__ｃlass__ }}",
    "{{ ｌetter.__class__ }}",
    "{{ letter . __class__ }}",
    "{{ letter['\\u005f\\u005fclass\\u005f\\u005f'] }}",
    "{{ letter\n.\n__class__ }}",
    "{{ (letter).__class__ }}",
    "{{ letter.sections[0].items.__class__ }}",
    "{{ letter.items.__getitem__(0) }}",
    "{{ __name__ }}",
    "{{ _budget }}",
    "{{ resolve('x') }}",
    "{{ undefined_thing }}",
    "{{ none.x }}",
    "{{ x",
    "{% if %}",
    "{% endfor %}",
    "{% unknown %}",
    "{{ 'a",
    "\x00{{ letter.__class__ }}",
    "{#" * 30_000,
    "x" * 70_000,
]
ATTACKS = [*(f"{{{{ {root}.{chain} }}}}" for root in ROOTS for chain in CHAINS), *SINGLE]
GROWING = {
    "doubling by join": "{% set a = '" + "x" * 100 + "' %}"
    + "{% set a = (a, a)|join %}" * 400 + "{{ a }}",
    "multiplying by join": "{% set a = '" + "x" * 200 + "' %}"
    + "{% set a = a|join(a) %}" * 100 + "{{ a }}",
    "much output": "{% for a in section.items %}{% for b in section.items %}{% for c in section.items %}"
    + "{% for d in section.items %}" + "y" * 60_000 + "{% endfor %}" * 4,
    "much work": "{% for a in section.items %}{% for b in section.items %}{% for c in section.items %}"
    + "{% if section.items|urgent|urgent|urgent|urgent|urgent|urgent|urgent|urgent %}{% endif %}" * 300
    + "{% endfor %}" * 3,
    "many values": "{{ subject|upper }}" * 3000,
}  # fmt: skip


def write(letters: Letters, source: str) -> None:
    letters.edit({NAME: source})
    letters.render(LETTER, OFFICE)


def used() -> float:
    """Seconds of processor time of all children so far."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


@pytest.fixture(scope="module")
def shipped() -> Letters:
    return Letters(TEMPLATES)


def test_there_are_attacks_enough() -> None:
    assert len(set(ATTACKS)) >= 300


@pytest.mark.parametrize("source", ATTACKS, ids=lambda source: repr(source[:60]))
def test_an_attack_reaches_nothing(source: str, shipped: Letters) -> None:
    began = time.process_time()

    with pytest.raises(LetterError) as refused:
        write(shipped, source)

    assert refused.value.template == NAME
    assert time.process_time() - began < 2


@pytest.mark.parametrize("source", GROWING.values(), ids=GROWING)
def test_what_grows_is_stopped_in_time(source: str) -> None:
    many = make_letter(make_section(Kind.NOTICE, *(make_late(n + 1) for n in range(300))))
    before = used()

    with pytest.raises(LetterError):
        try_out(TEMPLATES, {NAME: source}, [(many, OFFICE)])

    assert used() - before < 2


def test_whoever_tries_has_no_more_than_128_mb() -> None:
    code = "from adapters import trial; trial._limit(); bytearray(100 << 20)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=HERE, capture_output=True, text=True, check=False
    )

    assert MEMORY == 128 << 20
    assert done.returncode == 1
    assert done.stderr.rstrip().endswith("MemoryError")


def test_a_refusal_names_the_line(shipped: Letters) -> None:
    with pytest.raises(LetterError, match=r"第3行.+range") as refused:
        shipped.edit({NAME: "一\n二\n{{ range(3) }}\n"})

    assert refused.value.line == 3


@pytest.mark.parametrize("name", EDITABLE)
def test_the_shipped_templates_could_be_edited_ones_and_say_the_same(name: str) -> None:
    kind = Kind(name.partition("/")[0])
    source = (TEMPLATES / name).read_text("utf-8")
    worded, shipped = Worded(TEMPLATES, {name: source}), Letters(TEMPLATES)

    for letter in samples(kind, "chongqing", TODAY):
        assert worded.render(letter, OFFICE) == shipped.render(letter, OFFICE)


def test_an_edited_template_is_what_the_letter_says() -> None:
    worded = Worded(TEMPLATES, {NAME: "请办理{{ section.items|length }}项。\n"})

    assert "请办理3项。" in worded.render(LETTER, OFFICE).text


def test_one_that_fails_gives_way_to_the_file() -> None:
    worded = Worded(TEMPLATES, {NAME: "{{ section.returned[0].reason }}"})

    assert worded.render(LETTER, OFFICE) == Letters(TEMPLATES).render(LETTER, OFFICE)


def test_one_that_was_never_good_is_left_out() -> None:
    worded = Worded(TEMPLATES, {NAME: "{{ self }}", "notice/subject.txt": "另一个标题"})

    assert worded.render(LETTER, OFFICE).subject == "另一个标题"


@pytest.mark.parametrize("subject", ["", "   \n ", "长" * 201])
def test_a_subject_that_is_none_is_refused(subject: str) -> None:
    with pytest.raises(LetterError, match="标题"):
        try_out(TEMPLATES, {"notice/subject.txt": subject}, [(LETTER, OFFICE)])


def test_only_the_parts_of_letters_can_be_edited(shipped: Letters) -> None:
    for name in ("base.html", "macros.html", "../x", "notice/other.txt"):
        with pytest.raises(LetterError):
            shipped.edit({name: "x"})


def test_markup_in_facts_stays_text() -> None:
    letter = make_letter(make_section(Kind.NOTICE, make_item(step_name="<script>x</script>")))
    worded = Worded(TEMPLATES, {"notice/body.html": "<p>{{ section.items[0].step_name }}</p>"})

    assert "<script>" not in worded.render(letter, OFFICE).html


def test_nothing_is_written_to_disk_while_trying(tmp_path: Path) -> None:
    (said,) = try_out(TEMPLATES, {NAME: "好"}, [(LETTER, OFFICE)])

    assert "好" in said.text
    assert list(tmp_path.iterdir()) == []
