"""A full disk, a locked database, a file that vanishes: told to people as what, where, why and what to do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
from django.db import DatabaseError, IntegrityError

from yigongti.kernel.errors import FileRefused, Refusal
from yigongti.spine.home import home

UNHARMED = "本文件没有装载任何数据,已有数据未受影响"


@contextmanager
def told(file: str) -> Iterator[None]:
    """Raises FileRefused in place of what the operating system, the database or DuckDB raises."""
    try:
        yield
    except OSError as error:
        raise _of_system(error, file) from error
    except DatabaseError as error:
        raise _of_database(error, file) from error
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise _of_duckdb(error, file) from error


def _of_system(error: OSError, file: str) -> Refusal:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _full(file)
    return FileRefused(
        f"读写失败:{error.strerror or error}",
        where=str(error.filename or file),
        why=UNHARMED,
        remedy="请检查磁盘与权限后重试",
    )


def _of_database(error: DatabaseError, file: str) -> Refusal:
    text = str(error)
    if isinstance(error, IntegrityError):
        return FileRefused(
            f"数据库的约束不接受这些数据:{text}", where=file, why=UNHARMED, remedy="请把文件与这条消息交给维护人员"
        )
    if "locked" in text or "busy" in text:
        return FileRefused(
            "数据库正被另一个程序占用",
            where=file,
            why=f"等待超时({text});{UNHARMED}",
            remedy="请等另一个程序结束后重试",
        )
    if "full" in text or "space" in text.lower():
        return _full(file)
    if "no such table" in text or "does not exist" in text:
        return FileRefused("数据库还没有建好", where=file, why=text, remedy="请先运行 yigongti manage migrate")
    return FileRefused(f"数据库出错:{text}", where=file, why=UNHARMED, remedy="请检查数据库后重试")


def _of_duckdb(error: Exception, file: str) -> Refusal:
    if "No space left" in str(error) or "max_temp_directory_size" in str(error):
        return _full(file)
    return FileRefused(f"处理失败:{error}", where=file, why=UNHARMED, remedy="请检查磁盘与内存后重试")


def _full(file: str) -> Refusal:
    return FileRefused(
        "磁盘已满", where=f"{home().path}(装载 {file} 时)", why=UNHARMED, remedy="请腾出空间后重新装载该文件"
    )
