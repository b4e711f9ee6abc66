"""Files as they come: CSV, workbooks, Parquet, NDJSON, in UTF-8 or GBK, with English or Chinese headers."""
