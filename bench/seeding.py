"""What seeding people in bulk takes, beside bare inserts of the same rows.

    python bench/seeding.py [people ...]

For each number (1,000 unless told) seeds so many people, with three photos each and fourteen likes
a photo, on SQLite: in seconds, rows a second, the longest step and the peak of memory. Then puts
the very same rows into an empty database with ``executemany``, all in one transaction: the ratio
says what drawing lots, steps and their locks cost. Each number has a process of its own.
"""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

TABLES = ("person", "follow", "photo", "like", "event")


def main(numbers: list[int]) -> None:
    print(
        f"{'people':>7} {'photos':>7} {'events':>9} {'rows':>9} {'seconds':>8} {'rows/s':>8}",
        end="",
    )
    print(f" {'longest step':>13} {'peak MB':>8} {'bare':>6} {'ratio':>6}")
    for people in numbers:
        with tempfile.TemporaryDirectory() as folder:
            print(row(measure(people, Path(folder))))


def row(got: dict[str, Any]) -> str:
    ratio = got["seconds"] / got["bare"]
    return (
        f"{got['people']:7,} {got['photos']:7,} {got['events']:9,} {got['rows']:9,}"
        f" {got['seconds']:8.1f} {got['rows'] / got['seconds']:8,.0f}"
        f" {got['longest'] * 1000:10.0f} ms {got['peak']:8.0f} {got['bare']:6.1f} {ratio:6.1f}"
    )


def measure(people: int, folder: Path) -> dict[str, Any]:
    seeded = folder / "seeded.sqlite3"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "socialsite.settings",
        "DATABASE_URL": f"sqlite:///{seeded}",
    }
    code = f"from bench.seeding import in_here; in_here({people})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    got: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    rows, seconds = bare(seeded, folder / "bare.sqlite3")
    return got | {"rows": rows, "bare": seconds}


def in_here(people: int) -> None:
    import django

    django.setup()

    from django.core.management import call_command
    from django.utils import timezone

    from feed import crowds, jobs

    call_command("migrate", verbosity=0)
    options = crowds.Options(
        people=people, names="mixed", photos_each=3, weeks=4, likes=14, unlikes=10, looks=5, seed=1
    )
    begun = time.perf_counter()
    job, _ = jobs.start(options=options, room=None, name="Bench", token=uuid4(), now=timezone.now())
    longest = 0.0
    while job.state == "running":
        step = time.perf_counter()
        job = jobs.advance(job, done=job.done)
        longest = max(longest, time.perf_counter() - step)
    totals = crowds.totals(options)
    got = {
        "people": people,
        "photos": totals.photos,
        "events": totals.events,
        "seconds": time.perf_counter() - begun,
        "longest": longest,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(got))


def bare(source: Path, target: Path) -> tuple[int, float]:
    """How many rows there are, and the seconds that it takes to insert them and no more."""
    with closing(sqlite3.connect(source)) as seeded, closing(sqlite3.connect(target)) as empty:
        empty.execute("PRAGMA journal_mode=WAL")
        empty.execute("PRAGMA synchronous=NORMAL")
        for (sql,) in seeded.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name LIKE 'feed_%'"
            " ORDER BY type = 'index'"
        ):
            empty.execute(sql)
        number, seconds = 0, 0.0
        for table in TABLES:
            rows = seeded.execute(f"SELECT * FROM feed_{table}").fetchall()
            places = ", ".join("?" * len(rows[0]))
            begun = time.perf_counter()
            with empty:
                empty.executemany(f"INSERT INTO feed_{table} VALUES ({places})", rows)
            seconds += time.perf_counter() - begun
            number += len(rows)
    return number, seconds


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [1_000])
