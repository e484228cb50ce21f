"""Platforms and histories for the tests of the engine, made from a few words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from feed.disclosure.history import Action, Event, History
from feed.disclosure.platforms import Platform, read_all

PINNED = ("instagram", "facebook", "twitter", "twitter-2023", "x")
"""The platforms that are pinned cell by cell here; the others have tables of their own."""

START = datetime(2026, 6, 1, 14, 0)

RULES: dict[str, Any] = {
    "limits.delay": 0,
    "limits.undo_within": "ever",
    "inbox.like": True,
    "inbox.unlike": False,
    "inbox.withdrawn": True,
    "inbox.again": True,
    "inbox.grouped": False,
    "push.like": True,
    "push.unlike": False,
    "push.delay": 0,
    "push.stopped": True,
    "push.waits": 172_800,
    "push.recalled": False,
    "mail.like": False,
    "mail.delay": 0,
    "count.audience": "everyone",
    "count.written": "exact",
    "count.hideable": False,
    "likers.audience": "everyone",
    "likers.first": "all",
    "unlikers.audience": "nobody",
    "insights.audience": "poster",
    "insights.likes": "net",
    "insights.unlikes": False,
    "developer.likers": "all",
    "developer.count": True,
    "developer.unlikes": "none",
    "developer.tracking": "forbidden",
    "developer.penalty": "account",
    "network.unlike": "nobody",
    "profile.likes": "everyone",
    "figures.comments": True,
    "figures.shares": True,
    "figures.views": True,
    "figures.reach": True,
    "ranking.like": 1.0,
    "ranking.unlike": -1.0,
    "ranking.comment": 2.0,
    "ranking.share": 2.0,
    "ranking.time": 0.5,
    "ranking.others": 0.1,
    "ranking.age": -1.0,
    "ranking.standing": -4.0,
    "ranking.reach": 0.05,
}


def platform(**rules: Any) -> Platform:
    """A platform by its rules, with ``__`` for the dot: ``inbox__again=False``."""
    changed = {key.replace("__", "."): value for key, value in rules.items()}
    assert changed.keys() <= RULES.keys(), changed.keys() - RULES.keys()
    fields: dict[str, Any] = {
        "slug": "test",
        "name": "Test",
        "label": "Test",
        "order": 1,
        "accent": "#123456",
        "note": "A platform made for a test.",
        "checked": "2026-01-01",
        "period": {},
        "words": {
            "like": "like",
            "unlike": "unlike",
            "liked": "liked",
            "unliked": "unliked",
            "noun": "photo",
            "likes": "likes",
            "icon": "heart",
        },
        "sources": {
            "test": {
                "title": "A test",
                "url": "https://example.org/",
                "date": "2026-01-01",
                "kind": "one report",
            }
        },
    }
    for key, value in (RULES | changed).items():
        channel, name = key.split(".")
        fields.setdefault(channel, {})[name] = {
            "value": value,
            "says": f"The rule {key}.",
            "sources": ["test"],
            "confidence": "high",
        }
    return Platform.model_validate(fields)


def pinned() -> dict[str, Platform]:
    every = read_all()
    return {slug: every[slug] for slug in PINNED}


def minute(number: float) -> datetime:
    return START + timedelta(minutes=number)


def history(*events: tuple[float, str, str], asleep: bool = False) -> History:
    """A history of ben's photo from (minute, person, action)."""
    return History("ben", START, tuple(_events(events)), asleep)


def _events(events: Iterable[tuple[float, str, str]]) -> Iterable[Event]:
    return (Event(minute(at), person, Action(action)) for at, person, action in events)
