import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.yamlfile import MAX_BYTES, MAX_DEPTH, MAX_NODES, Sheet, read_yaml


def read(text: str) -> Sheet:
    return read_yaml(text.encode(), "f.yaml")


def told(sheet: Sheet) -> list[tuple[int, str]]:
    return [(fault.line, fault.message) for fault in sheet.faults]


@pytest.mark.parametrize(
    "word",
    ["no", "Yes", "on", "12:30", "190:20:30", "010", "1_000", "1.50", "~", "null", "2026-05-23"],
)
def test_a_plain_word_is_never_anything_but_text(word):
    sheet = read(f"key: {word}\nlist: [{word}]\n")

    assert sheet.data == {"key": word, "list": [word]}
    assert sheet.faults == ()


def test_every_key_and_list_item_knows_its_line():
    sheet = read("# 注\nlist:\n  - id: a\n\n    name: b\n  - x\n")

    lines = {path: sheet.line(path) for path in [("list",), ("list", 0, "name"), ("list", 1)]}

    assert lines == {("list",): 2, ("list", 0, "name"): 5, ("list", 1): 6}


def test_a_path_that_is_not_there_has_the_line_of_the_nearest_entry_around_it():
    sheet = read("list:\n  - id: a\n    lead: 甲、乙\n")

    assert sheet.line(("list", 0, "lead", 1)) == 3
    assert sheet.line(("list", 0, "name")) == 2
    assert sheet.line(("other",)) == 1


def test_windows_line_ends_and_a_byte_order_mark_are_tolerated():
    sheet = read_yaml(b"\xef\xbb\xbfa: b\r\nc: d\r\n", "f.yaml")

    assert sheet.data == {"a": "b", "c": "d"}
    assert sheet.line(("c",)) == 2


def test_a_key_without_a_value_is_a_fault_and_absent():
    sheet = read("a: b\nlead:\nc: d\n")

    assert told(sheet) == [(2, "“lead”没有填写")]
    assert sheet.data == {"a": "b", "c": "d"}
    assert sheet.broken == {("lead",)}


def test_a_quoted_empty_value_is_a_text():
    assert read('a: ""\n').data == {"a": ""}


def test_each_key_written_twice_is_told_with_both_lines():
    sheet = read("a: 1\nb: {x: 1}\na: 2\nc:\n  d: 1\n  d: 2\na: 3\n")

    assert told(sheet) == [
        (3, "“a”写了两次：第1行和第3行"),
        (6, "“d”写了两次：第5行和第6行"),
        (7, "“a”写了两次：第1行和第7行"),
    ]


def test_what_is_wrong_inside_a_value_that_is_not_kept_is_told_as_well():
    sheet = read("a: 1\na:\n  b:\n")

    assert (3, "“b”没有填写") in told(sheet)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: &x 2\n", "不支持锚点“&x”"),
        ("a: 1\nb: *x\n", "不支持引用“*x”"),
        ("a: 1\nb: !!int 2\n", "不支持标签“!!int”"),
        ("a: 1\nb: !env HOME\n", "不支持标签“!env”"),
        ("a: 1\n<<: {b: 1}\n", "不支持合并键“<<”"),
        ("a: 1\n? [b]\n: 2\n", "键应是一个词"),
        ("a: 1\n---\nb: 2\n", "一个文件只能有一份内容"),
    ],
    ids=["anchor", "alias", "tag", "own tag", "merge", "list as key", "second document"],
)
def test_what_only_yaml_experts_use_is_refused_at_its_line(text, message):
    assert told(read(text)) == [(2, message)]


def test_a_full_width_colon_is_told_and_the_rest_is_still_read():
    sheet = read("list:\n  - id：a\n    name: b\n    lead:\n")

    assert told(sheet) == [(2, "“id”后面是全角冒号“：”"), (4, "“lead”没有填写")]
    assert sheet.data == {"list": [{"id": "a", "name": "b"}]}


def test_a_full_width_colon_that_yaml_would_swallow_is_told():
    assert told(read("name: 世界水日\nnote：三月\n")) == [(2, "“note”后面是全角冒号“：”")]


def test_a_colon_without_a_space_is_told():
    assert told(read("name: a\nlead:市水利局\n")) == [(2, "“lead:”后面缺少空格")]


def test_a_wrong_colon_between_braces_is_told():
    assert told(read("a:\n  - {rule：3月22日}\n")) == [(2, "“rule：3月22日”里的冒号不对")]


@pytest.mark.parametrize("text", ["a: |\n  email：x\n", 'a: "x\n  email：x"\n', "- https://a.cn\n"])
def test_colons_inside_a_text_are_left_alone(text):
    assert read(text).faults == ()


@pytest.mark.parametrize("indent", ["\t", "  \t", "\u3000", "\xa0\xa0"])
def test_an_indent_that_is_not_of_spaces_is_told_once_a_file(indent):
    sheet = read(f"a:\n{indent}b: 1\n{indent}c: 2\n")

    assert told(sheet) == [(2, "第2、3行的缩进里有制表符（Tab）或全角空格")]


def test_invisible_characters_are_told_and_left_out():
    sheet = read("a: b\nlead: 市水\u200b利局\x07\n")

    assert told(sheet) == [(2, "第2行有看不见的字符")]
    assert sheet.data == {"a": "b", "lead": "市水利局"}


@pytest.mark.parametrize(
    ("content", "guess"),
    [("a: b\nc: 世界".encode("gbk"), "GBK"), ("a: b\nc: 世".encode("utf-16"), "UTF-16")],
)
def test_another_encoding_is_told_with_a_guess(content, guess):
    (fault,) = read_yaml(content, "f.yaml").faults

    assert fault.message == "文件不是 UTF-8 编码"
    assert guess in fault.hint


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: 'c\nd: e\n", 2, "引号没有配对"),
        ("a: 1\nb: [c, d\ne: f\n", 2, "列表没有写完"),
        ("a: 1\nb: {c: d\ne: f\n", 2, "花括号没有写完"),
        ("a: 1\n  b: c\n", 2, "这里不能再有“: ”"),
        ("a:\n    b: c\n  d: e\n", 3, "缩进没有对齐"),
        ("- a\nb: c\n", 2, "缩进没有对齐"),
        ("a: 1\nb c\nd: e\n", 2, "缺少冒号"),
        ("a: 1\nb: - c\n", 2, "“- ”不能写在这里"),
        ("a: 1\nb: @c\n", 2, "不能以这个符号开头"),
        ('a: 1\nb: "\\q"\n', 2, "不认识的转义"),
        ("a: [", 1, "没有写完"),
    ],
)
def test_a_syntax_fault_is_one_chinese_sentence_at_its_line(text, line, message):
    sheet = read(text)

    assert told(sheet) == [(line, message)]
    assert sheet.faults[0].hint
    assert sheet.data is None


def test_faults_before_a_syntax_fault_are_kept():
    sheet = read("a: 1\na: 2\nb: 'c\n")

    assert [line for line, _ in told(sheet)] == [2, 3]


@pytest.mark.parametrize("text", ["", "# 只有注释\n", "---\n"])
def test_an_empty_file_is_told(text):
    assert [fault.message for fault in read(text).faults] == ["文件是空的"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: " + "b" * MAX_BYTES, "文件大于 2 MB"),
        ("[" * (MAX_DEPTH + 2), "层次超过20层"),
        ("- a\n" * (MAX_NODES + 1), "条目超过200000个"),
    ],
    ids=["bytes", "depth", "nodes"],
)
def test_a_file_beyond_the_limits_is_refused(text, message):
    assert [fault.message for fault in read(text).faults] == [message]


yaml_like = st.text(st.sampled_from("ab: -\n\t[]{},'\"|>&*!?#：市　\u200b\x00\\1"), max_size=60)


@given(
    st.binary(max_size=200) | (st.text(max_size=200) | yaml_like).map(lambda text: text.encode())
)
def test_nothing_that_a_file_may_hold_raises(content):
    sheet = read_yaml(content, "f.yaml")

    lines = content.count(b"\n") + content.count(b"\r") + 2
    assert all(1 <= fault.line <= lines for fault in sheet.faults)
    assert sheet.data is not None or sheet.faults
