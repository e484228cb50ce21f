"""Two platforms beside each other: what the poster gets, and the rules that differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import combinations

from feed.disclosure.platforms import CHANNELS, Platform
from feed.disclosure.sentences import plain
from feed.disclosure.trace import Outcome
from feed.rules import RuleCard, rule_card
from feed.side import Row, Side, poster_side

from .cast import CAST, YOU
from .demos import STORY, Demo, Step, Where
from .lenses import Everywhere, Lens, lenses
from .scenes import clock

LIKED_AGAIN = (Step.LIKE, Step.LOOK, Step.UNLIKE, Step.LIKE, Step.LOOK)
"""Liked, seen, taken back and liked again: platforms that are alike otherwise part here."""

UNSEEN = (Step.LOOK, Step.LIKE, Step.UNLIKE, Step.LOOK)
"""Liked and taken back with no look in between."""

OPENINGS = (
    Demo(on=""),
    Demo(on="", did=UNSEEN, alerts=False),
    Demo(on="", did=LIKED_AGAIN),
    Demo(on="", did=(Step.LIKE, Step.WAIT, Step.UNLIKE, Step.LOOK)),
)
"""The histories that a pair may open with."""

COMPARED = (*CHANNELS, "profile")


@dataclass(frozen=True, slots=True)
class Beside(Everywhere):
    """The page of a pair, which opens with a history of its own choice: every address names one."""

    def address(self, parts: Iterable[tuple[str, str]]) -> str:
        kept = [part for part in parts if part[0] not in ("on", "flip")]
        return Where.address(self, kept or [("did", "-".join(STORY))])


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A rule that comes to different things on the two platforms, by what is known of both."""

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
    """The rules about likes that are known of both and come to something else."""
    return tuple(key for key in known(one, other) if one.rules[key].holds != other.rules[key].holds)


def known(one: Platform, other: Platform) -> tuple[str, ...]:
    """The rules about likes that are documented for both."""
    return tuple(key for key in compared(one) if not _open(one, other, key))


def unknown(one: Platform, other: Platform) -> tuple[str, ...]:
    """The rules about likes that nobody documents for one of them, or for either."""
    return tuple(key for key in compared(one) if _open(one, other, key))


def _open(one: Platform, other: Platform, key: str) -> bool:
    return one.rules[key].assumed or other.rules[key].assumed


def compared(platform: Platform) -> tuple[str, ...]:
    """The rules about likes."""
    return tuple(key for key in platform.rules if key.split(".")[0] in COMPARED)


def differences(one: Platform, other: Platform) -> tuple[Difference, ...]:
    """The rules about likes that are known to differ, in the order of the parts."""
    return tuple(
        Difference(title=card.title, cards=((one, card), (other, rule_card(other, key))))
        for key in differing(one, other)
        for card in [rule_card(one, key)]
    )


def alike(one: Platform, other: Platform) -> int:
    """How many rules about likes are known to be the same on both."""
    return len(known(one, other)) - len(differing(one, other))


def nearness(one: Platform, other: Platform) -> int:
    """In how many more rules about likes they are known to agree than to differ."""
    return alike(one, other) - len(differing(one, other))


def opening(one: Platform, other: Platform) -> Demo:
    """The first history that shows how they differ: by what the poster can tell whatever is
    assumed, else by what the poster can tell, else by what was sent. The usual one if none does.
    """
    both = {one.slug: one, other.slug: other}
    seen = [(demo, lenses(demo, both)) for demo in OPENINGS]
    told = [(demo, pair) for demo, pair in seen if pair[0].finding != pair[1].finding]
    sure = [(demo, pair) for demo, pair in told if not any(each.assumed for each in pair)]
    sent = [(demo, pair) for demo, pair in seen if _kinds(pair[0]) != _kinds(pair[1])]
    return next(demo for demo, _ in (*sure, *told, *sent, *seen))


def _kinds(lens: Lens) -> list[tuple[Outcome, str]]:
    """What became of notices, pushes and mails."""
    return [(line.kind, line.small) for line in (*lens.inbox, *lens.sent)]


def neighbours(platforms: Mapping[str, Platform]) -> tuple[Neighbours, ...]:
    """The pairs on which another thing follows when a like was seen, taken back and given again,
    whatever is assumed: the nearest first, each platform once."""
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
        key=lambda pair: -nearness(pair.one, pair.other),
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
    """The platform that is known to agree with this one in the most rules, less those in which it
    is known to differ; of several the first in the switch. None if it is the only one."""
    others = (other for other in platforms.values() if other.slug != one.slug)
    return max(others, key=lambda other: nearness(one, other), default=None)


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
