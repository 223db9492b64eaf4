"""The timetable of the flows: config/timetable.yaml."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from adapters.settings import SettingsFault


def _cron(text: str) -> str:
    fields = text.split()
    if len(fields) != 5:
        raise ValueError("cron 要写五个字段：分 时 日 月 星期，例如 */5 7-19 * * mon-fri")
    if re.search(r"\d", fields[4]):
        raise ValueError("星期请写 mon-fri 这样的英文缩写，数字在不同程序里意思不同")
    return text


class Job(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    flow: str
    name: str
    cron: Annotated[str, AfterValidator(_cron)]
    zone: str = "Asia/Shanghai"


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    jobs: Annotated[tuple[Job, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Timetable:
    jobs: tuple[Job, ...]


def read_timetable(home: Path) -> Timetable:
    """Raises SettingsFault with every fault in the file."""
    file = home / "config" / "timetable.yaml"
    try:
        raw = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
        return Timetable(_File.model_validate(raw).jobs)
    except ValidationError as fault:
        lines = [
            f"{'.'.join(str(part) for part in error['loc'])}：{error['msg'].removeprefix('Value error, ')}"
            for error in fault.errors()
        ]
        raise SettingsFault("config/timetable.yaml 有误：\n" + "\n".join(lines)) from None
    except (OSError, yaml.YAMLError) as fault:
        raise SettingsFault(f"读不了 config/timetable.yaml：{fault}") from None
