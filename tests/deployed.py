"""The site as ``deploy/`` says, on loopback: its instances, nginx before them, and visitors.

The instances run by the very command of their unit, in the environment of the example, and nginx
by the file that is shipped: only places, ports and the certificate are the test's own.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path

import psycopg
from django.conf import settings

from tests.feed.postgres import server_binaries

ROOT = settings.BASE_DIR
DEPLOY = ROOT / "deploy"
UNIT = "can-they-tell@.service"
KEY = "b2Fq-7dLxw_R4mK0zN9sVtYhPcJ3uQeG1iT5oA8yXnZfWkBvMEp6"
HOST = "example.org"
PATIENCE = 20.0
"""Seconds that anything here may take."""

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def missing() -> list[str]:
    needed = {
        "nginx (apt-get install nginx-light)": NGINX,
        "PostgreSQL (apt-get install postgresql)": server_binaries(),
        "openssl": shutil.which("openssl"),
    }
    return [name for name, there in needed.items() if not there]


def environment(**own: str) -> dict[str, str]:
    """That of the example, with a key and with what is this test's own, and nothing else."""
    lines = (DEPLOY / "environment.example").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert given["SECRET_KEY"] == ""
    return given | {"SECRET_KEY": KEY, "DJANGO_SETTINGS_MODULE": "socialsite.settings", **own}


def manage(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


# The site, as it is deployed


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def listened_to(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Instance:
    port: int
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """By the unit's command; returns once the site answers, as the unit waits for it."""
        unit = (DEPLOY / UNIT).read_text()
        (command,) = re.findall(r"^ExecStart=(.+)$", unit, re.MULTILINE)
        program, *arguments = command.replace("%i", str(self.port)).split()
        assert program == "/srv/can-they-tell/current/.venv/bin/python"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(self.ready)

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as told:
                return bool(json.load(told)["ready"])
        except OSError:
            return False

    def stop(self) -> None:
        """As systemd does: the main process is told, and what is left of the others is killed."""
        assert self.process
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.kill()

    def kill(self) -> None:
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(PATIENCE)


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.05)


@dataclass
class Site:
    port: int
    instances: tuple[Instance, Instance]
    database: str
    environment: dict[str, str]
    media: Path

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.database) as connection:
            return connection.execute(query).fetchall()

    def get(self, path: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
        return Visitor(self.port).ask("GET", path, **headers)


def rendered(site_port: int, ports: tuple[int, int], folder: Path) -> str:
    """The shipped file, with the places and ports of this test."""
    conf = (DEPLOY / "nginx.conf").read_text()
    own = {
        "listen 80 default_server": f"listen 127.0.0.1:{free_port()} default_server",
        "listen 443": f"listen 127.0.0.1:{site_port}",
        "127.0.0.1:8001": f"127.0.0.1:{ports[0]}",
        "127.0.0.1:8002": f"127.0.0.1:{ports[1]}",
        "/etc/letsencrypt/live/example.org/fullchain.pem": f"{folder}/cert.pem",
        "/etc/letsencrypt/live/example.org/privkey.pem": f"{folder}/key.pem",
        "/var/lib/can-they-tell": str(folder),
        "/var/log/nginx/can-they-tell.log": f"{folder}/nginx.log",
    }
    for shipped, mine in own.items():
        assert shipped in conf, shipped
        conf = conf.replace(shipped, mine)
    kept = "".join(
        f"{name}_temp_path {folder}/nginx-{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # As root, nginx would work as somebody who may not read the folder of a test.
    user = "user root; " if os.getuid() == 0 else ""
    return (
        f"{user}daemon off; worker_processes 1; pid {folder}/nginx.pid;"
        f" error_log {folder}/nginx.log; events {{}}\n"
        # Debian's nginx logs all that nothing else is said about.
        f"http {{ include /etc/nginx/mime.types; access_log {folder}/access.log;\n{kept}{conf}}}\n"
    )


@contextmanager
def nginx(conf: str, port: int, folder: Path) -> Iterator[None]:
    assert NGINX
    (folder / "nginx.conf").write_text(conf)
    subject = ["-subj", f"/CN={HOST}", "-days", "2", "-newkey", "rsa:2048", "-nodes"]
    out = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(["openssl", "req", "-x509", *subject, *out], capture_output=True, check=True)
    command = [NGINX, "-e", str(folder / "nginx.log"), "-c", str(folder / "nginx.conf")]
    process = subprocess.Popen(command)
    try:
        wait_until(lambda: listened_to(port))
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


# Visitors


class Connection(http.client.HTTPSConnection):
    """To this computer, but by the name of the site, which the certificate is for."""

    def connect(self) -> None:
        plain = socket.create_connection(("127.0.0.1", self.port), self.timeout)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)  # type: ignore[attr-defined]


UNVERIFIED = ssl.create_default_context()
UNVERIFIED.check_hostname = False
UNVERIFIED.verify_mode = ssl.CERT_NONE


@dataclass
class Visitor:
    """A browser without script. ``repeated`` counts presses that got no answer the first time."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    pressed: int = 0
    repeated: int = 0

    def ask(
        self, method: str, path: str, body: str = "", **headers: str
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        connection = Connection(HOST, self.port, timeout=PATIENCE, context=UNVERIFIED)
        sent = {
            "Host": HOST,
            "Origin": f"https://{HOST}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer.status, answer.headers, content

    def press(self, photo: int, what: str) -> None:
        """Presses until it is answered. To press twice what sets a state changes nothing more."""
        token = self.cookies["csrftoken"]
        for _ in range(10):
            try:
                path = f"/feed/photo/{photo}/{what}/"
                status, _, content = self.ask("POST", path, "next=%2Ffeed%2F", X_CSRFToken=token)
            except (OSError, http.client.HTTPException):
                status, content = 0, b""
            if status == 303:
                self.pressed += 1
                return
            assert status in (0, 502), (status, content[:500])
            self.repeated += 1
            time.sleep(0.02)
        raise AssertionError("no answer to ten presses")


def come(site: Site, photo: int) -> Visitor:
    """Somebody who has a room of their own, in which they like a photo."""
    visitor = Visitor(site.port)
    assert visitor.ask("GET", "/feed/")[0] == 200
    for what in ("unlike", "like"):
        visitor.press(photo, what)
    return visitor
