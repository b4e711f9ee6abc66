"""The default: one file a message, for whoever carries them on."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from yigongti.spine.notices.channels.channel import Letter, Undelivered


@dataclass(frozen=True)
class FileOutbox:
    """Writes `<id>.json`, whole or not at all, readable by the owner only; the same message again is the same file."""

    folder: Path

    def send(self, letter: Letter) -> None:
        """Raises Undelivered where the folder cannot be written."""
        draft = self.folder / f".{letter.id}"
        content = json.dumps({**asdict(letter), "at": letter.at.isoformat()}, ensure_ascii=False)
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft.touch(mode=0o600)
            draft.write_text(content, encoding="utf-8")
            draft.replace(self.folder / f"{letter.id}.json")
        except OSError as error:
            raise Undelivered(f"不能写入 {self.folder}:{error.strerror}") from error
