"""Alive and ready, as machines ask for it; the version; and what the log says."""

import json
import logging
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django import Settings as SettingsFixture

from socialsite.logs import Json
from socialsite.settings import database
from socialsite.version import version
from tests.factories import PersonFactory, PhotoFactory, RoomFactory

ROOT = settings.BASE_DIR
NEVER = "max-age=0, no-cache, no-store, must-revalidate, private"


def plain(client: Client, path: str, status: int, **headers: str) -> dict[str, Any]:
    """The answer, which is JSON alone: no cookie, nothing kept, nothing but what was asked."""
    response = client.get(path, headers=headers)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == NEVER
    assert (list(response.cookies), "Location" in response.headers) == ([], False)
    answer: dict[str, Any] = response.json()
    return answer


# Alive and ready


def test_alive_asks_nothing_of_the_database(client: Client) -> None:
    assert plain(client, "/healthz", 200) == {"alive": True, "version": version()}


@pytest.mark.django_db
def test_ready_once_the_database_is_there_and_up_to_date(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        answer = plain(client, "/readyz", 200)
    assert answer == {"ready": True, "missing": [], "version": version()}


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'explainer'")
    answer = plain(client, "/readyz", 503)
    assert answer == {"ready": False, "missing": ["migrations"], "version": version()}


@pytest.mark.django_db
def test_not_ready_where_migrations_contradict_each_other(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'auth'")
    assert plain(client, "/readyz", 503)["missing"] == ["migrations"]


@pytest.mark.django_db
def test_not_ready_without_a_database_and_no_word_about_where_it_is(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: BaseDatabaseWrapper) -> None:
        raise OperationalError("postgres://user:password@host/name refuses")

    monkeypatch.setattr(BaseDatabaseWrapper, "cursor", refuse)
    answer = plain(client, "/readyz", 503)
    assert answer == {"ready": False, "missing": ["database"], "version": version()}
    assert plain(client, "/healthz", 200)["alive"] is True


def test_a_database_that_hangs_is_given_up_in_seconds() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"postgres://user:password@127.0.0.1:{silent.getsockname()[1]}/name"
        done = subprocess.run(
            [sys.executable, "-c", ASK],
            cwd=ROOT,
            env={"DJANGO_SETTINGS_MODULE": "socialsite.settings", "DATABASE_URL": address},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    status, seconds = done.stdout.split()
    assert (status, float(seconds) < 10) == ("503", True)


ASK = (
    "import django, time; django.setup(); from django.test import Client; begun = time.monotonic();"
    " print(Client().get('/readyz').status_code, time.monotonic() - begun)"
)


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("", {"connect_timeout": 3, "options": "-c lock_timeout=20s"}),
        ("?connect_timeout=9", {"connect_timeout": 9, "options": "-c lock_timeout=20s"}),
    ],
)
def test_nobody_waits_for_ever_unless_the_address_says_so(
    query: str, options: dict[str, Any]
) -> None:
    assert database(f"postgres://host/name{query}")["OPTIONS"] == options


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("host", ["10.0.0.7:8001", "anything.example", "no host at all"])
def test_any_host_may_ask_and_nobody_is_sent_to_https(
    client: Client, settings: SettingsFixture, path: str, host: str
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["example.org"]
    plain(client, path, 200, host=host)
    assert client.get("/", headers={"host": "example.org"}).status_code == 301


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_the_two_are_only_asked(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


# The version


def test_the_version_is_that_of_the_project_and_of_the_changelog() -> None:
    written = re.findall(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    told = re.findall(r"^## ([\d.]+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert [version()] == written == told[:1]
    assert told == sorted(told, key=lambda v: [int(n) for n in v.split(".")], reverse=True)


@pytest.mark.parametrize("path", ["/credits/", "/nothing-here/"])
def test_every_page_names_the_version_at_its_foot(client: Client, path: str) -> None:
    (foot,) = re.findall(r"<footer.*?</footer>", client.get(path).content.decode(), re.DOTALL)
    assert f"Version {version()} of the site" in foot


# The log


class Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(Json())
        self.lines: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))


@pytest.fixture
def log() -> Iterator[Kept]:
    """What would be written where others can reach the site."""
    kept = Kept()
    logging.getLogger().addHandler(kept)
    yield kept
    logging.getLogger().removeHandler(kept)


def about(line: dict[str, Any]) -> tuple[Any, ...]:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line.pop("time"))
    assert 0 <= line.pop("milliseconds") < 60_000
    assert (line.pop("level"), line.pop("logger")) == ("INFO", "socialsite.requests")
    return tuple(line.values())


@pytest.mark.django_db
def test_a_request_is_one_line_and_says_nothing_of_who_asked(client: Client, log: Kept) -> None:
    PhotoFactory.create(poster=PersonFactory.create(room=RoomFactory.create(key="harbour")))
    headers = {"user-agent": "Secret/1", "x-forwarded-for": "192.0.2.1", "referer": "/secret/"}
    ok = client.get("/credits/?secret=1", headers=headers)
    missing = client.get("/feed/people/secret/", headers=headers)
    nowhere = client.get("/secret/", headers=headers)
    client.generic("SECRET", "/credits/", headers=headers)
    client.get("/healthz", headers=headers)
    assert "secret" not in json.dumps(log.lines).lower()
    assert "192.0.2" not in json.dumps(log.lines)
    assert [about(line) for line in log.lines] == [
        ("GET", "explainer:credits", 200, len(ok.content)),
        ("GET", "feed:person", 404, len(missing.content)),
        ("GET", None, 404, len(nowhere.content)),
        ("another", "explainer:credits", 405, 0),
    ]


@pytest.mark.django_db
def test_what_is_sent_in_pieces_is_counted_too(
    client: Client, log: Kept, settings: SettingsFixture, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "abc-480.webp").write_bytes(b"x" * 1234)
    response = client.get("/media/room/abc-480.webp")
    assert len(b"".join(response.streaming_content)) == 1234  # type: ignore[arg-type]
    assert [about(line) for line in log.lines] == [("GET", "picture", 200, 1234)]


@pytest.mark.django_db
def test_an_error_is_named_by_kind_and_place_and_not_by_what_was_typed(
    client: Client, log: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("somebody's secret words")

    monkeypatch.setattr("feed.views.pages.visits.to_read", fail)
    client.raise_request_exception = False
    assert client.get("/feed/people/secret/").status_code == 500
    error, line = log.lines
    assert about(line)[:3] == ("GET", "feed:person", 500)
    assert [error[k] for k in ("level", "logger", "route", "status", "error")] == [
        "ERROR",
        "django.request",
        "feed:person",
        500,
        "builtins.ValueError",
    ]
    assert error["at"][-1].startswith(f"{__file__}:")
    assert error["at"][-1].endswith(" fail")
    assert "secret" not in json.dumps(error)


@pytest.mark.django_db
def test_the_log_names_nobody_in_the_admin_either(
    client: Client, admin_client: Client, log: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    for password in ("wrong", "wrong again"):
        tried = {"username": "secret", "password": password}
        assert client.post("/admin/login/", tried).status_code == 200
    assert admin_client.get("/admin/feed/person/?q=secret").status_code == 200
    assert admin_client.get("/admin/feed/person/secret/change/").status_code == 302
    name = {"username": "secret", "password1": "Gh7-kq2!x", "password2": "Gh7-kq2!x"}
    assert admin_client.post("/admin/auth/user/add/", name).status_code == 302

    def fail(*_: object, **__: object) -> None:
        raise ValueError("a secret name")

    monkeypatch.setattr("feed.admin.lists.PersonAdmin.get_queryset", fail)
    admin_client.raise_request_exception = False
    assert admin_client.get("/admin/feed/person/secret/change/").status_code == 500
    text = json.dumps(log.lines)
    assert "secret" not in text
    assert "127.0.0.1" not in text
    told = [line["route"] for line in log.lines if line["logger"] == "socialsite.requests"]
    assert told == [
        "admin:login",
        "admin:login",
        "admin:feed_person_changelist",
        "admin:feed_person_change",
        "admin:auth_user_add",
        "admin:feed_person_change",
    ]


@pytest.mark.parametrize(
    ("environment", "form"),
    [
        ({}, "plain"),
        ({"ALLOWED_HOSTS": "example.org", "SECRET_KEY": "k" * 50}, "json"),
        ({"LOG_FORMAT": "JSON"}, "json"),
        ({"ALLOWED_HOSTS": "example.org", "SECRET_KEY": "k" * 50, "LOG_FORMAT": "plain"}, "plain"),
    ],
)
def test_the_log_is_for_machines_where_others_reach_the_site(
    environment: dict[str, str], form: str
) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import django, logging; django.setup(); logging.info('a %s', 'word')",
        ],
        cwd=ROOT,
        env={"DJANGO_SETTINGS_MODULE": "socialsite.settings", **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    if form == "plain":
        assert re.fullmatch(r"[\d :,-]+ INFO root: a word\n", done.stderr)
    else:
        line = json.loads(done.stderr)
        assert (line["level"], line["logger"], line["message"]) == ("INFO", "root", "a word")


def test_a_log_of_another_form_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import socialsite.settings"],
        cwd=ROOT,
        env={"LOG_FORMAT": "xml"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "LOG_FORMAT must be one of plain, json; it is 'xml'." in done.stderr
