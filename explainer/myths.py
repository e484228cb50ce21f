"""What people claim about likes that were taken back, each held against all platforms.

A claim is data (``myths.toml``): conditions on rules, or how far an unlike may be exposed. Nothing
says by hand whether it is true.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from django.http import QueryDict
from django.utils.text import get_text_list
from pydantic import StrictInt, model_validator

from feed.disclosure.infer import Exposure
from feed.disclosure.platforms import Platform, Slug
from feed.modes import platforms
from feed.rules import TITLES, RuleCard, rule_cards

from .cast import BEN, CAST, YOU
from .chapters import Demonstration, Strict, Text
from .demos import Demo, parse
from .scenes import POSTER
from .situations import ALL, Situation
from .small import seen_by

FILE = Path(__file__).with_suffix(".toml")


class Verdict(StrEnum):
    REFUTED = "refuted"
    CONFIRMED = "confirmed"
    FALSE = "false where it is known"
    TRUE = "true where it is known"
    DEPENDS = "it depends"
    UNKNOWN = "nobody documents it"


class Condition(Strict):
    """A rule, and the values of it under which something holds, or does not.

    ``at_most`` is a number of seconds: it holds up to there, and not where there is no number.
    """

    rule: Text
    is_: tuple[Any, ...] = ()
    is_not: tuple[Any, ...] = ()
    at_most: StrictInt | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.rule not in TITLES:
            raise ValueError(f"there is no rule “{self.rule}”")
        if [bool(self.is_), bool(self.is_not), self.at_most is not None].count(True) != 1:
            raise ValueError("a condition has one of “is”, “is_not” and “at_most”")
        return self

    def holds(self, platform: Platform) -> bool | None:
        """None where nobody documents the rule."""
        rule = platform.rules[self.rule]
        if rule.assumed:
            return None
        if self.at_most is not None:
            return isinstance(rule.holds, int) and rule.holds <= self.at_most
        return rule.holds in self.is_ if self.is_ else rule.holds not in self.is_not


class Myth(Strict):
    """A claim, and when it is true of a platform.

    ``listed`` claims that the list of likers, at the poster’s last look, has your name.
    """

    slug: Slug
    claim: Text
    about: Text
    on: tuple[Slug, ...] = ()
    where: tuple[Condition, ...] = ()
    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()
    follows: tuple[Exposure, ...] = ()
    listed: bool = False
    kind: Text = "phones"
    state: Text
    shown: str | None = None
    controls: tuple[Text, ...] = ("look", "undo")
    near: tuple[Slug, ...]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if [bool(self.all or self.any), bool(self.follows), self.listed].count(True) != 1:
            raise ValueError("a claim has one of conditions, what follows, and “listed”")
        return self

    @property
    def conditions(self) -> tuple[Condition, ...]:
        return (*self.all, *self.any)

    @property
    def asked(self) -> tuple[Situation, ...]:
        """The questions that are about the same."""
        return tuple(ALL[slug] for slug in self.near)

    def demo(self, on: str) -> Demo:
        return parse(QueryDict(f"on={on}&{self.state}"), platforms())

    def demonstration(self, on: str) -> Demonstration:
        """The demo that shows it, as it starts."""
        state = self.state if self.shown is None else self.shown
        return Demonstration(
            kind=self.kind,
            title="See for yourself",
            state=f"on={on}&{state}",
            controls=self.controls,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A claim with the platforms of today on which it is true, false, and not documented;
    ``apart`` has the others, which count for nothing, by the same labels."""

    myth: Myth
    verdict: Verdict
    true: tuple[Platform, ...]
    false: tuple[Platform, ...]
    unknown: tuple[Platform, ...]
    apart: tuple[tuple[str, tuple[Platform, ...]], ...]

    @property
    def number(self) -> int:
        return len(self.true) + len(self.false) + len(self.unknown)

    @property
    def shown(self) -> Platform:
        """The platform that its page starts on: one that settles something."""
        return (*self.false, *self.true, *self.unknown)[0]

    @property
    def parts(self) -> tuple[tuple[str, tuple[Platform, ...]], ...]:
        return _labelled(self.true, self.false, self.unknown)

    @property
    def said(self) -> str:
        """How many platforms stand where; the only one by its verdict."""
        if self.number == 1:
            return f"{self.parts[0][0]} on {self.shown.name}."
        parts = [f"{label.lower()} on {len(there)}" for label, there in self.parts]
        listed = get_text_list(parts, "and")
        return f"Of {self.number} platforms: {listed}."


def _read() -> Mapping[str, Myth]:
    fields: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))["myth"]
    for each in fields.values():
        for name in ("where", "all", "any"):
            for condition in each.get(name, ()):
                if "is" in condition:
                    condition["is_"] = condition.pop("is")
    return {slug: Myth.model_validate({**each, "slug": slug}) for slug, each in fields.items()}


MYTHS: Mapping[str, Myth] = MappingProxyType(_read())
"""Every claim by its slug, in the order of the list."""


@cache
def judged(slug: str) -> Judged:
    """A claim held against every platform that it is about."""
    myth = MYTHS[slug]
    about = [platforms()[on] for on in myth.on] or [
        each for each in platforms().values() if _applies(myth, each)
    ]
    true, false, unknown = _stands(myth, [each for each in about if each.today])
    return Judged(
        myth=myth,
        verdict=_verdict(len(true), len(false), len(unknown)),
        true=true,
        false=false,
        unknown=unknown,
        apart=_labelled(*_stands(myth, [each for each in about if not each.today])),
    )


Stands = tuple[tuple[Platform, ...], tuple[Platform, ...], tuple[Platform, ...]]


def _stands(myth: Myth, about: list[Platform]) -> Stands:
    """On which a claim is true, on which false, and for which nobody documents it."""
    found: dict[bool | None, list[Platform]] = {True: [], False: [], None: []}
    for platform in about:
        found[_holds(myth, platform)].append(platform)
    return tuple(found[True]), tuple(found[False]), tuple(found[None])


def _labelled(
    true: tuple[Platform, ...], false: tuple[Platform, ...], unknown: tuple[Platform, ...]
) -> tuple[tuple[str, tuple[Platform, ...]], ...]:
    every = (("False", false), ("True", true), ("Not documented", unknown))
    return tuple((label, there) for label, there in every if there)


def rules_of(myth: Myth, platform: Platform) -> tuple[RuleCard, ...]:
    """The rules of a platform that decide a claim."""
    return rule_cards(platform, [condition.rule for condition in myth.conditions])


def _applies(myth: Myth, platform: Platform) -> bool:
    """Also where it is only assumed that the claim applies."""
    return all(condition.holds(platform) is not False for condition in myth.where)


def _holds(myth: Myth, platform: Platform) -> bool | None:
    if myth.follows or myth.listed:
        follows = _follows(myth, platform)
        turned = (_follows(myth, platform.flipped(key)) for key in platform.assumptions)
        return follows if all(each is follows for each in turned) else None
    every = [condition.holds(platform) for condition in myth.all]
    some = [condition.holds(platform) for condition in myth.any]
    return _all([*every, _any(some)] if some else every)


def _follows(myth: Myth, platform: Platform) -> bool:
    seen = seen_by(myth.demo(platform.slug), platform, POSTER, CAST[BEN])
    if myth.listed:
        return YOU in (seen.screens[-1].likers.shown or ())
    return seen.exposure in myth.follows


def _all(held: list[bool | None]) -> bool | None:
    if False in held:
        return False
    return None if None in held else True


def _any(held: list[bool | None]) -> bool | None:
    if True in held:
        return True
    return None if None in held else False


def _verdict(true: int, false: int, unknown: int) -> Verdict:
    """From how many platforms stand where: one not documented keeps a claim from being settled."""
    if true and false:
        return Verdict.DEPENDS
    if false:
        return Verdict.FALSE if unknown else Verdict.REFUTED
    if true:
        return Verdict.TRUE if unknown else Verdict.CONFIRMED
    return Verdict.UNKNOWN
