"""The site in one file, and back, on the databases that it can run on."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings

from socialsite.version import version
from tests.feed.postgres import postgres, server_binaries

PICTURES = {"roomkey/one-480.webp": b"\x00small", "roomkey/one-960.webp": b"\xffwide" * 9999}
FILL = """
from datetime import UTC, datetime
from django.contrib.auth.models import User
from explainer.models import Comment
User.objects.create_superuser("zoë", password="a secret")
Comment.objects.create(chapter="a", text="“Quoted” 🐙", writer="w", digest="d",
                       written_at=datetime(2026, 1, 1, tzinfo=UTC))
"""
ONE_MORE = (
    "from django.contrib.auth.models import User; print(User.objects.create(username='u').pk)"
)


@dataclass(frozen=True)
class Place:
    """A database, and a folder or a bucket for pictures."""

    database: str
    media: Path
    bucket: str = ""

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        own = {
            "DATABASE_URL": self.database,
            "MEDIA_ROOT": str(self.media),
            "MEDIA_STORAGE": self.bucket,
        }
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env={
                "PATH": os.environ.get("PATH", os.defpath),
                "DJANGO_SETTINGS_MODULE": "socialsite.settings",
            }
            | own
            | more,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def manage(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refused(self, *arguments: str, **more: str) -> str:
        done = self.run(*arguments, **more)
        assert (done.returncode, done.stdout) == (1, "")
        assert "Traceback" not in done.stderr
        return done.stderr

    def pictures(self) -> dict[str, bytes]:
        files = (path for path in self.media.rglob("*") if path.is_file())
        return {str(path.relative_to(self.media)): path.read_bytes() for path in files}


@dataclass(frozen=True)
class Two:
    full: Place
    empty: Place
    file: Path


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def two(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    """A site with all kinds of things in it, its backup, and an empty place."""
    folder = tmp_path_factory.mktemp("backup")
    if request.param == "sqlite":
        urls = (f"sqlite:///{folder}/full.sqlite3", f"sqlite:///{folder}/empty.sqlite3")
        yield _backed_up(folder, *urls)
        return
    if server_binaries() is None or shutil.which("pg_dump") is None:
        pytest.skip("BACKUP WAS NOT TESTED ON POSTGRESQL: no initdb, pg_ctl and pg_dump here")
    with postgres() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE empty")
        yield _backed_up(folder, url, url.replace("/postgres?", "/empty?"))


def _backed_up(folder: Path, full_url: str, empty_url: str) -> Two:
    full = Place(full_url, folder / "media")
    full.manage("migrate", "--verbosity=0")
    full.manage("seed")
    full.manage("shell", "--verbosity=0", "-c", FILL)
    for name, content in PICTURES.items():
        (full.media / name).parent.mkdir(parents=True, exist_ok=True)
        (full.media / name).write_bytes(content)
    file = folder / "backup.tar.gz"
    assert full.manage("backup", str(file)) == f"{file} holds the database and 2 pictures.\n"
    return Two(full, Place(empty_url, folder / "restored"), file)


def test_what_is_restored_is_what_was_backed_up_and_stays_there(two: Two) -> None:
    refusal = two.full.refused("restore", str(two.file))
    assert refusal.startswith("CommandError: The database is not empty. Make a new one")
    told = two.empty.manage("restore", str(two.file))
    assert re.fullmatch(
        r"The database and 2 pictures are as they were on \d{4}-\d\d-\d\d at \d\d:\d\d UTC, "
        rf"in version {version()}\. Run migrate to bring them up to date\.\n",
        told,
    )
    rows = [json.loads(place.manage("dumpdata")) for place in (two.full, two.empty)]
    models = {row["model"] for row in rows[0]}
    assert {"feed.event", "feed.like", "auth.user", "explainer.comment"} <= models
    assert rows[0] == rows[1]
    assert two.empty.pictures() == two.full.pictures() == PICTURES
    assert two.empty.manage("migrate", "--plan").endswith("No planned migration operations.\n")
    keys = [
        place.manage("shell", "--verbosity=0", "-c", ONE_MORE) for place in (two.full, two.empty)
    ]
    assert keys == ["2\n", "2\n"]  # numbers go on where they were
    assert two.empty.manage("audit") == "Likes and counts follow from the log.\n"


def test_a_backup_is_for_its_owner_alone_and_is_never_overwritten(two: Two, tmp_path: Path) -> None:
    assert two.file.stat().st_mode & 0o777 == 0o600
    before = two.file.read_bytes()
    assert "is there already. Name another" in two.full.refused("backup", str(two.file))
    assert two.file.read_bytes() == before
    told = two.full.manage("backup", str(tmp_path))
    (named,) = tmp_path.iterdir()
    assert re.fullmatch(r"can-they-tell-\d{4}-\d\d-\d\d-\d{6}\.tar\.gz", named.name)
    assert told == f"{named} holds the database and 2 pictures.\n"


# What cannot be restored, or not made


@pytest.fixture
def nowhere(tmp_path: Path) -> Place:
    return Place(f"sqlite:///{tmp_path}/new.sqlite3", tmp_path / "media")


def tar(path: Path, **members: bytes) -> Path:
    with tarfile.open(path, "w:gz") as to:
        for name, content in members.items():
            member = tarfile.TarInfo({"about": "backup.json"}.get(name, name))
            member.size = len(content)
            to.addfile(member, io.BytesIO(content))
    return path


def test_a_file_that_is_no_backup_is_named(nowhere: Place, tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("a diary")
    other = tar(tmp_path / "other.tar.gz", diary=b"2026")
    about = b'{"kind": "oracle", "version": "1", "at": "2026-01-01"}'
    kind = tar(tmp_path / "kind.tar.gz", about=about)
    about = about.replace(b"oracle", b"sqlite")
    bare = tar(tmp_path / "bare.tar.gz", about=about)
    for number, said in enumerate((b"{", b"[]", b"{}", about.replace(b"2026-01-01", b"then"))):
        vague = tar(tmp_path / f"vague-{number}.tar.gz", about=said)
        assert "backup.json does not say what it is of." in nowhere.refused("restore", str(vague))
    assert f"There is no file {tmp_path}/none." in nowhere.refused("restore", f"{tmp_path}/none")
    assert f"{text} is not a backup, or not all of one." in nowhere.refused("restore", str(text))
    assert "it holds no backup.json." in nowhere.refused("restore", str(other))
    assert "of oracle, and DATABASE_URL names sqlite." in nowhere.refused("restore", str(kind))
    assert "it holds no database." in nowhere.refused("restore", str(bare))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The backup of a site with nothing in it."""
    file = tmp_path / "backup.tar.gz"
    full = Place(f"sqlite:///{tmp_path}/full.sqlite3", tmp_path / "pictures")
    full.manage("migrate", "--verbosity=0")
    full.manage("backup", str(file))
    return file


def test_half_a_backup_restores_nothing(nowhere: Place, small: Path) -> None:
    small.write_bytes(small.read_bytes()[: small.stat().st_size // 2])
    assert "not all of one." in nowhere.refused("restore", str(small))
    assert tables(nowhere) == []


def test_a_folder_with_pictures_is_left_alone(nowhere: Place, small: Path) -> None:
    (nowhere.media / "room").mkdir(parents=True)
    (nowhere.media / "room" / "one-480.webp").write_bytes(b"mine")
    assert "There are pictures already. Name a new folder" in nowhere.refused("restore", str(small))
    assert tables(nowhere) == []
    assert nowhere.pictures() == {"room/one-480.webp": b"mine"}


def test_a_backup_of_a_later_version_asks_for_that_version(nowhere: Place, small: Path) -> None:
    with closing(sqlite3.connect(small.parent / "full.sqlite3")) as later:
        row = ("feed", "9999_later", "2030-01-01")
        later.execute("INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, ?)", row)
        later.commit()
    small.unlink()
    full = Place(f"sqlite:///{small.parent}/full.sqlite3", small.parent / "pictures")
    full.manage("backup", str(small))
    refusal = nowhere.refused("restore", str(small))
    assert "does not know feed.9999_later. Run that version, or a later one." in refusal


def test_without_postgresqls_programs_it_is_said_what_to_install(tmp_path: Path) -> None:
    place = Place("postgres:///nothing", tmp_path)
    refusal = place.refused("backup", f"{tmp_path}/b.tar.gz", PATH=str(tmp_path))
    assert "There is no pg_dump here. On Debian and Ubuntu: sudo apt-get install" in refusal
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_cannot_be_reached_leaves_nothing_behind(tmp_path: Path) -> None:
    if shutil.which("pg_dump") is None:
        pytest.skip("BACKUP WAS NOT TESTED ON POSTGRESQL: there is no pg_dump here")
    place = Place(f"postgres:///nothing?host={quote(str(tmp_path), safe='')}", tmp_path)
    assert "CommandError: pg_dump failed: " in place.refused("backup", f"{tmp_path}/b.tar.gz")
    assert list(tmp_path.iterdir()) == []


def tables(place: Place) -> list[tuple[str]]:
    with closing(sqlite3.connect(place.database.removeprefix("sqlite:///"))) as there:
        return there.execute("SELECT name FROM sqlite_master").fetchall()
