"""`yigongti`: the command line.  Commands live in their own rooms; here they are only gathered."""

from yigongti.site.command_line.main import main

__all__ = ["main"]
