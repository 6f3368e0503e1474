"""Asks one question of one peer in a fresh process and prints the answer with its cost as JSON.

Timed: opening the files, planning, running, fetching all rows. Not timed: starting Python and
importing the engine. Memory is the peak of this process (VmHWM), interpreter included; `base` is
what stood before the question.
"""

import json
import os
import sys
import time


def status(key):
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(key))


def duckdb(question, paths, threads):
    import duckdb

    def ask():
        connection = duckdb.connect(config={"threads": threads})
        connection.execute("SET TimeZone = 'UTC'")
        for table, path in paths.items():
            connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{glob(path)}')")
        return connection.execute(question.text("duckdb")).fetchall()

    return ask


def datafusion(question, paths, threads):
    import pyarrow  # noqa: F401  what fetching rows needs
    from datafusion import SessionConfig, SessionContext

    def ask():
        context = SessionContext(SessionConfig().with_target_partitions(threads))
        for table, path in paths.items():
            context.register_parquet(table, path)
        batches = context.sql(question.text("datafusion")).collect()
        return [tuple(row.values()) for batch in batches for row in batch.to_pylist()]

    return ask


def chdb(question, paths, threads):
    import chdb

    def ask():
        tables = ", ".join(f"{table} AS (SELECT * FROM file('{glob(path)}', 'Parquet'))" for table, path in paths.items())
        settings = f"SETTINGS max_threads = {threads}, output_format_json_quote_64bit_integers = 0, prefer_column_name_to_alias = 1"
        answer = chdb.query(f"WITH {tables} {question.text('chdb')} {settings}", "JSONCompact")
        return json.loads(str(answer))["data"]

    return ask


def polars(question, paths, threads):
    import polars

    import polars_answers

    def ask():
        frames = [polars.scan_parquet(glob(path)) for path in paths.values()]
        return getattr(polars_answers, question.name)(*frames).collect(engine="streaming").rows()

    return ask


PEERS = {"duckdb": duckdb, "datafusion": datafusion, "chdb": chdb, "polars": polars}


def glob(path):
    return f"{path}/*.parquet" if os.path.isdir(path) else path


def main():
    engine, name, data, threads = sys.argv[1:]
    from questions import QUESTIONS
    from run import tables

    question = next(question for question in QUESTIONS if question.name == name)
    ask = PEERS[engine](question, tables(data), int(threads))
    base = status("VmRSS")
    start = time.perf_counter()
    rows = ask()
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "peak": status("VmHWM"), "base": base, "rows": rows}, default=str))


if __name__ == "__main__":
    main()
