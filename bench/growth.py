"""What a timeline costs as the room grows: it should not.

    python bench/growth.py [sqlite|postgres]

Fills rooms with 100 to 100,000 photos (and 100,000 likes, or as many as there can be), and with
100 to 1,000,000 likes (and 10,000 photos). Prints the milliseconds in which one process answers,
the middle of 30 times, with the ratio to the smallest room, the queries and the bytes sent.
"""

from __future__ import annotations

import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.feed.postgres import postgres  # noqa: E402

PATHS = {"ranked": "/feed/", "by time": "/feed/?order=time", "explore": "/feed/explore/"}
PEOPLE = 2_000
PHOTOS = [(photos, 100_000) for photos in (100, 1_000, 10_000, 100_000)]
LIKES = [(10_000, likes) for likes in (100, 10_000, 1_000_000)]
TIMES = 30


def measure(url: str, photos: int, likes: int) -> dict[str, tuple[float, int, int]]:
    """Milliseconds, queries and bytes of each page, in a process of its own."""
    code = f"from bench.growth import in_here; in_here({photos}, {likes})"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "socialsite.settings",
        "DATABASE_URL": url,
        "LOG_LEVEL": "ERROR",
    }
    out = subprocess.check_output(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, text=True
    )
    found = {}
    for line in out.splitlines():
        name, millis, queries, size = line.split("\t")
        found[name] = (float(millis), int(queries), int(size))
    return found


def in_here(photos: int, likes: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from bench.fill import fill_feed
    from socialsite.wsgi import application

    call_command("migrate", verbosity=0)
    people = min(PEOPLE, max(4, 2 * likes // photos))
    cookies = fill_feed(people, photos, min(photos, 2 * likes // people))[0].split("\t")[0]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    def get(path: str) -> int:
        address, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": address,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "HTTP_COOKIE": cookies,
            "HTTP_ACCEPT_ENCODING": "gzip",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
        }
        answers: list[str] = []
        body = application(environ, lambda status, headers: answers.append(status))
        size = sum(map(len, body))
        body.close()
        if answers != ["200 OK"]:
            raise SystemExit(f"{path}: {answers}")
        return size

    for name, path in PATHS.items():
        get(path)
        with queries_of(connection) as asked:
            size = get(path)
        took = []
        for _ in range(TIMES):
            began = time.perf_counter()
            get(path)
            took.append(time.perf_counter() - began)
        print(name, f"{statistics.median(took) * 1000:.1f}", len(asked), size, sep="\t")


@contextmanager
def queries_of(connection: Any) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(run: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return run(sql, *rest)

    with connection.execute_wrapper(note):
        yield asked


def show(database: str, rooms: list[tuple[int, int]]) -> None:
    first: dict[str, tuple[float, int, int]] = {}
    for photos, likes in rooms:
        with tempfile.TemporaryDirectory() as folder:
            if database == "sqlite":
                found = measure(f"sqlite:///{folder}/room.sqlite3", photos, likes)
            else:
                with postgres() as url:
                    found = measure(url, photos, likes)
        first = first or found
        cells = [
            f"{name} {millis:.1f} ms ×{millis / first[name][0]:.2f}, {queries} q, {size:,} B"
            for name, (millis, queries, size) in found.items()
        ]
        print(f"{database} {photos:>7} photos {likes:>8} likes  " + "   ".join(cells), flush=True)


def main() -> None:
    for database in sys.argv[1:] or ["sqlite", "postgres"]:
        show(database, PHOTOS)
        show(database, LIKES)


if __name__ == "__main__":
    main()
