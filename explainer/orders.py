"""What an unlike does to a feed's order and to a post's reach.

All numbers are the engine's, on a small cast to which always the same happens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from feed.disclosure import rank
from feed.disclosure.history import Person
from feed.disclosure.platforms import Platform
from feed.disclosure.rank import SIGNALS, Account, Candidate, Done, Signals, ordinal
from feed.disclosure.sentences import Named
from feed.rules import RuleCard, rule_card, rule_cards
from feed.views.order import signed

from .accounts import AccountDemo, Drawn, Platforms, Verbs, controls, done, some, yours
from .cast import BEN, CAST, OTHERS

MIKA, JO, LEILA, KOFI = OTHERS[:4]

# Your feed


class Author(NamedTuple):
    """What you did with somebody's photos, and the newest of them."""

    person: Person
    yours: Done
    seconds: int
    everybody: Done
    days: float


OF_BEN = Author(BEN, Done(), 0, Done(likes=7), 0.5)
"""Ben's, without your likes and unlikes."""

AUTHORS = (
    Author(KOFI, Done(likes=1), 0, Done(likes=24, comments=3), 0.25),
    Author(MIKA, Done(likes=4), 0, Done(likes=9), 0.4),
    OF_BEN,
    Author(LEILA, Done(likes=1, shares=1), 0, Done(likes=6), 3.0),
    Author(JO, Done(likes=2), 90, Done(likes=5), 4.5),
)
"""Whom you follow, the newest photo first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A photo in your feed. ``fell`` is by how many places what you took back put it down."""

    author: Named
    place: int
    points: str
    why: str
    fell: int
    yours: bool  # it is the one whose likes you take back


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What Ben's photo lost, by one of the parts of its score."""

    label: str
    points: str
    rule: RuleCard


@dataclass(frozen=True, slots=True, kw_only=True)
class Sinking(Drawn):
    order: tuple[Placed, ...]
    losses: tuple[Loss, ...]


def sinking(demo: AccountDemo, platforms: Platforms) -> Sinking:
    """Your feed in the platform's order, and how far Ben's photo sinks in it."""
    platform, ben = platforms[demo.on], CAST[BEN]
    words = platform.words
    now, before = _order(demo, platform), _order(demo.before, platform)
    signals = _signals(demo)
    place, fell = now.index(BEN) + 1, now.index(BEN) - before.index(BEN)
    order = tuple(
        Placed(
            author=CAST[person],
            place=number,
            points=signed(rank.score(signals[person], platform).points),
            why=rank.reason(
                place=number,
                lowered=fell if person == BEN else 0,
                signals=signals[person],
                platform=platform,
                whose=f"{CAST[person].name}’s",
            ),
            fell=fell if person == BEN else 0,
            yours=person == BEN,
        )
        for number, person in enumerate(now, start=1)
    )
    taken = f"You took back {some(demo.unlikes, words.like, words.likes)} of {ben.name}’s"
    if not demo.unlikes:
        said = f"You took nothing back, and {ben.name}’s next {words.noun} comes {ordinal(place)}."
    elif fell:
        lower = some(fell, "place", "places")
        said = f"{taken}: the next {words.noun} comes {ordinal(place)}, {lower} lower than before."
    else:
        said = f"{taken}: the next {words.noun} still comes {ordinal(place)}, with fewer points."
    return Sinking(
        platform=platform,
        said=said,
        order=order,
        losses=_losses(demo, platform) if demo.unlikes else (),
        rules=rule_cards(platform, ("ranking.like", "ranking.unlike")),
        **controls(demo, verbs=yours(demo, platform)),
    )


def _order(demo: AccountDemo, platform: Platform) -> list[Person]:
    signals = _signals(demo)
    candidates = [
        Candidate(number, number, author.days, *author.everybody)
        for number, author in enumerate(AUTHORS)
    ]
    accounts = {number: signals[author.person].account for number, author in enumerate(AUTHORS)}
    found = rank.order(candidates, accounts, platform.ranking)
    return [AUTHORS[candidate.number].person for candidate in found]


def _signals(demo: AccountDemo) -> dict[Person, Signals]:
    return {
        author.person: Signals(
            account=Account(
                yours=done(demo, author.yours) if author is OF_BEN else author.yours,
                seconds=author.seconds,
            ),
            everybody=author.everybody,
            days=author.days,
        )
        for author in AUTHORS
    }


def _losses(demo: AccountDemo, platform: Platform) -> tuple[Loss, ...]:
    now, before = (
        {p.name: p for p in rank.score(_signals(each)[BEN], platform).parts}
        for each in (demo, demo.before)
    )
    gone = f"for {some(demo.unlikes, platform.words.like, platform.words.likes)} no longer there"
    named = {"likes": gone, "unlikes": f"for taking {'it' if demo.unlikes == 1 else 'them'} back"}
    return tuple(
        Loss(
            label=label,
            points=signed(now[name].points - before[name].points),
            rule=rule_card(platform, SIGNALS[name]),
        )
        for name, label in named.items()
    )


# The reach of a post

FOLLOWERS = 100
ROW, DOT = 20, 10
"""How many people stand in a row of the drawing, and how far apart."""


class Step(NamedTuple):
    unlikes: int
    reached: int
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach(Drawn):
    """``there`` and ``lost`` draw the followers whom it reaches and those whom it does not."""

    reached: int
    there: str
    lost: str
    steps: tuple[Step, ...]
    rule: RuleCard

    @property
    def missed(self) -> int:
        return FOLLOWERS - self.reached


def reach(demo: AccountDemo, platforms: Platforms) -> Reach:
    """How many of a poster's followers a photo reaches as likes are taken back."""
    platform, ben = platforms[demo.on], CAST[BEN]
    words, rule = platform.words, rule_card(platform, "ranking.reach")
    whose = f"{ben.name}’s followers"
    after = [round(FOLLOWERS * rank.reach(n, platform.ranking)) for n in range(demo.likes + 1)]
    reached = after[demo.unlikes]
    lost = after[0] - reached
    taken = f"{some(demo.unlikes, words.like, words.likes)} taken back"
    if not demo.unlikes:
        said = (
            f"With no {words.like} taken back, the {words.noun} reaches all {reached} of {whose}."
        )
    elif lost:
        said = (
            f"{taken}: the {words.noun} reaches {reached} of {ben.name}’s {FOLLOWERS} followers, "
            f"{lost} fewer."
        )
    else:
        said = f"{taken}: the {words.noun} still reaches all {reached} of {whose}."
    return Reach(
        platform=platform,
        said=said,
        reached=reached,
        there=_dots(range(reached)),
        lost=_dots(range(reached, FOLLOWERS)),
        steps=tuple(Step(n, number, n == demo.unlikes) for n, number in enumerate(after)),
        rule=rule,
        rules=(rule,),
        **controls(
            demo,
            verbs=Verbs(
                more="One more person takes it back",
                fewer="One person fewer",
                none="Nobody takes it back",
                all=f"All {demo.likes} take it back",
            ),
        ),
    )


def _dots(people: range) -> str:
    """A path with a dot for each of them, row by row."""
    half = DOT // 2
    places = ((half + n % ROW * DOT, half + n // ROW * DOT) for n in people)
    return "".join(f"M{x} {y}h0" for x, y in places)
