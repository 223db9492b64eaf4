"""Letters with templates that the secretariat edited; one that fails gives way to the file's."""

from collections.abc import Mapping
from pathlib import Path

import structlog

from adapters.letters import LetterError, Letters, Rendered, fit
from duban.letter import Letter
from duban.office import Office

log = structlog.get_logger()
PATIENCE = 3
"""Failures after which the files serve alone, until a template is edited again."""


class Worded(Letters):
    """`sources`: by the template's name. Raises LetterError where a file of the folder is broken."""

    def __init__(self, folder: Path, sources: Mapping[str, str]) -> None:
        super().__init__(folder)
        self._shipped = Letters(folder)
        self._failures = 0
        taken: dict[str, str] = {}
        for name, source in sources.items():
            try:
                self.edit({**taken, name: source})
            except LetterError as fault:
                log.error("edited template left out", template=name, reason=str(fault))
            else:
                taken[name] = source
        self.edit(taken)

    def render(self, letter: Letter, office: Office, link: str = "") -> Rendered:
        if self._failures < PATIENCE:
            try:
                return fit(super().render(letter, office, link), letter)
            except LetterError as fault:
                self._failures += 1
                log.error("edited template failed", letter=letter.kind.value, reason=str(fault))
        return self._shipped.render(letter, office, link)
