"""The lake: Parquet by table and month, with a manifest in the record store."""
