"""What all tests share."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

# "steady" tries the same cases at each run. HYPOTHESIS_PROFILE=search goes on looking for new ones.
hypothesis_settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis_settings.register_profile("search", parent=hypothesis_settings.get_profile("default"))
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_configure() -> None:
    """Nothing is collected or hashed for a test: static files come from where they are written."""
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tempfile.mkdtemp(prefix="media")


def pytest_unconfigure() -> None:
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The test database is a file of this run's own, if it is SQLite.

    Threads share a file as in production, with its locks; they cannot share one in memory.
    """
    if connection.vendor == "sqlite":
        name = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(name)


@pytest.fixture(scope="session")
def demo_copy() -> Iterator[sqlite3.Connection]:
    """Where ``demo_room`` keeps what it made the first time."""
    with closing(sqlite3.connect(":memory:")) as copy:
        yield copy


@pytest.fixture
def demo_room(transactional_db: None, demo_copy: sqlite3.Connection) -> None:
    """The demo content, for tests with threads, a live server or a browser.

    It is made once; after that the whole database is copied back, which takes milliseconds.
    """
    if connection.vendor != "sqlite":
        call_command("seed", verbosity=0)
        return
    connection.ensure_connection()
    if demo_copy.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        demo_copy.backup(connection.connection)
    else:
        call_command("seed", verbosity=0)
        connection.connection.backup(demo_copy)
