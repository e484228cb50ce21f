"""Two platforms beside each other: what the poster gets, and the rules that differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import combinations

from feed.disclosure.platforms import CHANNELS, Platform
from feed.disclosure.sentences import plain
from feed.rules import RuleCard, rule_card
from feed.side import Row, Side, poster_side

from .cast import CAST, YOU
from .demos import Demo, Step
from .lenses import lenses
from .scenes import clock

LIKED_AGAIN = (Step.LIKE, Step.LOOK, Step.UNLIKE, Step.LIKE, Step.LOOK)
"""Liked, seen, taken back and liked again: platforms that are alike otherwise part here."""

COMPARED = (*CHANNELS, "profile")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A rule that comes to different things on the two platforms."""

    title: str
    cards: tuple[tuple[Platform, RuleCard], tuple[Platform, RuleCard]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Two platforms that differ in few rules, and on which something else follows."""

    one: Platform
    other: Platform
    rules: int
    said: tuple[str, str]

    @property
    def address(self) -> str:
        did = "-".join(LIKED_AGAIN)
        return f"{pair_address(self.one.slug, self.other.slug)}?did={did}"


def pair_address(one: str, other: str) -> str:
    return f"/compare/{one}/{other}/"


def differing(one: Platform, other: Platform) -> tuple[str, ...]:
    """The rules about likes that come to something else, known or assumed."""
    return tuple(key for key in compared(one) if one.rules[key].holds != other.rules[key].holds)


def compared(platform: Platform) -> tuple[str, ...]:
    """The rules about likes."""
    return tuple(key for key in platform.rules if key.split(".")[0] in COMPARED)


def differences(one: Platform, other: Platform) -> tuple[Difference, ...]:
    """The rules about likes that differ, in the order of the parts."""
    return tuple(
        Difference(title=card.title, cards=((one, card), (other, rule_card(other, key))))
        for key in differing(one, other)
        for card in [rule_card(one, key)]
    )


def alike(one: Platform, other: Platform) -> int:
    """How many rules about likes are the same on both."""
    return len(compared(one)) - len(differing(one, other))


def neighbours(platforms: Mapping[str, Platform]) -> tuple[Neighbours, ...]:
    """The pairs on which another thing follows when a like was seen, taken back and given again,
    whatever is assumed: those that differ in the fewest rules first, each platform once."""
    demo = Demo(on=next(iter(platforms)), did=LIKED_AGAIN)
    views = lenses(demo, platforms)
    pairs = sorted(
        (
            Neighbours(
                one=a.platform,
                other=b.platform,
                rules=len(differing(a.platform, b.platform)),
                said=(plain(a.said), plain(b.said)),
            )
            for a, b in combinations(views, 2)
            if a.finding != b.finding and not (a.assumed or b.assumed)
        ),
        key=lambda pair: pair.rules,
    )
    taken: set[str] = set()
    chosen = []
    for pair in pairs:
        slugs = {pair.one.slug, pair.other.slug}
        if taken.isdisjoint(slugs):
            taken |= slugs
            chosen.append(pair)
    return tuple(chosen)


def nearest(one: Platform, platforms: Mapping[str, Platform]) -> Platform | None:
    """The platform that differs from this one in the fewest rules; of several the first in the
    switch. None if it is the only one."""
    others = (other for other in platforms.values() if other.slug != one.slug)
    return min(others, key=lambda other: len(differing(one, other)), default=None)


def meant(slug: str, platforms: Mapping[str, Platform]) -> Platform | None:
    """The platform that a mistyped address most likely means."""
    named = {platform.name.casefold(): platform for platform in platforms.values()}
    close = get_close_matches(slug.casefold(), [*platforms, *named], n=1)
    return next((platforms.get(word) or named[word] for word in close), None)


def side(demo: Demo, platform: Platform) -> Side:
    """The poster's phone on one platform. Its rules bear the platform's name as well, so that
    both phones can stand on one page."""
    drawn = poster_side(
        history=demo.history(),
        platform=platform,
        cast=CAST,
        you=YOU,
        suspects=demo.suspects(),
        at=demo.now,
        clock=clock,
    )
    own = f"{platform.slug}."

    def rows(drawn: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(replace(row, rule=own + row.rule) for row in drawn)

    def cards(drawn: tuple[RuleCard, ...]) -> tuple[RuleCard, ...]:
        return tuple(replace(card, key=own + card.key) for card in drawn)

    return replace(
        drawn,
        lock_screen=rows(drawn.lock_screen),
        activity=rows(drawn.activity),
        likers=rows(drawn.likers),
        unlikers=rows(drawn.unlikers),
        insights=rows(drawn.insights),
        tally=replace(drawn.tally, rule=own + drawn.tally.rule),
        rests_on=cards(drawn.rests_on),
        rules=cards(drawn.rules),
    )
