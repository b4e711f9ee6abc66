"""JSON files that hold a list of objects, as the commands without a store take them."""

import json
from pathlib import Path
from typing import Any

from yigongti.kernel.errors import FileRefused

Row = dict[str, Any]


def read_rows(path: Path, *, of: str, shape: str) -> list[Row]:
    """The objects of a file.  of: what they are; shape: how they should look, for who wrote the file.

    Raises FileRefused where there is no such file, or it is not a JSON list of objects.
    """
    try:
        rows = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise FileRefused(f"没有文件 {path.name}", str(path.parent.absolute()), remedy="改正路径") from error
    except OSError as error:
        raise FileRefused(f"{path.name} 读不出来", str(path.parent.absolute()), str(error), "改正路径") from error
    except ValueError as error:
        raise FileRefused(f"{path.name} 不是 JSON", str(error), shape, "改正文件,存为 UTF-8") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise FileRefused(f"{path.name} 不是一列{of}", path.name, shape, "改正文件")
    return rows
