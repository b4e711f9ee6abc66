"""Anybody's program as an answerer: a request on stdin and a result on stdout, or two files where it asks for them."""

import json
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yigongti.kernel.errors import FileRefused, Refusal

IN, OUT = "{in}", "{out}"
_SHOWN = 300


@dataclass(frozen=True)
class Command:
    """A command line.  `{in}` and `{out}` in it stand for files; without them the request goes to its stdin.

    Called with a request it returns the result.  Raises Refusal when the command cannot be started, takes too long,
    fails, or does not answer with a JSON object.
    """

    line: str
    seconds: float = 30

    def __call__(self, request: Mapping[str, Any]) -> dict[str, Any]:
        with tempfile.TemporaryDirectory() as folder:
            asked, answered = Path(folder) / "request.json", Path(folder) / "result.json"
            text = json.dumps(request, ensure_ascii=False)
            asked.write_text(text, encoding="utf-8")
            words = [word.replace(IN, str(asked)).replace(OUT, str(answered)) for word in self._words()]
            said = self._run(words, text)
            return _object(answered.read_text(encoding="utf-8") if answered.is_file() else said)

    def _words(self) -> list[str]:
        try:
            words = shlex.split(self.line)
        except ValueError as error:
            raise FileRefused(f"命令“{self.line}”写得不对", why=str(error)) from error
        if not words:
            raise FileRefused("命令是空的", remedy="写明 --command")
        return words

    def _run(self, words: list[str], text: str) -> str:
        try:
            done = subprocess.run(
                words, input=text, capture_output=True, text=True, encoding="utf-8", timeout=self.seconds, check=False
            )
        except OSError as error:
            raise FileRefused(f"命令“{words[0]}”启动不了", why=str(error), remedy="改正 --command") from error
        except subprocess.TimeoutExpired as error:
            raise Refusal(f"超过 {self.seconds:g} 秒没有回答") from error
        if done.returncode:
            raise Refusal(f"命令以 {done.returncode} 退出", why=done.stderr.strip()[-_SHOWN:])
        return done.stdout


def _object(text: str) -> dict[str, Any]:
    try:
        result = json.loads(text)
    except ValueError as error:
        raise Refusal("回答不是 JSON", why=text.strip()[:_SHOWN]) from error
    if not isinstance(result, dict):
        raise Refusal("回答不是 JSON 对象", why=text.strip()[:_SHOWN])
    return result
