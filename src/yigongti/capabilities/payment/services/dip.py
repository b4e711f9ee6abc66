"""`yigongti dip …`: catalogues and groups from files of stays, which need no store, or from the store's own stays."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from yigongti.capabilities.payment.decisions.dip import Catalogue, Scored, build, read_catalogue, score
from yigongti.capabilities.payment.decisions.dip.cases import REQUIRED, Rules
from yigongti.capabilities.payment.services.fact_files import ENDINGS, read_facts
from yigongti.capabilities.payment.services.stored import some_stays, stored_institutions
from yigongti.kernel.errors import FileRefused
from yigongti.kernel.rules import RuleBook


@dataclass(frozen=True)
class Stays:
    """Stays to make a catalogue of or to score, and the level of each institution where it is known."""

    table: pa.Table
    levels: Mapping[str, str]


def stays_of_files(stays: Sequence[Path], *, institutions: Path | None = None) -> Stays:
    """Stays from files; institutions: the file that says each one's level.  Raises Refusal on unreadable files."""
    return Stays(read_facts(stays, table="stay", needed=REQUIRED), _levels(institutions))


def stays_of_store() -> Stays:
    """The stays of the county's institutions.  Raises Refusal where the store has none."""
    return Stays(some_stays(), stored_institutions().levels)


def dip_build(stays: Stays, *, out: Path, book: RuleBook) -> Catalogue:
    """Make a catalogue and write it, by the rules of the latest day of discharge.  Raises Refusal without stays."""
    catalogue = build(stays.table, rules=rules_of(stays.table, book), levels=stays.levels)
    text = json.dumps(catalogue.as_dict(), ensure_ascii=False, indent=1, sort_keys=True)
    _write(out, text.encode())
    return catalogue


def dip_group(stays: Stays, *, catalogue: Path, out: Path, book: RuleBook) -> Scored:
    """Group and score stays by a catalogue; writes `stay_id, group, kind, score, adjusted_score, reasons`."""
    write, opened = _WRITERS[_ending(out)], open_catalogue(catalogue)
    scored = score(stays.table, opened, rules=rules_of(stays.table, book), levels=stays.levels)
    _write(out, write(scored.table))
    return scored


def open_catalogue(path: Path) -> Catalogue:
    """A catalogue from its file.  Raises FileRefused when it is none or was changed after it was made."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileRefused(f"没有目录文件 {path.name}", str(path.parent), remedy="改正路径") from error
    except ValueError as error:
        raise FileRefused("不是 DIP 目录文件", path.name, str(error), "用 yigongti dip build 生成目录") from error
    return read_catalogue(raw, where=path.name)


def rules_of(stays: pa.Table, book: RuleBook) -> Rules:
    """The rules in force on the latest day of discharge.  Raises FileRefused without any stay."""
    latest: date | None = pc.max(stays["discharged_on"]).as_py() if len(stays) else None
    if latest is None:
        raise FileRefused("文件里没有住院", remedy="核对文件")
    return book.on(latest)


def _levels(institutions: Path | None) -> Mapping[str, str]:
    if institutions is None:
        return {}
    table = read_facts([institutions], table="institution", needed=("institution_id", "level"))
    return dict(zip(table["institution_id"].to_pylist(), table["level"].to_pylist(), strict=True))


def _ending(path: Path) -> str:
    if path.suffix.lower() not in ENDINGS:
        raise FileRefused(f"不认识的结果文件类型“{path.name}”", remedy=f"用 {'、'.join(ENDINGS)}")
    return path.suffix.lower()


def _json_lines(table: pa.Table) -> bytes:
    rows = (json.dumps(row, ensure_ascii=False) for batch in table.to_batches() for row in batch.to_pylist())
    return "".join(f"{row}\n" for row in rows).encode()


def _csv(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    reasons = pc.binary_join(table["reasons"].combine_chunks(), "|")
    pyarrow.csv.write_csv(table.set_column(table.column_names.index("reasons"), "reasons", reasons), sink)
    return sink.getvalue().to_pybytes()


def _parquet(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return sink.getvalue().to_pybytes()


_WRITERS = {".csv": _csv, ".ndjson": _json_lines, ".jsonl": _json_lines, ".parquet": _parquet}


def _write(path: Path, content: bytes) -> None:
    """The whole file, or none of it."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        raise FileRefused(f"写不了 {path.name}", str(error), remedy="检查目录是否存在、是否可写") from error
    finally:
        part.unlink(missing_ok=True)
