"""A fault in what people wrote: where it is, what is wrong, how to mend it."""

from dataclasses import dataclass, field

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry was written: file relative to the site, and the path of keys inside it."""

    file: str = ""
    path: Path = ()

    def under(self, *keys: str | int) -> "Place":
        return Place(self.file, self.path + keys)

    @property
    def key(self) -> str:
        """`activities[3].rules[0].rule`; empty at the top of a file."""
        text = ""
        for step in self.path:
            text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
        return text


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake. `line` is 1-based and 0 where the file has no such line (a missing file)."""

    place: Place
    message: str
    hint: str = ""
    line: int = field(default=0, compare=False)

    def __str__(self) -> str:
        where = f"{self.place.file}:{self.line}" if self.line else self.place.file
        key = f" {self.place.key}" if self.place.key else ""
        hint = f"（{self.hint}）" if self.hint else ""
        return f"{where}{key}：{self.message}{hint}"
