"""What a command needs before it starts: Django set up; a data directory and a store whose tables are up to date."""

import os

from yigongti.kernel.errors import Refusal
from yigongti.spine.home import home


def django_ready() -> None:
    """Set Django up; commands that need no store call nothing and start at once."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yigongti.site.settings")
    django.setup()


def store_ready() -> None:
    """Create the data directory where there is none, and bring the store's tables up to date.

    Raises Refusal where the database cannot be reached.
    """
    home().create()
    django_ready()
    from django.core.management import call_command
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0)
    except OperationalError as error:
        raise Refusal(
            "数据库连不上,或正被占用",
            where=str(connection.settings_dict["NAME"]),
            why=str(error).strip(),
            remedy="请检查 yigongti.toml 的 database,或等另一个程序结束后再试",
        ) from error
