"""`load`: files in, facts in store and lake, refused rows in quarantine; each file whole or not at all."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from yigongti.analytics.lake import locking
from yigongti.analytics.lake.comparing import Counts
from yigongti.analytics.lake.deposit import deposit
from yigongti.analytics.lake.housekeeping import sweep
from yigongti.analytics.lake.manifest import paths as lake_paths
from yigongti.analytics.lake.staging import Staging
from yigongti.exchange.files.failures import told
from yigongti.exchange.files.finding import find
from yigongti.exchange.files.gathering import Gathering, gather
from yigongti.exchange.files.models import Load, QuarantinedRow
from yigongti.exchange.files.progress import Progress, Silent
from yigongti.exchange.files.quarantine.keeping import Spool, keep
from yigongti.exchange.files.quarantine.settling import settle_by_key, settle_numbers
from yigongti.exchange.files.reading.readers import READERS
from yigongti.exchange.files.report import FileReport, LoadReport
from yigongti.exchange.files.sources import Delivery, Offer, Reader
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.kernel.facts import COUNTY
from yigongti.kernel.ids import new_id
from yigongti.spine.home import home

SOFT = ("place", "resident", "staff")


def load(
    paths: Sequence[Path], *, by: str = "", progress: Progress | None = None, readers: Sequence[Reader] = READERS
) -> LoadReport:
    """Load files and folders, in the dictionary's order of tables; a refused file does not keep the others out.

    by: the login name of who loads, "" at the command line.
    Raises Refusal only where nothing can be loaded at all (another load is running).
    """
    began = time.monotonic()
    with locking.writing():
        with told(str(home().path)):
            sweep()
        found = find(paths, readers=readers)
        reports = [report for offer in found.offers for report in _load(offer, progress or Silent(), by=by)]
    refused = [FileReport(file, "", error=refusal.as_dict()) for file, refusal in found.refused]
    return LoadReport((*refused, *reports), found.ignored, time.monotonic() - began)


def _load(offer: Offer, progress: Progress, *, by: str) -> list[FileReport]:
    began = clock.now()
    try:
        with told(offer.file):
            return _deliver(offer.open(), progress, by=by, began=began)
    except Refusal as refusal:
        report = FileReport(offer.file, offer.table, error=refusal.as_dict())
        _remember_refusal(report, by=by, began=began)
        return [report]


def _remember_refusal(report: FileReport, *, by: str, began: datetime) -> None:
    """In the list of loads, if the store can take it: what refused the file may be the store itself."""
    try:
        with told(report.file):
            Load.objects.create(
                delivery=new_id(), file=report.file, table=report.table, error=report.error, by=by, began_at=began
            )
    except Refusal:
        return


def _deliver(delivery: Delivery, progress: Progress, *, by: str, began: datetime) -> list[FileReport]:
    number = new_id()
    progress.reading(delivery.file, delivery.size)
    with Staging() as staging:
        gathering = Gathering(staging, Spool(staging.folder), progress)
        gather(delivery, gathering)
        notes = {name: _dangling(staging, name) for name in staging.tables}
        reports: list[FileReport] = []

        def within(counts: Mapping[str, Mapping[int, Counts]]) -> None:
            for (table, file), rows in gathering.rows.items():
                counted = counts.get(table, {}).get(gathering.number(file), Counts())
                report = _report(table, file, rows, counted, gathering).noting(*delivery.notes, *notes.get(table, ()))
                reports.append(report)
                keep(gathering.spool, _remember(report, delivery=number, by=by, began=began))
            _settle(delivery, gathering, by=number)

        progress.storing(sum(gathering.rows.values()))
        deposit(staging, delivery=number, within=within, advanced=progress.stored)
    return _worth_telling(reports) or [FileReport(delivery.file, "").noting(*delivery.notes, "没有可装载的数据")]


def _worth_telling(reports: list[FileReport]) -> list[FileReport]:
    """Sheets of a workbook that were left empty say nothing; a file without any row says so."""
    filled = [report for report in reports if report.rows]
    return filled or [report.noting("只有表头,没有数据行") for report in reports[:1]]


def _report(table: str, file: str, rows: int, counts: Counts, gathering: Gathering) -> FileReport:
    quarantined = gathering.spool.count(table, file)
    return FileReport(file, table, rows, counts.loaded, counts.replaced, counts.unchanged, quarantined)


def _remember(report: FileReport, *, delivery: str, by: str, began: datetime) -> Load:
    return Load.objects.create(
        delivery=delivery, file=report.file, table=report.table, rows=report.rows, loaded=report.loaded,
        replaced=report.replaced, unchanged=report.unchanged, quarantined=report.quarantined,
        notes=list(report.notes), by=by, began_at=began,
    )  # fmt: skip


def _settle(delivery: Delivery, gathering: Gathering, *, by: str) -> None:
    """Quarantined rows that this delivery mends."""
    tables = list({table for table, _ in gathering.rows})
    mended = gathering.numbers - gathering.refused_again
    settle_numbers(tables, mended, state=QuarantinedRow.MENDED, why=f"改正后由 {delivery.file} 装载", by=by)
    again = f"{delivery.file} 里改过的行仍有误,已另行隔离"
    settle_numbers(tables, gathering.refused_again, state=QuarantinedRow.REPLACED, why=again, by=by)
    for table in gathering.staging.tables:
        settle_by_key(gathering.staging, COUNTY[table], file=delivery.file, by=by)


def _dangling(staging: Staging, name: str) -> list[str]:
    """Notes on references that may come later: people and places that no file has brought yet."""
    table = COUNTY[name]
    notes = []
    for column in table.columns:
        if column.refers in SOFT and (column.refers,) != (name,):
            count = staging.dangling(table, column.name, lake_paths(column.refers))
            if count:
                notes.append(f"{count} 行的“{column.label}”({column.name})还不在“{COUNTY[column.refers].label}”表里")
    return notes
