"""The whole site in one file, and back: the database as its own tools copy it, and the pictures.

A backup is a tar file, compressed: ``backup.json`` says what made it, ``database`` is a copy of the
SQLite file or what ``pg_dump`` writes, and ``media/`` holds posted pictures under their names.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from feed.leftovers import stored
from socialsite.version import version

ABOUT, DATABASE, MEDIA = "backup.json", "database", "media/"
LIBPQ = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}
"""What leads to a PostgreSQL database, by the names under which its own programs look for it. So a
password is never on a command line, where everybody on the machine could read it."""


class BackupError(Exception):
    """A backup that cannot be made or restored; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """``kind`` is the database's, as Django calls it; ``pictures`` counts files."""

    version: str
    kind: str
    at: datetime
    pictures: int


def back_up(path: Path, *, at: datetime) -> Backup:
    """Writes the file, for its owner alone to read, or leaves nothing. The site may run on.

    The pictures come after the database, so that those it speaks of are there.
    """
    if path.exists():
        raise BackupError(f"{path} is there already. Name another file, or move it away.")
    unfinished = path.with_name(f"{path.name}.unfinished")
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        database = Path(folder, DATABASE)
        _copy_database(database)
        try:
            unfinished.touch(0o600)
            with (
                unfinished.open("wb") as to,
                tarfile.open(fileobj=to, mode="w:gz", compresslevel=1) as tar,
            ):
                about = {"version": version(), "kind": connection.vendor, "at": at.isoformat()}
                _add_bytes(tar, ABOUT, json.dumps(about).encode(), at)
                tar.add(database, DATABASE)
                pictures = sum(_add_picture(tar, name, at) for name in stored())
            unfinished.rename(path)
        finally:
            unfinished.unlink(missing_ok=True)
    return Backup(version=version(), kind=connection.vendor, at=at, pictures=pictures)


def restore(path: Path) -> Backup:
    """Fills an empty database and an empty place for pictures from a backup.

    A database of an older version is restored as it was: ``migrate`` brings it up to date.
    """
    with _opened(path) as tar, tempfile.TemporaryDirectory() as folder:
        about = _about(tar)
        _refuse_what_does_not_fit(about)
        database = Path(folder, DATABASE)
        with closing(_content(tar, DATABASE)) as content, database.open("wb") as to:
            shutil.copyfileobj(content, to)
        _fill_database(database)
        pictures = 0
        for member in tar:
            if member.isfile() and member.name.startswith(MEDIA):
                content = _content(tar, member)
                default_storage.save(member.name.removeprefix(MEDIA), File(content))
                pictures += 1
    _refuse_the_future()
    at = datetime.fromisoformat(about["at"])
    return Backup(version=about["version"], kind=about["kind"], at=at, pictures=pictures)


# The file


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes, at: datetime) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mtime = len(content), int(at.timestamp())
    tar.addfile(member, io.BytesIO(content))


def _add_picture(tar: tarfile.TarFile, name: str, at: datetime) -> bool:
    """Whether it was still there: its room may have gone meanwhile."""
    try:
        with default_storage.open(name) as file:
            _add_bytes(tar, f"{MEDIA}{name}", file.read(), at)
    except FileNotFoundError:
        return False
    return True


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path) as tar:
            yield tar
    except FileNotFoundError as error:
        raise BackupError(f"There is no file {path}.") from error
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(f"{path} is not a backup, or not all of one.") from error


def _content(tar: tarfile.TarFile, member: str | tarfile.TarInfo) -> IO[bytes]:
    try:
        content = tar.extractfile(member)
    except KeyError:
        content = None
    if content is None:
        raise BackupError(f"This is not a backup: it holds no {member}.")
    return content


def _about(tar: tarfile.TarFile) -> dict[str, str]:
    try:
        about: dict[str, str] = json.loads(_content(tar, ABOUT).read())
        datetime.fromisoformat(about["at"])
        return {"kind": about["kind"], "version": about["version"], "at": about["at"]}
    except (ValueError, TypeError, KeyError) as error:
        raise BackupError(f"This is not a backup: {ABOUT} does not say what it is of.") from error


# Where it is restored


def _refuse_what_does_not_fit(about: dict[str, str]) -> None:
    if about["kind"] != connection.vendor:
        raise BackupError(
            f"The backup is of {about['kind']}, and DATABASE_URL names {connection.vendor}."
        )
    if connection.introspection.table_names():
        raise BackupError(
            "The database is not empty. Make a new one, name it in DATABASE_URL and restore into"
            " that: nothing is ever overwritten."
        )
    if next(stored(), None):
        raise BackupError(
            "There are pictures already. Name a new folder in MEDIA_ROOT, or a new bucket in"
            " MEDIA_STORAGE, and restore into that: nothing is ever overwritten."
        )


def _refuse_the_future() -> None:
    known = MigrationLoader(None).disk_migrations
    unknown = [
        ".".join(key)
        for key in MigrationRecorder(connection).applied_migrations()
        if key not in known and key[0] in {app for app, _ in known}
    ]
    if unknown:
        raise BackupError(
            "All of it was restored, but it is of a later version than this program, which does"
            f" not know {', '.join(sorted(unknown))}. Run that version, or a later one."
        )


# The database


def _copy_database(to: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(to)) as copy:
            connection.connection.backup(copy)
    else:
        _postgres("pg_dump", "--format=custom", f"--file={to}")


def _fill_database(content: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(content)) as copy:
            copy.backup(connection.connection)
    else:
        options = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
        database = str(connection.get_connection_params()["dbname"])
        _postgres("pg_restore", *options, f"--dbname={database}", str(content))


def _postgres(program: str, *arguments: str) -> None:
    """Runs one of PostgreSQL's own programs on the site's database."""
    if shutil.which(program) is None:
        raise BackupError(
            f"There is no {program} here. On Debian and Ubuntu: sudo apt-get install"
            " postgresql-client"
        )
    where = connection.get_connection_params()
    named = {name: str(where[key]) for key, name in LIBPQ.items() if where.get(key)}
    done = subprocess.run(  # noqa: S603
        [program, *arguments],
        env=os.environ | named,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()}")
