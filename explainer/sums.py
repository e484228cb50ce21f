"""What an unlike weighs in an account's standing, and in the score of one photo.

All numbers are the engine's, on a small cast to which always the same happens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from operator import add

from django.utils.text import get_text_list

from feed.disclosure import rank
from feed.disclosure.figures import FACTORS, Tally
from feed.disclosure.figures import standing as standing_of
from feed.disclosure.platforms import Platform
from feed.disclosure.rank import SIGNALS, Account, Done, Part, Score, Signals
from feed.panels import Factor, Row
from feed.plots import Plot, written
from feed.rules import RuleCard, rule_card, rule_cards
from feed.views.order import labels, signed

from .accounts import AccountDemo, Drawn, Platforms, Verbs, controls, done, some, yours
from .controls import Choice, Switch

# The standing of an account

WEEKS = 8
CALM = 2
"""In how many weeks, the first, nothing is taken back."""

A_WEEK = Tally(likes=10, comments=2, shares=1, views=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingOverTime(Drawn):
    points: str
    factors: tuple[Factor, ...]
    plot: Plot
    rows: tuple[Row, ...]
    others: RuleCard


def standing(demo: AccountDemo, platforms: Platforms) -> StandingOverTime:
    """What eight weeks make of an account, and what they would if nothing was taken back."""
    platform = platforms[demo.on]
    words = platform.words
    scores = [standing_of(tally, platform) for tally in weeks(demo.unlikes)]
    without = [standing_of(tally, platform).points for tally in weeks(0)]
    points = [score.points for score in scores]
    last = scores[-1]
    longest = max(abs(part.points) for part in last.parts) or 1
    labels = [f"week {number}" for number in range(1, WEEKS + 1)]
    stands, stood = signed(points[-1]), signed(without[-1])
    taken = f"{demo.unlikes} of each ten {words.likes} {'is' if demo.unlikes == 1 else 'are'}"
    if not demo.unlikes:
        said = f"Nothing is taken back: after {WEEKS} weeks the account stands at {stands} points."
    elif points[-1] != without[-1]:
        said = (
            f"{taken} taken back from week {CALM + 1} on: after {WEEKS} weeks the account "
            f"stands at {stands} points instead of {stood}."
        )
    else:
        said = f"{taken} taken back, and the account still stands at {stands} points."
    return StandingOverTime(
        platform=platform,
        said=said,
        points=stands,
        factors=tuple(
            _factor(part, part.name.capitalize(), longest, platform) for part in last.parts
        ),
        plot=Plot(
            id=f"{demo.where.spot}-standing",
            title="Standing",
            said=f"From {written(points[0])} to {written(points[-1])}; if nothing was taken back, "
            f"from {written(without[0])} to {written(without[-1])}.",
            labels=labels,
            numbers=points,
            others=without,
            shape="steps",
        ),
        rows=tuple(
            Row(label=label, number=written(one), change=written(other))
            for label, one, other in zip(labels, points, without, strict=True)
        ),
        others=rule_card(platform, "ranking.others"),
        rules=rule_cards(platform, (*FACTORS.values(), "ranking.others")),
        **controls(
            demo,
            verbs=Verbs(
                more="Take one more of ten back",
                fewer="Take one fewer back",
                none="Take nothing back",
                all=f"Take {demo.likes} of ten back",
            ),
        ),
    )


def weeks(unlikes: int) -> list[Tally]:
    """All that had happened to an account by the end of each week."""
    stormy = A_WEEK._replace(unlikes=unlikes)
    each = [A_WEEK if week < CALM else stormy for week in range(WEEKS)]
    return [*accumulate(each, lambda one, other: Tally(*map(add, one, other)))]


def _factor(part: Part, title: str, longest: float, platform: Platform) -> Factor:
    return Factor(
        part=part,
        title=title,
        points=signed(part.points),
        length=round(100 * abs(part.points) / longest, 1),
        rule=rule_card(platform, part.key),
    )


# The parts of one score

COMMENTS, SHARES, SECONDS = 2, 1, 240
EVERYBODY = Done(likes=45, unlikes=5, comments=6, shares=2)
DAYS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    factor: Factor
    off: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts(Drawn):
    points: str
    lines: tuple[Line, ...]


def parts(demo: AccountDemo, platforms: Platforms) -> Parts:
    """One photo's score as a sum, in which the unlike is one part of several."""
    platform = platforms[demo.on]
    signals = Signals(
        account=Account(
            yours=done(demo, Done(comments=COMMENTS, shares=SHARES)),
            seconds=SECONDS,
            rate=EVERYBODY.unlikes / (EVERYBODY.likes + EVERYBODY.unlikes),
        ),
        everybody=EVERYBODY,
        days=DAYS,
    )
    whole = rank.score(signals, platform)
    counted = rank.score(signals, platform, frozenset(demo.off))
    called = labels(platform)
    longest = max(abs(part.points) for part in whole.parts) or 1
    return Parts(
        platform=platform,
        said=_summed(demo, platform, whole, counted),
        points=signed(counted.points),
        lines=tuple(
            Line(
                factor=_factor(part, called[part.name], longest, platform),
                off=part.name in demo.off,
            )
            for part in whole.parts
        ),
        rules=rule_cards(platform, SIGNALS.values()),
        **controls(demo, _signal_switch(demo, called), verbs=yours(demo, platform)),
    )


def _summed(demo: AccountDemo, platform: Platform, whole: Score, counted: Score) -> str:
    noun, sum_ = platform.words.noun, signed(counted.points)
    if demo.off:
        called = labels(platform)
        names = [called[name].lower() for name in demo.off]
        named = get_text_list(names, "and")
        if counted.points == whole.points:
            return f"Without {named}, the {noun} scores {sum_} points all the same."
        return (
            f"Without {named}, the {noun} scores {sum_} points instead of {signed(whole.points)}."
        )
    said = f"The {noun} scores {sum_} points."
    if not demo.unlikes:
        return f"{said} You took nothing back, so that part of {len(whole.parts)} is empty."
    own = next(part.points for part in whole.parts if part.name == "unlikes")
    unlikes = some(demo.unlikes, platform.words.unlike, f"{platform.words.unlike}s")
    said += f" Your {unlikes} {'is' if demo.unlikes == 1 else 'are'} one part of {len(whole.parts)}"
    if not own:
        return f"{said}, which counts 0."
    share = abs(own) / sum(abs(part.points) for part in whole.parts)
    return f"{said}: {share:.0%} of all that counts for it or against it."


def _signal_switch(demo: AccountDemo, called: Mapping[str, str]) -> Switch:
    return Switch(
        id="counts",
        label="What counts; press one to leave it out",
        choices=tuple(
            Choice(
                slug=f"off-{name}",
                label=label,
                address=demo.switching(name),
                chosen=name not in demo.off,
            )
            for name, label in called.items()
        ),
    )
