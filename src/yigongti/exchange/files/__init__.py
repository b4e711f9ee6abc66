"""Files in: CSV, XLSX, Parquet, NDJSON to facts; quarantine; templates."""
