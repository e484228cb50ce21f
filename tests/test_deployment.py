"""The files in ``deploy/``, tried: two instances behind nginx on PostgreSQL, on this computer."""

from __future__ import annotations

import http.client
import json
import os
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from socialsite.version import version
from tests.deployed import (
    DEPLOY,
    HOST,
    PATIENCE,
    ROOT,
    UNVERIFIED,
    Connection,
    Instance,
    Site,
    Visitor,
    come,
    environment,
    free_port,
    listened_to,
    manage,
    missing,
    nginx,
    rendered,
    wait_until,
)
from tests.feed import s3
from tests.feed.postgres import postgres

VISITORS = 6


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if missing():
        pytest.skip(f"THE DEPLOYMENT WAS NOT TRIED: there is no {', no '.join(missing())} here")
    folder = tmp_path_factory.mktemp("deployment")
    media = folder / "media"
    with ExitStack() as stack:
        url = stack.enter_context(postgres())
        static = str(folder / "static")
        own = environment(DATABASE_URL=url, MEDIA_ROOT=str(media), STATIC_ROOT=static)
        manage(own, "migrate", "--verbosity=0")
        manage(own, "seed")
        manage(own, "collectstatic", "--no-input", "--verbosity=0")
        ports = (free_port(), free_port())
        first, second = (Instance(port, own, folder / f"{port}.log") for port in ports)
        for instance in (first, second):
            stack.callback(instance.kill)
            instance.start()
        port = free_port()
        stack.enter_context(nginx(rendered(port, ports, folder), port, folder))
        yield Site(port, (first, second), url, own, media)


EVENTS = "SELECT count(*) FROM feed_event"
PHOTO = (
    "SELECT min(number) FROM feed_photo JOIN feed_room ON feed_room.id = room_id"
    " WHERE original_id IS NULL"
)


def under_load(site: Site, during: Callable[[], None]) -> tuple[int, int]:
    """Visitors like and unlike while something happens; how often, and how often again.

    Every press that was answered is in the log, once, and nothing else is.
    """
    [(photo,)] = site.rows(PHOTO)
    assert isinstance(photo, int)
    visitors = [come(site, photo) for _ in range(VISITORS)]
    already = [visitor.pressed for visitor in visitors]
    [(before,)] = site.rows(EVENTS)
    assert isinstance(before, int)
    over = threading.Event()

    def load(visitor: Visitor) -> None:
        until = time.monotonic() + 3 * PATIENCE
        while not over.is_set():
            assert time.monotonic() < until, "pressed for too long"
            for what in ("unlike", "like"):
                visitor.press(photo, what)

    with ThreadPoolExecutor(VISITORS) as threads:
        loads = [threads.submit(load, visitor) for visitor in visitors]
        try:
            during()
        finally:
            over.set()
        for done in loads:
            done.result()
    pressed = sum(visitor.pressed for visitor in visitors) - sum(already)
    assert site.rows(EVENTS) == [(before + pressed,)]
    told = manage(site.environment, "audit")
    assert told == "Likes and counts follow from the log.\n"
    return pressed, sum(visitor.repeated for visitor in visitors)


# What happens to it


def test_no_press_is_lost_when_an_instance_is_killed_and_comes_back(site: Site) -> None:
    first, second = site.instances

    def die_and_come_back() -> None:
        time.sleep(1)
        first.kill()
        assert (first.ready(), second.ready()) == (False, True)
        time.sleep(0.5)
        first.start()
        time.sleep(0.5)

    pressed, repeated = under_load(site, die_and_come_back)
    assert pressed > 50
    assert repeated <= VISITORS  # those that were on their way to it


def test_nobody_notices_a_restart_of_one_instance_after_the_other(site: Site) -> None:
    def restart() -> None:
        for instance in site.instances:
            time.sleep(0.5)
            instance.stop()
            instance.start()
        time.sleep(0.5)

    pressed, repeated = under_load(site, restart)
    assert pressed > 50
    assert repeated == 0


def test_a_stop_waits_for_the_presses_that_are_under_way(site: Site) -> None:
    """Their photo is held, so they cannot be done before the instance is told to stop."""
    [(photo,)] = site.rows(PHOTO)
    assert isinstance(photo, int)
    visitor = come(site, photo)
    first, second = site.instances
    second.stop()
    try:
        with psycopg.connect(site.database) as holder, ThreadPoolExecutor(1) as threads:
            holder.execute("SELECT FROM feed_photo FOR UPDATE")
            press = threads.submit(visitor.press, photo, "unlike")
            wait_until(lambda: site.rows(WAITING) == [(1,)])
            assert first.process
            first.process.terminate()
            wait_until(lambda: not listened_to(first.port))
            assert (press.done(), first.process.poll()) == (False, None)
            holder.rollback()
            press.result(PATIENCE)
        assert first.process.wait(PATIENCE) == 0
        assert visitor.repeated == 0
    finally:
        for instance in (second, first):
            instance.kill()
            instance.start()


def test_instances_come_back_by_themselves_when_the_database_does(site: Site) -> None:
    """As after its restart: it has closed every connection."""
    cut = site.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )
    assert cut
    assert [instance.ready() for instance in site.instances] == [True, True]
    assert [site.get("/feed/")[0] for _ in range(4)] == [200] * 4


WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


# What nginx does


def test_the_site_is_answered_by_name_and_over_https_alone(site: Site) -> None:
    status, headers, _ = site.get("/")
    assert status == 200
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert headers["Server"] == "nginx"
    other = Connection("other.example", site.port, timeout=PATIENCE, context=UNVERIFIED)
    with pytest.raises(ssl.SSLError):
        other.connect()


def test_alive_is_told_to_all_and_ready_to_this_machine_alone(site: Site) -> None:
    status, headers, content = site.get("/healthz")
    assert (status, json.loads(content)) == (200, {"alive": True, "version": version()})
    assert "Set-Cookie" not in headers
    assert site.get("/readyz")[0] == 404
    assert [instance.ready() for instance in site.instances] == [True, True]


def test_static_files_come_from_nginx_compressed_and_to_be_kept(site: Site) -> None:
    page = site.get("/")[2].decode()
    (path,) = re.findall(r'href="(/static/css/tokens\.[0-9a-f]{12}\.css)"', page)
    status, headers, content = site.get(path, Accept_Encoding="gzip")
    assert (status, headers["Content-Encoding"], content[:2]) == (200, "gzip", b"\x1f\x8b")
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Vary"] == "Accept-Encoding"
    status, headers, content = site.get("/static/css/tokens.css")
    assert (status, headers["Cache-Control"]) == (200, "public, max-age=600")
    assert content.decode() == (ROOT / "static" / "css" / "tokens.css").read_text()
    assert site.get("/static/../can-they-tell.env")[0] in (400, 404)
    assert b"feed" not in site.get("/static/")[2]


def test_pictures_come_from_nginx_and_nothing_else_in_their_folder_does(site: Site) -> None:
    (site.media / "roomkey").mkdir(parents=True)
    (site.media / "roomkey" / "one-480.webp").write_bytes(b"RIFF")
    (site.media / "roomkey" / "secret.txt").write_bytes(b"secret")
    status, headers, content = site.get("/media/roomkey/one-480.webp")
    assert (status, headers["Content-Type"], content) == (200, "image/webp", b"RIFF")
    assert headers["Cache-Control"] == "private, max-age=86400, immutable"
    assert "ETag" in headers  # of nginx; the site itself gives none
    assert site.get("/media/roomkey/secret.txt")[0] == 404


def test_pictures_in_a_bucket_come_from_the_same_address(site: Site, tmp_path: Path) -> None:
    (tmp_path / "roomkey").mkdir()
    with s3.s3() as service, ExitStack() as stack:
        s3.client(service).create_bucket(Bucket="pictures")
        s3.client(service).put_object(Bucket="pictures", Key="roomkey/two-480.webp", Body=b"RIFF")
        own = site.environment | {"MEDIA_STORAGE": s3.address(service, "pictures")}
        instance = Instance(free_port(), own, tmp_path / "instance.log")
        stack.callback(instance.kill)
        instance.start()
        port = free_port()
        conf = rendered(port, (instance.port, instance.port), tmp_path)
        stack.enter_context(nginx(conf, port, tmp_path))
        status, headers, content = Visitor(port).ask("GET", "/media/roomkey/two-480.webp")
        assert (status, headers["Content-Type"], content) == (200, "image/webp", b"RIFF")
        assert headers["Cache-Control"] == "private, max-age=86400, immutable"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert Visitor(port).ask("GET", "/media/roomkey/one-480.webp")[0] == 404


def test_what_is_too_large_is_refused_in_the_sites_own_words(site: Site) -> None:
    limit = settings.LARGEST_BODY
    (megabytes,) = re.findall(r"client_max_body_size (\d+)m;", (DEPLOY / "nginx.conf").read_text())
    assert limit < int(megabytes) * 2**20 <= limit + 2**20
    visitor = Visitor(site.port)
    status, _, content = visitor.ask("POST", "/feed/post/", "x" * (limit + 1))
    assert (status, b"Can they tell?" in content) == (413, True)


def test_the_log_tells_how_presses_were_answered_and_not_whose_they_were(site: Site) -> None:
    [(photo,)] = site.rows(PHOTO)
    assert isinstance(photo, int)
    come(site, photo)
    site.get("/feed/people/ana/?secret=1", X_Forwarded_For="192.0.2.1")
    text = "".join(instance.log.read_text() for instance in site.instances)
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    told = {line.get("route") for line in lines if line["logger"] == "socialsite.requests"}
    assert {"feed:person", "feed:like", "feed:unlike"} <= told
    assert [line for line in lines if line["level"] not in ("INFO", "WARNING")] == []
    assert not re.search(r"ana/|secret|192\.0\.2|/feed/", text)


def test_nginx_writes_down_nobody(site: Site) -> None:
    """Neither who came with another name, without TLS, or with a TLS that is none."""
    folder = site.media.parent
    conf = (folder / "nginx.conf").read_text()
    (plain,) = re.findall(r"listen 127\.0\.0\.1:(\d+) default_server", conf)
    connection = http.client.HTTPConnection("127.0.0.1", int(plain), timeout=PATIENCE)
    connection.request("GET", "/feed/people/ana/", headers={"Host": HOST})
    answer = connection.getresponse()
    to = answer.headers["Location"]
    assert (answer.status, to) == (301, f"https://{HOST}/feed/people/ana/")
    connection.close()
    other = Connection("other.example", site.port, timeout=PATIENCE, context=UNVERIFIED)
    with pytest.raises(ssl.SSLError):
        other.connect()
    with socket.create_connection(("127.0.0.1", site.port), PATIENCE) as mumbling:
        mumbling.sendall(b"\x16\x03\x01\x00\x05what?")
        mumbling.recv(100)
    assert site.get("/feed/people/ana/")[0] == 200
    assert (folder / "access.log").read_text() == ""
    assert "127.0.0.1" not in (folder / "nginx.log").read_text()


class Behind(ThreadingHTTPServer):
    """Stands where an instance stands. ``asked`` holds the methods and headers that came."""

    def __init__(self, *, answers: bool) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.answers = answers
        self.asked: list[tuple[str, http.client.HTTPMessage]] = []


class Answer(BaseHTTPRequestHandler):
    server: Behind

    def do_GET(self) -> None:
        self.server.asked.append((self.command, self.headers))
        if self.server.answers:
            self.send_response(204)
            self.end_headers()

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Behind, Behind]]:
    """nginx before one that answers and one that takes what is sent and breaks off."""
    if missing():
        pytest.skip(f"NGINX WAS NOT TRIED: there is no {', no '.join(missing())} here")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    with Behind(answers=True) as well, Behind(answers=False) as broken, ExitStack() as stack:
        for server in (well, broken):
            threading.Thread(target=server.serve_forever, daemon=True).start()
            stack.callback(server.shutdown)
        ports = (well.server_port, broken.server_port)
        stack.enter_context(nginx(rendered(port, ports, folder), port, folder))
        yield port, well, broken


def test_what_may_be_done_twice_is_asked_of_the_other_and_a_post_is_not(
    front: tuple[int, Behind, Behind],
) -> None:
    port, well, broken = front
    assert [Visitor(port).ask("GET", "/")[0] for _ in range(4)] == [204] * 4
    assert (len(well.asked), len(broken.asked) > 0) == (4, True)
    well.asked, broken.asked = [], []
    answers = [Visitor(port).ask("POST", "/", "x")[0] for _ in range(4)]
    assert sorted(set(answers)) == [204, 502]
    assert len(well.asked) + len(broken.asked) == 4
    assert answers.count(204) == len(well.asked)


def test_the_last_address_is_that_of_whoever_asked_nginx(front: tuple[int, Behind, Behind]) -> None:
    """Comments count by it, so nobody may choose it."""
    port, well, _ = front
    Visitor(port).ask("GET", "/", X_Forwarded_For="192.0.2.1", X_Forwarded_Proto="http")
    ((_, headers),) = well.asked
    assert headers.get_all("X-Forwarded-For") == ["192.0.2.1, 127.0.0.1"]
    assert headers.get_all("X-Forwarded-Proto") == ["https"]
    assert headers.get_all("Host") == [HOST]


# The papers, without any server


def test_the_example_passes_all_checks_for_deployment(tmp_path: Path) -> None:
    own = environment(DATABASE_URL=f"sqlite:///{tmp_path}/db.sqlite3")
    told = manage(own, "check", "--deploy", "--fail-level", "WARNING")
    assert told.startswith("System check identified no issues")


def test_the_example_does_not_start_without_a_key_of_its_own() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=environment(SECRET_KEY=""),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "SECRET_KEY of its own" in done.stderr


def test_manage_runs_in_the_environment_of_the_site(tmp_path: Path) -> None:
    """Here as whoever runs the tests, since only root may become somebody else."""
    (tmp_path / "deploy").mkdir()
    (tmp_path / "manage.py").write_text("import os, sys; print(os.environ['MEDIA_ROOT'], sys.argv)")
    script = (DEPLOY / "manage").read_text()
    own = {
        "/etc/can-they-tell.env": str(DEPLOY / "environment.example"),
        "runuser -u can-they-tell -- .venv/bin/python": sys.executable,
    }
    for shipped, mine in own.items():
        assert shipped in script
        script = script.replace(shipped, mine)
    (tmp_path / "deploy" / "manage").write_text(script)
    done = subprocess.run(
        ["sh", tmp_path / "deploy" / "manage", "shell", "-c", "a b"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "/var/lib/can-they-tell/media ['manage.py', 'shell', '-c', 'a b']\n"
    assert os.access(DEPLOY / "manage", os.X_OK)


def test_the_units_are_as_systemd_wants_them(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("THE UNITS WERE NOT VERIFIED: there is no systemd-analyze here")
    paths = []
    for unit in sorted(DEPLOY.glob("*.service")) + sorted(DEPLOY.glob("*.timer")):
        text = unit.read_text()
        text = text.replace("/srv/can-they-tell/current/.venv/bin/python", sys.executable)
        text = re.sub(r"/usr/bin/curl", shutil.which("true") or "", text)
        paths.append(tmp_path / unit.name.replace("@", "@8001"))
        paths[-1].write_text(text.replace("User=can-they-tell", "User=root"))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *paths],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_installed_holds_what_runs_the_site_and_no_tools() -> None:
    """By the very command of the page."""
    page = (ROOT / "docs" / "deployment.md").read_text()
    (one, other) = re.findall(r"(sed \S+ requirements\.txt) \| \.venv/bin/pip install", page)
    assert one == other
    told = subprocess.run(shlex.split(one), cwd=ROOT, capture_output=True, text=True, check=True)
    names = set(re.findall(r"^([\w-]+)", told.stdout, re.MULTILINE))
    assert {"Django", "granian", "psycopg", "django-storages", "sqlparse", "urllib3"} <= names
    assert not {"pytest", "playwright", "moto", "flask", "mypy"} & names


def test_the_page_names_files_that_are_there_and_all_of_them() -> None:
    page = (ROOT / "docs" / "deployment.md").read_text()
    assert set(re.findall(r"deploy/([\w@.-]+)", page)) == {path.name for path in DEPLOY.iterdir()}
    assert "docs/deployment.md" in (ROOT / "README.md").read_text()
