#!/usr/bin/env python3
"""Asks ten KPI questions of latido and of its peers, side by side, and prints the ratios.

Every question and repetition is a fresh process; engines take turns, so what else the machine
does hits all alike. See README.md for what is timed.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import time

from questions import QUESTIONS

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = ["duckdb", "polars", "chdb", "datafusion"]
TOLERANCE = 1e-9


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latido", default="target/release/latido", help="the release binary")
    parser.add_argument("--rows", type=int, default=20_000_000, help="responses to generate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", default="/tmp/latido-peers", help="where the sample is kept between runs")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--engines", default=",".join(["latido", *PEERS]), help="which engines take part")
    parser.add_argument("--questions", default="", help="names of questions; all when empty")
    parser.add_argument("--json", help="also write every measurement to this file")
    return parser.parse_args()


def tables(data):
    """The two tables that the questions need; each is a file or a directory."""
    paths = {}
    for name in ("responses", "customers"):
        single = os.path.join(data, f"{name}.parquet")
        paths[name] = single if os.path.exists(single) else os.path.join(data, name)
    return paths


def generate(options):
    """Makes the sample unless the directory already holds it."""
    try:
        with open(os.path.join(options.data, "sample.json")) as manifest:
            made = json.load(manifest)
        if (made["rows"], made["seed"]) == (options.rows, options.seed):
            return
    except FileNotFoundError:
        pass
    start = time.perf_counter()
    command = [options.latido, "sample", "--rows", str(options.rows), "--seed", str(options.seed), "--out", options.data]
    subprocess.run(command, check=True)
    print(f"generated {options.rows:,} responses in {time.perf_counter() - start:.1f} s", file=sys.stderr)


def warm(data):
    """Reads every file once, so that all engines find them in the page cache."""
    for path in tables(data).values():
        files = [path] if os.path.isfile(path) else [os.path.join(path, name) for name in os.listdir(path)]
        for name in files:
            with open(name, "rb") as file:
                while file.read(1 << 22):
                    pass


def bare_start(options):
    """Seconds of a process that only starts and ends, engine unopened."""
    start = time.perf_counter()
    subprocess.run([options.latido, "--version"], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def ask_latido(options, question):
    """The process is timed from start to exit, less what a bare one takes; memory is its peak."""
    bare = bare_start(options)
    command = [options.latido, "--threads", str(options.threads), "--format", "json"]
    for name, path in tables(options.data).items():
        command += ["--table", f"{name}={path}"]
    command += ["-c", question.text("latido")]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    answer = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    whole = time.perf_counter() - start
    if process.returncode != 0:
        raise RuntimeError(f"latido failed on {question.name}")
    rows = [[row[column] for column in question.columns] for row in json.loads(answer)]
    return {"seconds": whole - bare, "process": whole, "peak": usage.ru_maxrss * 1024, "rows": rows}


def ask_peer(options, engine, question):
    environment = dict(os.environ, POLARS_MAX_THREADS=str(options.threads), TZ="UTC")
    command = [sys.executable, os.path.join(HERE, "peer.py"), engine, question.name, options.data, str(options.threads)]
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, env=environment)
    if done.returncode != 0:
        raise RuntimeError(f"{engine} failed on {question.name}")
    return {**json.loads(done.stdout), "process": time.perf_counter() - start}


def plain(rows, ranked):
    """Rows that compare: dates as text, numbers as they are, in one order."""
    cell = lambda value: value[:10] if isinstance(value, str) and value[:2] == "20" else value
    rows = [[cell(value) for value in row] for row in rows]
    key = lambda row: [str(value) for value in row if not isinstance(value, float)]
    return rows if ranked else sorted(rows, key=key)


def same(one, other):
    if len(one) != len(other):
        return False
    return all(alike(a, b) for left, right in zip(one, other) for a, b in zip(left, right, strict=True))


def alike(a, b):
    if isinstance(a, str) or isinstance(b, str) or a is None or b is None:
        return a == b
    return math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=1e-12)


def measure(options, engines, questions):
    """All measurements by question and engine; stops when two engines disagree."""
    results = {question.name: {engine: [] for engine in engines} for question in questions}
    for repetition in range(options.repetitions):
        for place, question in enumerate(questions):
            turn = (repetition + place) % len(engines)
            first = None
            for engine in engines[turn:] + engines[:turn]:
                result = ask_latido(options, question) if engine == "latido" else ask_peer(options, engine, question)
                rows = plain(result.pop("rows"), question.ranked)
                if not rows:
                    sys.exit(f"{question.name}: {engine} gives no rows")
                first = first or (engine, rows)
                if not same(first[1], rows):
                    sys.exit(f"{question.name}: {first[0]} and {engine} disagree:\n{first[1][:3]}\n{rows[:3]}")
                results[question.name][engine].append(result)
        print(f"repetition {repetition + 1} of {options.repetitions}: all answers agree", file=sys.stderr)
    return results


def median(measurements, key):
    return statistics.median(measurement[key] for measurement in measurements)


def multiple(others, mine, key):
    """The median over the repetitions of other ÷ mine: what ran one after the other is compared."""
    return statistics.median(other[key] / own[key] for other, own in zip(others, mine, strict=True))


def report(results, engines, questions):
    """Time and peak memory of the first engine; those of the others as multiples of them."""
    for key, what, unit, scale in (("seconds", "time", "ms", 1e3), ("peak", "peak", "MiB", 1 / 2**20)):
        base, *others = engines
        head = [f"{what} of {base}, {unit}"] + [f"{engine} ÷ {base}" for engine in others]
        print(f"\n| question | {' | '.join(head)} |\n|---|{'---:|' * len(head)}")
        ratios = {engine: [] for engine in others}
        for question in questions:
            mine = median(results[question.name][base], key)
            cells = [f"{mine * scale:,.0f}"]
            for engine in others:
                ratios[engine].append(multiple(results[question.name][engine], results[question.name][base], key))
                cells.append(f"{ratios[engine][-1]:.2f}")
            print(f"| {question.title} | {' | '.join(cells)} |")
        means = [f"{statistics.geometric_mean(ratios[engine]):.2f}" for engine in others]
        print(f"| geometric mean | {' | '.join(['', *means])} |")


def main():
    options = arguments()
    engines = options.engines.split(",")
    wanted = [name for name in options.questions.split(",") if name]
    questions = [question for question in QUESTIONS if not wanted or question.name in wanted]
    unknown = set(engines) - {"latido", *PEERS} | set(wanted) - {question.name for question in QUESTIONS}
    if unknown or not questions:
        sys.exit(f"unknown: {', '.join(sorted(unknown))}")
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.threads])
    generate(options)
    warm(options.data)
    results = measure(options, engines, questions)
    print(f"{options.rows:,} responses, {options.threads} threads, median of {options.repetitions}")
    report(results, engines, questions)
    if options.json:
        settings = {"rows": options.rows, "seed": options.seed, "threads": options.threads}
        with open(options.json, "w") as file:
            json.dump({**settings, "measurements": results}, file, indent=1)


if __name__ == "__main__":
    main()
