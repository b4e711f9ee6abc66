"""The readers of fact files, in the order in which they are asked."""

from yigongti.exchange.files.reading.csv import CsvReader
from yigongti.exchange.files.reading.ndjson import NdjsonReader
from yigongti.exchange.files.reading.parquet import ParquetReader
from yigongti.exchange.files.reading.workbook import WorkbookReader
from yigongti.exchange.files.sources import Reader

READERS: tuple[Reader, ...] = (CsvReader(), WorkbookReader(), ParquetReader(), NdjsonReader())
