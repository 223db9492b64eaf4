"""`duban generate`: a made-up country, for tests and measurements."""

from pathlib import Path
from typing import Annotated

import typer

from app.out import say
from app.place import REPOSITORY
from duban.trouble import Trouble


class NotEmpty(Trouble):
    """The folder is there already; nothing in it was touched."""

    exit_code = 2


def generate(
    into: Annotated[Path, typer.Option(help="写到哪个文件夹（新建，或是空的）")],
    offices: Annotated[
        int, typer.Option(min=1, max=9000, help="多少个县；市和省按全国的比例")
    ] = 3000,
    seed: Annotated[int, typer.Option(help="随机种子：同样的种子，同样的文件")] = 7,
    activities: Annotated[int, typer.Option(min=1, max=500, help="每个办公室几项活动")] = 60,
    departments: Annotated[int, typer.Option(min=2, max=200, help="每个办公室几家单位")] = 30,
    year: Annotated[int, typer.Option(min=2000, max=2100, help="哪一年")] = 2026,
) -> None:
    """生成一个虚构的国家：省、市、县的纲要办和它们的日历，供试验和测速。

    名称、邮箱全是编的，没有真实的人；信不会寄出。
    """
    from adapters.countryfiles import Size, write_country
    from app.reading import read_book

    book = read_book(REPOSITORY)
    _empty(into)
    size = Size(offices, activities, departments, year, seed)
    made = write_country(into, REPOSITORY, book.common.activities, size)
    say(f"已生成 {len(made)} 个纲要办，在 {into.resolve()}；在那里运行 duban check、duban apply。")


def _empty(folder: Path) -> None:
    """Raises NotEmpty."""
    try:
        if folder.exists() and any(folder.iterdir()):
            raise NotEmpty(f"{folder} 里已经有东西，请换一个空的文件夹")
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise NotEmpty(f"用不了文件夹 {folder}，请换一个（{fault.strerror}）") from None
