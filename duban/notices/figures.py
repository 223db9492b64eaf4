"""Numbers in Chinese figures."""

FIGURE = "[一二三四五六七八九十]"


def number(text: str) -> int:
    """`12` or `十二`; 0 for what is no number."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    worth = dict(zip("一二三四五六七八九", range(1, 10), strict=True))
    if not ten:
        return worth.get(text, 0)
    return 10 * (worth.get(tens, 0) if tens else 1) + worth.get(ones, 0)


def digits(text: str) -> str:
    """`二○○七` as `2007`."""
    plain = text.replace("○", "〇").replace("零", "〇")
    return "".join(str("〇一二三四五六七八九".find(one)) for one in plain)
