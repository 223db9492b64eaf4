"""A text file that somebody brings along, whatever it was saved as."""

from pathlib import Path

from duban.trouble import Trouble

MAX_BYTES = 1_000_000


class NotReadable(Trouble):
    """A file that cannot be opened, or that holds no text."""

    exit_code = 1


def read_text(file: Path) -> str:
    """The file's text, whether it is UTF-8, UTF-16 with its mark, or GBK. Raises NotReadable."""
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as reason:
        raise NotReadable(f"打不开 {file}：{reason.strerror}。请检查文件名。") from None
    if len(content) > MAX_BYTES:
        raise NotReadable(f"{file} 太大，不像一份放假通知。请把正文复制到一个文本文件里。")
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    if not wide and (b"\0" in content or content.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf"))):
        raise NotReadable(f"{file} 不是文本文件。请打开它，把通知的文字复制到一个 .txt 文件里。")
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotReadable(f"{file} 的文字编码认不出来。请另存为 UTF-8 再试。")
