"""Platforms that none of the shipped ones is, to be picked like them: each differs by its rules."""

from collections.abc import Iterator
from typing import Any

import pytest

from feed import modes
from feed.disclosure.platforms import Platform
from tests.disclosure.cast import PINNED, platform

RULES: dict[str, dict[str, Any]] = {
    "grouping": {"inbox__grouped": True},
    "standing": {"inbox__withdrawn": False},
    "standing-grouping": {"inbox__withdrawn": False, "inbox__grouped": True},
    "once": {"inbox__again": False},
    "standing-once": {"inbox__withdrawn": False, "inbox__again": False},
    "telling": {"inbox__unlike": True, "push__unlike": True},
    "delaying": {"limits__delay": 60},
    "quiet": {"inbox__like": False, "push__like": False},
    "recalling": {"push__recalled": True},
    "slow": {"push__delay": 60},
    "hiding": {
        "count__audience": "nobody",
        "likers__audience": "nobody",
        "insights__audience": "nobody",
        "profile__likes": "nobody",
        "inbox__like": False,
        "push__like": False,
    },
}
VARIANTS: dict[str, Platform] = {
    slug: platform(**rules).model_copy(update={"slug": slug, "label": slug.title()})
    for slug, rules in RULES.items()
}
SHIPPED = PINNED
EVERY = (*SHIPPED, *VARIANTS)


def offered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """These platforms beside those of the files, for as long as a test takes."""
    every = dict(modes.platforms()) | VARIANTS
    monkeypatch.setattr(modes, "read_all", lambda: every)
    modes.platforms.cache_clear()
    yield
    monkeypatch.undo()
    modes.platforms.cache_clear()


def rules(slug: str) -> Platform:
    """The platform of that name, while the variants are offered."""
    return modes.platforms()[slug]
