"""What this site keeps, field by field, read from ``privacy.toml``.

It names every model and every field: one that is in a model and not there, or there and not in a
model, fails a test.
"""

from __future__ import annotations

import tomllib
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connection
from pydantic import BaseModel, ConfigDict

from explainer.comments import REFUSED_FOR, WINDOW
from explainer.views.comments import KEPT, WRITER
from feed import accounts, throttle
from feed.rooms import UNUSED

FILE = Path(__file__).with_name("privacy.toml")

MOST = 10_000
"""Rows beyond these are not counted: the page must not cost more as a table grows."""

UNITS = (
    ("year", timedelta(days=365)),
    ("week", timedelta(weeks=1)),
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
)


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Kept(Strict):
    """One table: ``model`` is app.Model, ``fields`` says what each of its fields holds."""

    model: str
    title: str
    why: str
    until: str
    seen_by: str
    fields: dict[str, str]


class Group(Strict):
    """What one kind of people leave behind; ``says`` are paragraphs."""

    slug: str
    title: str
    says: tuple[str, ...]
    kept: tuple[Kept, ...] = ()


class Cookie(Strict):
    name: str
    set_when: str
    holds: str
    until: str


class Registry(Strict):
    never: tuple[str, ...]
    group: tuple[Group, ...]
    cookie: tuple[Cookie, ...]


@cache
def registry() -> Registry:
    """All that is kept, with lengths of time and names of cookies as they are in force."""
    text = FILE.read_text(encoding="utf-8").format(
        unused=lasting(UNUSED),
        window=lasting(WINDOW),
        refused=lasting(REFUSED_FOR),
        sign_in_window=lasting(throttle.WINDOW),
        session=lasting(timedelta(seconds=settings.SESSION_COOKIE_AGE)),
        signed_in=lasting(accounts.LASTS),
        known=lasting(throttle.KNOWN_FOR),
        csrf=lasting(timedelta(seconds=settings.CSRF_COOKIE_AGE)),
        writer=lasting(timedelta(seconds=KEPT)),
        session_cookie=settings.SESSION_COOKIE_NAME,
        csrf_cookie=settings.CSRF_COOKIE_NAME,
        known_cookie=throttle.COOKIE,
        messages_cookie=CookieStorage.cookie_name,
        writer_cookie=WRITER,
    )
    return Registry.model_validate(tomllib.loads(text))


def lasting(time: timedelta) -> str:
    """A length of time in the largest unit that it is a multiple of, such as “2 weeks”."""
    name, unit = next((name, unit) for name, unit in UNITS if not time % unit)
    return f"a {name}" if time == unit else f"{time // unit} {name}s"


def rows() -> dict[str, int]:
    """How many rows each model has, MOST + 1 standing for every number above; in one query."""
    names = [kept.model for group in registry().group for kept in group.kept]
    tables = [apps.get_model(name)._meta.db_table for name in names]
    counts = ", ".join(
        f"(SELECT count(*) FROM (SELECT 1 FROM {connection.ops.quote_name(table)}"  # noqa: S608
        f" LIMIT {MOST + 1}) AS first_rows)"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}")
        return dict(zip(names, cursor.fetchone(), strict=True))
