"""The answer to a situation on one platform, with the rules that decide it and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from feed.disclosure.platforms import Platform
from feed.modes import platforms
from feed.rules import RuleCard, rule_cards

from .assumed import Assumption, assumption
from .demos import Demo, switched
from .scenes import too_late
from .showing import Answer
from .situations import ALL, Situation, Way
from .ways import WAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer on one platform with the documented rules that decide it.

    It ``rests_on`` assumptions without which it would be another, and is ``partly`` assumed
    where its sentence does not say so itself. ``beside`` is what the one rule says that it is
    read from.
    """

    said: str
    partly: bool
    beside: str
    rules: tuple[RuleCard, ...]
    rests_on: tuple[Assumption, ...]

    @property
    def whole(self) -> str:
        """The answer where nothing can stand beside it."""
        return f"{self.said} {PARTLY}." if self.partly else self.said

    @property
    def cards(self) -> tuple[RuleCard, ...]:
        """Every rule that the answer names."""
        return (*self.rules, *(each.rule for each in self.rests_on))


PARTLY = "Partly assumed"

OWN_HEDGE = {Way.PROFILE, Way.RANKING, Way.LEAVING}
"""The ways whose sentences say themselves what is assumed."""

ONE_RULE = {Way.PROFILE, Way.RANKING}
"""The ways that read their answer from one rule."""


@cache
def answered(slug: str, on: str) -> Answered:
    """The answer to a situation on a platform, with all that it rests on."""
    situation, platform = ALL[slug], platforms()[on]
    demo = switched(situation.usual, platform)
    found = _found(situation, demo, platform)
    known = [key for key in found.rules if not platform.rules[key].assumed]
    rests_on = _rests_on(situation, demo, platform, found.said)
    partly = bool(rests_on) and situation.way not in OWN_HEDGE
    one = known[:1] if situation.way in ONE_RULE else []
    return Answered(
        said=_bare(found.said) if partly else found.said,
        partly=partly,
        beside="".join(platform.rules[key].says for key in one),
        rules=rule_cards(platform, known),
        rests_on=tuple(assumption(platform, key) for key in rests_on),
    )


def _found(situation: Situation, demo: Demo, platform: Platform) -> Answer:
    """What follows, unless the platform would have refused the unlike that it follows from."""
    if late := too_late(demo, platform):
        return Answer(said=late, rules=("limits.undo_within",))
    return WAYS[situation.way](demo, platform)


def _rests_on(situation: Situation, demo: Demo, platform: Platform, said: str) -> list[str]:
    """The keys of the assumptions that would turn the answer, were they the other way round."""
    if too_late(demo, platform):
        return []
    way = WAYS[situation.way]
    open_ = [key for key, rule in platform.rules.items() if rule.assumed]
    return [key for key in open_ if way(demo, platform.flipped(key)).said != said]


def _bare(said: str) -> str:
    """An answer that is too firm with a yes or no before it."""
    return said.removeprefix("Yes. ").removeprefix("No. ")


# The same question elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """A platform on which it follows, and whether partly from an assumption."""

    platform: Platform
    partly: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """The platforms on which the same follows: those of today, and apart from them the others."""

    said: str
    today: tuple[There, ...]
    apart: tuple[There, ...]

    @property
    def everywhere(self) -> tuple[There, ...]:
        return (*self.today, *self.apart)

    def holds(self, platform: Platform) -> bool:
        return any(there.platform.slug == platform.slug for there in self.everywhere)


@cache
def shared(slug: str) -> tuple[Shared, ...]:
    """The answers to a situation on all platforms, the commonest first."""
    groups = dict[str, list[There]]()
    firm = dict[str, str]()
    for on, platform in platforms().items():
        found = answered(slug, on)
        bare = _bare(found.said)
        if not found.partly:
            firm[bare] = found.said
        groups.setdefault(bare, []).append(There(platform=platform, partly=found.partly))
    return tuple(
        sorted(
            (
                Shared(
                    said=firm.get(bare, bare),
                    today=tuple(each for each in there if each.platform.today),
                    apart=tuple(each for each in there if not each.platform.today),
                )
                for bare, there in groups.items()
            ),
            key=lambda group: (-len(group.today), -len(group.apart)),
        )
    )
