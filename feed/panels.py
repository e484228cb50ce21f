"""Figures as people read them: a number, how it changed, and a plot with a table behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from feed.disclosure.figures import (
    NAMES,
    Figure,
    Tally,
    figures,
    rate,
    standing,
    without_unlikes,
)
from feed.disclosure.platforms import Platform, Seat, Words
from feed.disclosure.rank import Part
from feed.insights import Record, Span
from feed.plots import Plot, Shape, written
from feed.rules import RuleCard, rule_card

COUNTS = frozenset({"likes", "unlikes", "comments", "shares"})
"""What is told as a count of all time; the others are told for the span."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    label: str
    number: str
    change: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One figure. Of one that is withheld there is only the rule."""

    name: str
    title: str
    rule: RuleCard
    number: str | None = None
    when: str = ""
    change: str = ""
    note: str = ""
    quiet: bool = False  # nothing of it happened in the span
    plot: Plot | None = None
    rows: Sequence[Row] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A part of the standing. ``length`` is that of its bar, in hundredths of the longest."""

    part: Part
    title: str
    points: str
    length: float
    rule: RuleCard

    @property
    def lowers(self) -> bool:
        return self.part.points < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the platform would make of the account, with and without unlikes."""

    points: str
    without: str
    differs: bool
    rate: str
    factors: Sequence[Factor]
    others: RuleCard
    plot: Plot
    rows: Sequence[Row]

    @property
    def rules(self) -> list[RuleCard]:
        return [*(factor.rule for factor in self.factors), self.others]

    @property
    def assumed(self) -> bool:
        return any(rule.assumed for rule in self.rules)


def panels(record: Record, platform: Platform) -> list[Panel]:
    """All figures as the poster gets them, each in its place whether it is given or not."""
    return [_panel(name, record, platform) for name in NAMES]


def _panel(name: str, record: Record, platform: Platform) -> Panel:
    def given(*tallies: Tally) -> Figure:
        return figures(tallies, platform, Seat.POSTER)[name]

    counted = name in COUNTS
    figure = given(record.base, *record.after) if counted else given(*record.during)
    rule = rule_card(platform, figure.rule)
    panel = Panel(
        name=name,
        title=titles(platform.words)[name],
        rule=rule,
        note=rule.says if figure.numbers is None else _note(name, rule.key, platform),
    )
    if figure.numbers is None:
        return panel
    if counted:
        return _count(panel, figure.numbers, record.span)
    sums = given(*(each for each in (record.whole, record.earlier) if each))
    return _sum(panel, figure.numbers, sums.numbers or (), record.span)


def titles(words: Words) -> dict[str, str]:
    return {
        "likes": words.likes.capitalize(),
        "unlikes": f"{words.unlike.capitalize()}s",
        "comments": "Comments",
        "shares": "Shares",
        "views": "Views",
        "reach": "People reached",
    }


def _count(panel: Panel, numbers: Sequence[int], span: Span) -> Panel:
    """A count as it stood at the end of each bucket; the first number is that before them."""
    base, *counts = numbers
    labels = span.labels
    fell = [label for label, (one, two) in zip(labels, pairwise(numbers), strict=True) if two < one]
    said = f"From {base:,} before {labels[0]} to {counts[-1]:,} at the end of {labels[-1]}."
    if fell:
        times = "once" if len(fell) == 1 else f"{len(fell):,} times, the last"
        said += f" It fell {times} {span.on} {fell[-1]}."
    return replace(
        panel,
        number=written(counts[-1]),
        when="now",
        change=f"{_compared(counts[-1] - base)} {span.words} ago" if span.earlier else "",
        quiet=len(set(numbers)) == 1,
        plot=_plot(panel, said, labels, counts, "steps"),
        rows=_rows(labels, numbers),
    )


def _sum(panel: Panel, numbers: Sequence[int], sums: Sequence[int], span: Span) -> Panel:
    """What adds up in each bucket, with the sums of the span and of the one before it, if any."""
    now, *earlier = sums
    labels = span.labels
    most = max(range(len(numbers)), key=lambda place: numbers[place])
    said = f"{now:,} {span.when}."
    if now:
        said += f" Most {span.on} {labels[most]}: {numbers[most]:,}."
    return replace(
        panel,
        number=written(now),
        when=span.when,
        change=f"{_compared(now - earlier[0])} in the {span.words} before" if earlier else "",
        quiet=not now,
        plot=_plot(panel, said, labels, numbers, "bars"),
        rows=[
            Row(label=label, number=written(n)) for label, n in zip(labels, numbers, strict=True)
        ],
    )


def _plot(
    panel: Panel, said: str, labels: Sequence[str], numbers: Sequence[int], shape: Shape
) -> Plot:
    return Plot(
        id=panel.name, title=panel.title, said=said, labels=labels, numbers=numbers, shape=shape
    )


def _note(name: str, rule: str, platform: Platform) -> str:
    """What a figure can tell and what it cannot."""
    likes, noun = platform.words.likes, platform.words.noun
    if name == "likes":
        if platform.insights.likes.holds == "gross":
            return (
                f"Every {platform.words.like} ever given. One taken back stays counted, so this "
                "never falls."
            )
        return (
            f"{likes.capitalize()} less those taken back. A fall hides behind a rise: one new and "
            "one taken back on the same day look like nothing at all."
        )
    if name == "unlikes":
        if rule == "unlikers.audience":
            return f"{platform.name} names everybody who took one back, {noun} by {noun}."
        return f"How many {likes} were taken back, without names."
    return {
        "comments": "Those that stand. One that is deleted is not counted any more.",
        "shares": "Those that stand. One that is undone is not counted any more.",
        "views": f"How often a {noun} was looked at, by the same person again and again too.",
        "reach": "How many different people looked. Who came on two days counts on both.",
    }[name]


def _compared(difference: int) -> str:
    if not difference:
        return "As many as"
    return f"{abs(difference):,} {'more' if difference > 0 else 'fewer'} than"


def _rows(labels: Sequence[str], numbers: Sequence[float]) -> list[Row]:
    """The numbers after the first, each with its change."""
    changes = zip(labels, pairwise(numbers), strict=True)
    return [
        Row(label=label, number=written(number), change=_signed(number - before))
        for label, (before, number) in changes
    ]


def _signed(number: float) -> str:
    return f"{'+' if number > 0 else ''}{written(number)}"


def judged(record: Record, platform: Platform) -> Judged:
    scores = [standing(tally, platform) for tally in record.after]
    now, labels = scores[-1], record.span.labels
    longest = max(abs(part.points) for part in now.parts) or 1
    daily = [score.points for score in scores]
    without = [without_unlikes(score) for score in scores]
    return Judged(
        points=written(now.points),
        without=written(without[-1]),
        differs=now.points != without[-1],
        rate=f"{rate(record.after[-1]):.0%}",
        factors=[
            Factor(
                part=part,
                title=part.name.capitalize(),
                points=_signed(part.points),
                length=round(100 * abs(part.points) / longest, 1),
                rule=rule_card(platform, part.key),
            )
            for part in now.parts
        ],
        others=rule_card(platform, "ranking.others"),
        plot=Plot(
            id="standing",
            title="Standing",
            said=f"From {written(daily[0])} at the end of {labels[0]} to {written(daily[-1])} now; "
            f"without unlikes from {written(without[0])} to {written(without[-1])}.",
            labels=labels,
            numbers=daily,
            others=without,
            shape="steps",
        ),
        rows=[
            Row(label=label, number=written(one), change=written(two))
            for label, one, two in zip(labels, daily, without, strict=True)
        ],
    )
