"""`duban migrate`: bring the database to this version's tables."""

from app.out import say
from app.place import home


def migrate() -> None:
    """建立或升级数据库。可以反复运行。"""
    from adapters.settings import load_settings
    from state import migrate as migrations
    from state.database import Database

    database = Database(load_settings(home()).database_url)
    before, after = migrations.migrate(database)
    say(
        f"数据库已是最新（{after}）。"
        if before == after
        else f"数据库已升级：{before or '新建'} → {after}"
    )
