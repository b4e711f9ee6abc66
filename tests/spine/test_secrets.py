"""The data directory's keys: made once, whoever asks first."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from yigongti.spine.home import Home


def test_a_key_asked_for_by_many_at_once_is_made_once_and_is_the_same_for_all(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        for i in range(50):
            given = set(pool.map(lambda _, name=f"key{i}": Home(tmp_path).secret(name), range(8)))
            assert given == {Home(tmp_path).secret(f"key{i}")}
    assert not [path for path in (tmp_path / "secrets").iterdir() if path.suffix]


def test_a_key_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    Home(tmp_path).secret("key")
    assert (tmp_path / "secrets" / "key").stat().st_mode & 0o077 == 0
