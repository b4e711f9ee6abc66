"""FHIR files as a delivery of fact tables: all the FHIR files given at once are one, since resources refer to others.

What is refused goes to the quarantine with the whole resource as it stood; what has no home in the facts is counted
by name in the notes.
"""

import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

import pyarrow as pa

from yigongti.analytics.lake.ahead import mapped
from yigongti.exchange.fhir.checking import Odd, check
from yigongti.exchange.fhir.mapping import Intake
from yigongti.exchange.fhir.reading import is_fhir, resources
from yigongti.exchange.files.sources import Delivery, Offer, RawBatch, TableSource, Unreadable
from yigongti.kernel.facts import COUNTY
from yigongti.spine.home import home

HOME: Mapping[str, str] = {
    "Organization": "institution", "Location": "institution", "Practitioner": "staff", "PractitionerRole": "staff",
    "Patient": "resident", "Encounter": "visit", "Condition": "condition", "Procedure": "procedure",
    "MedicationRequest": "prescription_line", "Immunization": "immunization", "Observation": "measurement",
    "AllergyIntolerance": "allergy", "": "condition",
}  # fmt: skip
"""Under which fact table a refused resource of a type stands in the quarantine ("": no resource at all)."""

UNKNOWN: Mapping[str, frozenset[str]] = {
    "institution": frozenset({"kind", "level", "ownership", "place_id", "in_county"}),
    "staff": frozenset({"title", "hired_on"}),
    "resident": frozenset({"sex", "insured_as", "registered_on"}),
    "visit": frozenset({"tcm", "total_fen", "fund_fen", "self_fen", "booked"}),
    "stay": frozenset({
        "sex", "age_years", "tcm", "total_fen", "fund_fen", "self_fen", "deductible_fen", "drug_fen", "material_fen",
        "exam_fen", "lab_fen", "service_fen", "insured_as",
    }),
    "prescription_line": frozenset({
        "prescriber_id", "dose", "dose_unit", "route", "frequency", "days", "quantity", "kind", "long_term", "reviewed",
    }),
}  # fmt: skip
"""Columns that a FHIR resource may not say: null there is accepted, and is no invented 0."""

BODY = "resource"
"""The header under which a refused resource stands, whole, in the quarantine."""

REMEDY = "请按 FHIR R4 改正这个资源后重新装载"


class FhirReader:
    """`.ndjson`, `.json` (a bundle or a resource), and .gz of these, that begin with a FHIR resource."""

    def claims(self, path: Path) -> bool:
        return is_fhir(path)

    def offers(self, paths: Sequence[Path]) -> list[Offer]:
        name = str(paths[0]) if len(paths) == 1 else f"{paths[0].parent}(FHIR,{len(paths)} 个文件)"
        return [Offer(name, 0, lambda: _open(name, paths))]


@dataclass
class _Export:
    """A set of FHIR files taken in: the intake, refused resources by (table, file), types that have no home in the
    facts, and resources left out for what they say."""

    paths: Sequence[Path]
    odd: dict[tuple[str, str], list[Odd]] = field(default_factory=lambda: defaultdict(list))
    homeless: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)

    @cached_property
    def folder(self) -> tempfile.TemporaryDirectory[str]:
        waiting = home().lake / ".staging"
        waiting.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(prefix="fhir-", dir=waiting)

    @cached_property
    def intake(self) -> Intake:
        """All files read, checked and kept.  Raises FileRefused where one of them is unreadable."""
        intake = Intake(Path(self.folder.name))
        for path in self.paths:
            for checked in mapped(check, resources(path)):
                intake.take(checked.good)
                self.homeless.update(checked.homeless)
                for odd in checked.odd:
                    self.odd[HOME[odd.kind], odd.file].append(odd)
        self.left_out.update(intake.finish())
        return intake


def _open(name: str, paths: Sequence[Path]) -> Delivery:
    export = _Export(paths)
    pairs = dict.fromkeys([*export.intake.tables(), *export.odd])
    sources = tuple(
        TableSource(COUNTY[table], file, partial(_read, export, table, file), unknown=UNKNOWN.get(table, frozenset()))
        for table, file in pairs
    )
    notes = [f"{what}:{count} 个,数据字典里没有位置,未装载" for what, count in sorted(export.homeless.items())]
    notes += [f"{what}:{count} 个,未装载" for what, count in sorted(export.left_out.items())]
    return Delivery(name, sources, sum(path.stat().st_size for path in paths), tuple(notes))


def _read(export: _Export, table: str, file: str) -> Iterator[RawBatch]:
    """The refused resources of the pair, then its rows."""
    refused = tuple(_unreadable(odd) for odd in export.odd.get((table, file), ()))
    if refused:
        yield RawBatch({}, pa.array([], pa.int64()), {}, refused, file)
    for batch in export.intake.rows(table, file=file):
        columns = {column.name: _cast(batch, column.name, column.arrow) for column in COUNTY[table].columns}
        lines = batch["source_line"].cast(pa.int64())
        yield RawBatch(columns, lines, _Bodies(export.intake, file, lines), file=file)


class _Bodies(Mapping[str, pa.Array]):
    """The resources that rows come from, fetched only where a row is refused."""

    def __init__(self, intake: Intake, file: str, lines: pa.Array) -> None:
        self._fetch = partial(intake.bodies, file, lines)

    def __getitem__(self, header: str) -> pa.Array:
        if header != BODY:
            raise KeyError(header)
        return self._fetch()

    def __iter__(self) -> Iterator[str]:
        return iter((BODY,))

    def __len__(self) -> int:
        return 1


def _cast(batch: pa.RecordBatch, name: str, kind: pa.DataType) -> pa.Array:
    return batch[name].cast(kind) if name in batch.schema.names else pa.nulls(batch.num_rows, kind)


def _unreadable(odd: Odd) -> Unreadable:
    return Unreadable(odd.line, odd.body.strip(), f"{odd.kind}.{odd.element}:{odd.reason}".removeprefix("."), REMEDY)
