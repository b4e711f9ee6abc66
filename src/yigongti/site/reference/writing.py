"""Writes the reference pages, or says which of them are stale."""

from pathlib import Path

from yigongti.site.reference.facts import facts_page
from yigongti.site.reference.measuring import indicators_page, workflows_page
from yigongti.site.reference.policy import documents_page, rules_page

PAGES = {
    "documents": documents_page, "facts": facts_page, "indicators": indicators_page, "rules": rules_page,
    "workflows": workflows_page,
}  # fmt: skip


def write(folder: Path) -> list[Path]:
    """Write every page into `folder`; returns the files that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = {path: text for path, text in _wanted(folder).items() if _present(path) != text}
    for path, text in changed.items():
        path.write_text(text, encoding="utf-8")
    return list(changed)


def stale(folder: Path) -> list[Path]:
    """The files of `folder` that `write` would change."""
    return [path for path, text in _wanted(folder).items() if _present(path) != text]


def _wanted(folder: Path) -> dict[Path, str]:
    return {folder / f"{name}.md": make() for name, make in PAGES.items()}


def _present(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
