"""The poster's figures: which of them the platform gives to whom, and what it would make of them.

Like ``disclose`` for one photo's likes, ``figures`` is the only door for numbers of a photo or of
an account. ``standing`` is what a platform with these weights would compute and shows nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .platforms import Platform, Seat, Words
from .rank import Part, Score

NAMES = ("likes", "unlikes", "comments", "shares", "views", "reach")
FACTORS = {
    "likes": "ranking.like",
    "comments": "ranking.comment",
    "shares": "ranking.share",
    "unlikes": "ranking.standing",
}
"""The parts of an account's standing, each with its rule."""

PER_VIEWS = 100
"""Likes, comments and shares count towards the standing for each so many views."""


class Tally(NamedTuple):
    """True numbers of a photo or of an account, over some time.

    ``likes`` counts every like that was given, and ``gone`` those that stood until their account
    was closed. Comments and shares are those added less those that went. ``people`` is how many
    different people viewed: the one number that does not add up.
    """

    likes: int = 0
    unlikes: int = 0
    gone: int = 0
    comments: int = 0
    shares: int = 0
    views: int = 0
    people: int = 0

    @property
    def net(self) -> int:
        return self.likes - self.unlikes - self.gone


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure's number for each tally (None: it is withheld), and the rule that decided it."""

    name: str
    numbers: tuple[int, ...] | None
    rule: str


Count = Callable[[Tally], int]

_LIKES: dict[str, Count | None] = {
    "net": lambda tally: tally.net,
    "gross": lambda tally: tally.likes,
    "none": None,
}
_OTHERS: dict[str, Count] = {
    "comments": lambda tally: tally.comments,
    "shares": lambda tally: tally.shares,
    "views": lambda tally: tally.views,
    "reach": lambda tally: tally.people,
}


def figures(tallies: Sequence[Tally], platform: Platform, seat: Seat) -> dict[str, Figure]:
    """All figures by name, as far as the platform gives them to somebody in this seat."""
    found = {}
    for name in NAMES:
        count, rule = _decided(name, platform, seat)
        numbers = None if count is None else tuple(count(tally) for tally in tallies)
        found[name] = Figure(name, numbers, rule)
    return found


def _decided(name: str, platform: Platform, seat: Seat) -> tuple[Count | None, str]:
    """How the platform counts a figure for somebody, if it gives it at all, and by which rule."""
    if name == "unlikes":
        return _unlikes(platform, seat)
    if not platform.insights.audience.holds.includes(seat):
        return None, "insights.audience"
    if name == "likes":
        return _LIKES[platform.insights.likes.holds], "insights.likes"
    key = f"figures.{name}"
    return _OTHERS[name] if platform.rules[key].holds else None, key


def _unlikes(platform: Platform, seat: Seat) -> tuple[Count | None, str]:
    """Whoever is told the names can count them."""

    def count(tally: Tally) -> int:
        return tally.unlikes

    insights = platform.insights.audience.holds.includes(seat)
    if insights and platform.insights.unlikes.holds:
        return count, "insights.unlikes"
    if platform.unlikers.audience.holds.includes(seat):
        return count, "unlikers.audience"
    if seat is Seat.APP:
        told = platform.developer.unlikes.holds != "none"
        return count if told else None, "developer.unlikes"
    return None, "insights.unlikes" if insights else "insights.audience"


def standing(tally: Tally, platform: Platform) -> Score:
    """What an account is worth to a ranking by the platform's weights, as a sum of parts.

    What everybody did to its photos counts for each hundred views, or for all of them while they
    are fewer, and the rate of unlikes as it does for each of its photos in a timeline. A tenth of
    a point is as fine as it is told.
    """
    ranking, words = platform.ranking, platform.words
    each = ranking.others.holds * PER_VIEWS / max(tally.views, PER_VIEWS)
    seen = _some(tally.views, "view")
    parts = (
        ("likes", each * ranking.like.holds * tally.net, f"{_likes(tally.net, words)} in {seen}"),
        (
            "comments",
            each * ranking.comment.holds * tally.comments,
            f"{_some(tally.comments, 'comment')} in {seen}",
        ),
        (
            "shares",
            each * ranking.share.holds * tally.shares,
            f"{_some(tally.shares, 'share')} in {seen}",
        ),
        (
            "unlikes",
            ranking.standing.holds * rate(tally),
            f"{tally.unlikes:,} of {_likes(tally.net + tally.unlikes, words)} taken back",
        ),
    )
    return Score(tuple(Part(name, _tenths(p), FACTORS[name], of) for name, p, of in parts))


def rate(tally: Tally) -> float:
    """The part of its likes that were taken back; those of closed accounts were never given."""
    return tally.unlikes / max(tally.net + tally.unlikes, 1)


def without_unlikes(score: Score) -> float:
    """What the standing would be if unlikes did not count."""
    return Score(tuple(part for part in score.parts if part.name != "unlikes")).points


def _tenths(points: float) -> float:
    return round(points, 1) + 0.0  # which makes 0.0 of -0.0


def _likes(number: int, words: Words) -> str:
    return f"{number:,} {words.like if number == 1 else words.likes}"


def _some(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
