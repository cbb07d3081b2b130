"""Tables in and out: CSV, workbooks, Parquet."""
