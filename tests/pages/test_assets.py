"""Assets: what the browser needs is built from the lock file, and only what is needed."""

import re
from pathlib import Path

from yigongti.pages import assets


def test_rules_of_components_that_no_page_uses_are_left_out_and_all_others_stay():
    css = ".carousel{a:b}.carousel-item,.carousel .x{a:b}.card{a:b}@media print{.carousel{a:b}}.card,.carousel{a:b}"
    kept = assets.without_unused(css)
    assert kept == ".card{a:b}@media print{.carousel{a:b}}.card,.carousel{a:b}"


def test_every_icon_that_a_page_names_is_in_the_sprite():
    sprite = (assets.VENDOR / "icons.svg").read_text(encoding="utf-8")
    assert set(assets.icon_names()) <= set(re.findall(r'<symbol id="([^"]+)"', sprite))


def test_building_again_with_nothing_changed_does_nothing():
    assets.build()
    assert assets.build() is False


def test_an_installed_package_without_lock_file_needs_no_npm(tmp_path: Path):
    assert assets.build(tmp_path, vendor=tmp_path) is False


def test_the_lock_file_names_no_registry():
    assert "resolved" not in (assets.ROOT / "package-lock.json").read_text(encoding="utf-8")
