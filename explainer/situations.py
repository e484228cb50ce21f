"""Situations that people ask about, each a preset of a demo: read from ``situations.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from pydantic import StrictInt

from feed.disclosure.platforms import Slug
from feed.modes import platforms

from .chapters import Demonstration, Strict, Text
from .demos import Age, Demo, Step, parse

FILE = Path(__file__).with_suffix(".toml")


class Way(StrEnum):
    """What the answer tells of; ``answers`` has the function of each."""

    VERDICT = "verdict"  # what the poster can tell
    OUTLOOK = "outlook"  # and what it will be at the next look
    CONCLUSIONS = "conclusions"  # the same, said to the poster
    MEANING = "meaning"  # and that no screen says why
    MISSING = "missing"  # what became of a like that a notice told of
    FATE = "fate"  # what became of notice and push
    ALERT = "alert"  # what became of the push alone
    ANNOUNCED = "announced"  # whether the unlike is announced
    AGAIN = "again"  # whether a second like is
    COUNT = "count"  # whether the number falls
    LISTED = "listed"  # whether the name is in a list
    OWN = "own"  # what is left on your own phone, and who else is sent word
    ONLOOKER = "onlooker"  # what somebody else saw
    WITNESS = "witness"  # and of whom they saw it, if it was not you
    SEATS = "seats"  # what poster, friend and stranger see of it
    PROFILE = "profile"  # who can look up what you like
    RANKING = "ranking"  # whether an unlike counts in the order of a feed
    TRACKER = "tracker"  # what software can read
    LEAVING = "leaving"  # what goes with an account
    COURSES = "courses"  # what leaving the like and taking it back would each give away
    CLEARING = "clearing"  # until when a like can be taken back, and whether that is announced


class Situation(Strict):
    """A question as people ask it, and what happened.

    ``told`` says what happened in the demo, ``do`` what to do, and ``limits`` what no screen can
    tell. A demo about an account rather than a photo starts as ``shown`` says. ``on`` names the
    platform that people mostly ask it of.
    """

    group: Slug
    home: StrictInt = 0  # its place on the home page, if it has one
    question: Text
    told: Text
    on: Slug = ""
    state: Text
    shown: str | None = None
    kind: Text = "phones"
    way: Way
    controls: tuple[Text, ...] = ()
    do: tuple[Text, ...]
    limits: tuple[Text, ...]
    near: tuple[Slug, ...]
    also: Text  # more words that people look for it by
    slug: Slug

    @cached_property
    def usual(self) -> Demo:
        return parse(QueryDict(self.state), platforms())

    @property
    def did(self) -> tuple[Step, ...]:
        return self.usual.did

    @property
    def age(self) -> Age:
        return self.usual.age

    def demo(self, on: str) -> Demo:
        return replace(self.usual, on=on)

    @property
    def address(self) -> str:
        return reverse("explainer:situation", args=[self.slug])

    def demonstration(self, on: str) -> Demonstration:
        """The demo beside the answer, as it starts."""
        state = self.state if self.shown is None else self.shown
        return Demonstration(
            kind=self.kind, title=self.told, state=f"on={on}&{state}", controls=self.controls
        )


def _read() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


ALL: Mapping[str, Situation] = MappingProxyType(
    {
        slug: Situation.model_validate({**fields, "slug": slug})
        for slug, fields in _read()["situation"].items()
    }
)
"""Every situation by its slug, in the order of the list."""

GROUPS: Mapping[str, str] = MappingProxyType(_read()["groups"])
"""What the groups of the list are called."""

SITUATIONS = tuple(sorted((each for each in ALL.values() if each.home), key=lambda s: s.home))
"""The few that the home page shows, in their order there."""
