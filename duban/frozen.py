"""The base of all that is read from files: immutable, strict about keys, and aware of its place."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, PrivateAttr, StringConstraints

from duban.fault import Fault, Path, Place


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    _place: Place = PrivateAttr(default_factory=Place)

    @property
    def place(self) -> Place:
        return self._place

    def settle(self, file: str, path: Path = ()) -> None:
        """Tell this entry, and all below it, where they were written."""
        self._place = Place(file, path)
        for name, info in type(self).model_fields.items():
            key = str(info.alias or name)
            value = getattr(self, name)
            for below, where in _entries(value, (*path, key)):
                below.settle(file, where)

    def fault(self, *keys: str | int, message: str, hint: str = "") -> Fault:
        """A fault at `keys` below this entry."""
        return Fault(self.place.under(*keys), message, hint)


def _entries(value: object, path: Path) -> list[tuple[Frozen, Path]]:
    if isinstance(value, Frozen):
        return [(value, path)]
    if isinstance(value, tuple):
        return [
            (item, (*path, number)) for number, item in enumerate(value) if isinstance(item, Frozen)
        ]
    return []


def _split(value: Any) -> Any:
    """`市教委、市科协` is the list of the two, as documents write it."""
    if isinstance(value, str):
        return [part.strip() for part in value.split("、") if part.strip()]
    return value


Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$"
    ),
]
Names = Annotated[tuple[Name, ...], BeforeValidator(_split)]
