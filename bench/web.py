"""The feed beside a bare Django app, over HTTP, in one run.

    python bench/web.py [sqlite|postgres] [SECONDS]

For each database it starts both, each on two single-threaded WSGI workers, and lets wrk (which has
to be installed) press hearts as 1, 16 and 64 visitors at a time, spread over 80 photos and all on
one, and get timelines. Rounds alternate between the two. Prints requests a second, p50 and p99
in milliseconds, errors, and the ratio to the floor; after the presses it compares the feed's log
with the answers given and audits it. To reach: 0.7 of the floor for presses, 0.6 for the timeline,
no error and no press lost.
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

from tests.feed.postgres import postgres  # noqa: E402

SETTINGS = {"feed": "socialsite.settings", "floor": "bench.floor.settings"}
APPLICATIONS = {"feed": "socialsite.wsgi:application", "floor": "bench.floor.wsgi:application"}
ROUNDS = 3


@dataclass(frozen=True)
class Load:
    """Gets a page, or presses hearts on so many photos."""

    name: str
    connections: int
    to_reach: float
    page: str = ""
    photos: int = 0


LOADS = [
    *(Load(f"press, {n} at a time, spread", n, 0.7, photos=80) for n in (1, 16, 64)),
    *(Load(f"press, {n} at a time, one photo", n, 0.7, photos=1) for n in (1, 16, 64)),
    Load("timeline in order of time", 16, 0.6, page="/feed/?order=time"),
    Load("timeline, ranked", 16, 0.6, page="/feed/"),
]


@dataclass(frozen=True)
class Result:
    requests: int
    rate: float
    errors: int
    p50: float
    p99: float


@dataclass
class Site:
    which: str
    environment: dict[str, str]
    port: int
    visitors: Path
    fresh: int = 1

    def under(self, load: Load, seconds: int) -> Result:
        """Presses are on photos that no visitor has pressed before, so each changes something."""
        what = ["page", load.page]
        if load.photos:
            what = ["press", str(self.fresh), str(self.fresh + load.photos - 1)]
            self.fresh += load.photos
        command = ["wrk", "-t1", f"-c{load.connections}", f"-d{seconds}s", "--latency"]
        script = ["-s", str(HERE / "press.lua"), f"http://127.0.0.1:{self.port}"]
        out = subprocess.run(
            [*command, *script, "--", str(self.visitors), *what],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        (line,) = [line for line in out.splitlines() if line.startswith("RESULT")]
        requests, micros, errors, p50, p99 = map(int, line.split()[1:])
        return Result(requests, requests / micros * 1e6, errors, p50 / 1000, p99 / 1000)

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "django", *arguments]
        done = subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr

    def presses(self) -> int:
        code = "from feed.models import Event; print('PRESSES', Event.objects.count())"
        return int(self.manage("shell", "-c", code).split("PRESSES")[1].split()[0])


@contextmanager
def serving(which: str, url: str, folder: Path) -> Iterator[Site]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": SETTINGS[which],
        "DATABASE_URL": url,
        "LOG_LEVEL": "ERROR",
        "PYTHONPATH": str(ROOT),
    }
    visitors = folder / f"{which}.txt"
    subprocess.run(
        [sys.executable, "-m", "bench.fill", which, str(visitors)],
        env=environment,
        cwd=ROOT,
        check=True,
    )
    options = f"--interface wsgi --host 127.0.0.1 --port {port} --workers 2 --blocking-threads 1"
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "granian",
            *options.split(),
            "--no-ws",
            "--no-log",
            APPLICATIONS[which],
        ],
        env=environment,
        cwd=ROOT,
    )
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield Site(which, environment, port, visitors)
    finally:
        server.terminate()
        server.wait()


@contextmanager
def addresses(database: str, folder: Path) -> Iterator[dict[str, str]]:
    if database == "sqlite":
        yield {which: f"sqlite:///{folder / which}.sqlite3" for which in SETTINGS}
        return
    with ExitStack() as stack:
        yield {which: stack.enter_context(postgres()) for which in SETTINGS}


def compare(database: str, seconds: int) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        addresses(database, Path(folder)) as urls,
        serving("floor", urls["floor"], Path(folder)) as floor,
        serving("feed", urls["feed"], Path(folder)) as feed,
    ):
        for site in (feed, floor):
            site.under(LOADS[1], 1)  # what is asked for first takes longer
        print(f"\n{database}\n{'':34}{'feed':>22}{'floor':>22}{'ratio':>8}{'asked':>7}")
        for load in LOADS:
            before = feed.presses() if load.photos else 0
            rounds = [
                (feed.under(load, seconds), floor.under(load, seconds)) for _ in range(ROUNDS)
            ]
            ours, bare = (best(list(results)) for results in zip(*rounds, strict=True))
            lost = lost_presses(feed, before, [o for o, _ in rounds]) if load.photos else ""
            errors = sum(o.errors for o, _ in rounds)
            print(
                f"{load.name:34}{line(ours):>22}{line(bare):>22}{ours.rate / bare.rate:8.2f}"
                f"{load.to_reach:7} {f'{errors} ERRORS' if errors else 'no error'}{lost}",
                flush=True,
            )
        print(feed.manage("audit").strip().splitlines()[-1])


def lost_presses(feed: Site, before: int, rounds: list[Result]) -> str:
    """Each press changes something, so each answer has its event; a few are cut off at the end."""
    logged, answered = feed.presses() - before, sum(result.requests for result in rounds)
    return f", {answered - logged} LOST" if logged < answered else ", none lost"


def best(results: list[Result]) -> Result:
    """The middle one by rate."""
    middle = statistics.median_low([result.rate for result in results])
    return next(result for result in results if result.rate == middle)


def line(result: Result) -> str:
    return f"{result.rate:.0f}/s {result.p50:.1f} {result.p99:.1f}"


def main() -> None:
    if not shutil.which("wrk"):
        raise SystemExit("wrk makes the load and is not here: apt-get install wrk")
    databases = [a for a in sys.argv[1:] if not a.isdecimal()] or ["sqlite", "postgres"]
    seconds = next((int(a) for a in sys.argv[1:] if a.isdecimal()), 6)
    for database in databases:
        compare(database, seconds)


if __name__ == "__main__":
    main()
