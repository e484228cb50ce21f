"""The order of photos for one viewer: a score is a sum of named parts, and each part has a rule.

A part is a weight of the platform's times a number. Six of them are about the photo's account,
and alike for all of its photos; what others did and the photo's age are its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from zlib import crc32

from .platforms import Platform, Ranking, Words

Off = frozenset[str]
"""Names of signals that are left out."""

SIGNALS = {
    "likes": "ranking.like",
    "unlikes": "ranking.unlike",
    "comments": "ranking.comment",
    "shares": "ranking.share",
    "time": "ranking.time",
    "standing": "ranking.standing",
    "others": "ranking.others",
    "age": "ranking.age",
}
"""The parts of a score, in the order in which they are added up, each with its rule."""

NOTHING_OFF: Off = frozenset()
LEAST_REACH = 0.2
"""The part of the followers whom a photo reaches however many likes of it are taken back."""

NEW = 3
"""For how many days a photo is called new."""

ALSO = 0.5
"""A second reason is told if it weighs at least this part of the first."""


class Done(NamedTuple):
    """What somebody did, or everybody: standing likes, all unlikes, comments and shares."""

    likes: int = 0
    unlikes: int = 0
    comments: int = 0
    shares: int = 0


NOTHING = Done()


class Candidate(NamedTuple):
    """A photo that could be shown. ``account`` is its poster's id; the counts are everybody's."""

    number: int
    account: int
    days: float
    likes: int
    unlikes: int
    comments: int
    shares: int

    @property
    def everybody(self) -> Done:
        return Done(self.likes, self.unlikes, self.comments, self.shares)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the viewer did with an account's photos, and the account's rate of unlikes.

    ``rate`` is the part of all likes ever given to it that were taken back.
    """

    yours: Done = NOTHING
    seconds: int = 0
    rate: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """All that one score is made from."""

    account: Account = Account()
    everybody: Done = NOTHING
    days: float = 0.0


class Part(NamedTuple):
    """``of`` says what was counted, such as “3 likes”; ``key`` is the rule with the weight."""

    name: str
    points: float
    key: str
    of: str


@dataclass(frozen=True, slots=True)
class Score:
    parts: tuple[Part, ...]

    @property
    def points(self) -> float:
        return _added(*(part.points for part in self.parts))


class _Weights:
    """A platform's weights, 0 for what is left out."""

    def __init__(self, ranking: Ranking, off: Off) -> None:
        held = {name: getattr(ranking, key.split(".")[1]).holds for name, key in SIGNALS.items()}
        counted = {name: 0.0 if name in off else weight for name, weight in held.items()}
        self.each = tuple(held[name] for name in Done._fields)
        self.yours = tuple(counted[name] for name in Done._fields)
        self.minute = counted["time"]
        self.standing = counted["standing"]
        self.others = counted["others"]
        self.day = counted["age"]

    def account(self, account: Account) -> tuple[float, ...]:
        yours = (weight * number for weight, number in zip(self.yours, account.yours, strict=True))
        return (*yours, self.minute * account.seconds / 60, self.standing * account.rate)

    def photo(self, everybody: Done, days: float) -> tuple[float, float]:
        worth = sum(weight * number for weight, number in zip(self.each, everybody, strict=True))
        return self.others * worth, self.day * days


def score(signals: Signals, platform: Platform, off: Off = NOTHING_OFF) -> Score:
    """The photo's score with its parts; a signal that is left out has none."""
    points = _points(signals, platform.ranking, off)
    rows = zip(SIGNALS.items(), points, _counted(signals, platform.words), strict=True)
    return Score(tuple(Part(name, p, key, of) for (name, key), p, of in rows if name not in off))


def _points(signals: Signals, ranking: Ranking, off: Off = NOTHING_OFF) -> tuple[float, ...]:
    weights = _Weights(ranking, off)
    return (*weights.account(signals.account), *weights.photo(signals.everybody, signals.days))


def order(
    candidates: Iterable[Candidate],
    accounts: Mapping[int, Account],
    ranking: Ranking,
    off: Off = NOTHING_OFF,
) -> list[Candidate]:
    """The candidates by their scores; of equals, the one that came first stays first.

    It adds up what ``score`` does, without the words: what an account brings, only once.
    """
    weights = _Weights(ranking, off)
    brought = {poster: sum(weights.account(account)) for poster, account in accounts.items()}
    like, unlike, comment, share = (weights.others * weight for weight in weights.each)
    day = weights.day

    def points(c: Candidate) -> float:
        _, account, days, likes, unlikes, comments, shares = c
        others = like * likes + unlike * unlikes + comment * comments + share * shares
        return _added(brought[account], others, day * days)

    return sorted(candidates, key=points, reverse=True)


def rates(candidates: Iterable[Candidate]) -> dict[int, float]:
    """Each account's rate of unlikes over its photos among the candidates.

    Every like ever given either stands or was taken back; those that went with a closed account
    count as never given.
    """
    likes: dict[int, int] = {}
    unlikes: dict[int, int] = {}
    for candidate in candidates:
        account = candidate.account
        likes[account] = likes.get(account, 0) + candidate.likes
        unlikes[account] = unlikes.get(account, 0) + candidate.unlikes
    return {account: lost / max(likes[account] + lost, 1) for account, lost in unlikes.items()}


def reach(unlikes: int, ranking: Ranking) -> float:
    """The part of its poster's followers whom a photo reaches after so many unlikes."""
    return max(LEAST_REACH, 1 - unlikes * ranking.reach.holds)


def reaches(number: int, person: str, share: float) -> bool:
    """Whether the photo is shown to a person if it reaches only a share of the followers.

    Chance decides, but always in the same way: who is reached by a small share is reached by any
    larger one, and each share reaches about as many as it says. A poster is not asked about.
    """
    return crc32(f"{number} {person}".encode()) < share * 2**32


def reason(
    *,
    place: int,
    lowered: int,
    signals: Signals,
    platform: Platform,
    whose: str,
) -> str:
    """Why a photo comes where it does, in one sentence for its card.

    ``whose`` is such as “Ben’s”. ``lowered`` is by how many places the viewer's unlikes put it
    down, which is found by ordering without them.
    """
    shown, words = f"Shown {ordinal(place)}", platform.words
    if lowered > 0:
        lower = f"{lowered} place{'' if lowered == 1 else 's'} lower"
        return f"{shown}, {lower}, because {_took_back(signals, words, whose)}."
    found = sorted(_reasons(signals, platform), key=lambda found: -found.points)
    told = [each for each in found[:2] if each.points >= ALSO * found[0].points]
    if not told:
        return f"{shown}: it is {_days(signals.days)} old."
    photos = f"{whose} {words.noun}s"
    said = [f"you {each.said} {photos}" if each.yours else each.said for each in told]
    if [each.yours for each in told] == [True, True]:
        said[1] = f"{told[1].said} them"
    return f"{shown}: {' and '.join(said)}."


class _Reason(NamedTuple):
    """What speaks for a photo; of what you did with its account's photos, up to their name."""

    points: float
    said: str
    yours: bool = False


def _reasons(signals: Signals, platform: Platform) -> list[_Reason]:
    yours, words = signals.account.yours, platform.words
    likes, _, comments, shares, time, _, others, _ = _points(signals, platform.ranking)
    fresh = -platform.ranking.age.holds * max(0.0, NEW - signals.days)
    found = [
        _Reason(likes, f"{words.liked} {_number(yours.likes)} of", True),
        _Reason(comments, f"commented {_times(yours.comments)} on", True),
        _Reason(shares, f"shared {_number(yours.shares)} of", True),
        _Reason(time, f"spent {_time(signals.account.seconds)} on", True),
        _Reason(others, "others responded to it"),
        _Reason(fresh, "it is new"),
    ]
    return [each for each in found if each.points > 0]


def _took_back(signals: Signals, words: Words, whose: str) -> str:
    unlikes = signals.account.yours.unlikes
    if unlikes == 1:
        return f"you took back a{'n' if words.like[0] in 'aeiou' else ''} {words.like} of {whose}"
    return f"you took back {_number(unlikes)} {words.likes} of {whose}"


def _counted(signals: Signals, words: Words) -> tuple[str, ...]:
    """What each part counts, in the order of SIGNALS."""
    account, everybody = signals.account, signals.everybody
    return (
        *_each(account.yours, words),
        _time(account.seconds),
        f"{account.rate:.0%} of its {words.likes} taken back",
        ", ".join(
            said for said, number in zip(_each(everybody, words), everybody, strict=True) if number
        )
        or "nothing yet",
        f"{_days(signals.days)} old",
    )


def _each(done: Done, words: Words) -> tuple[str, ...]:
    return (
        f"{done.likes:,} {words.like if done.likes == 1 else words.likes}",
        _some(done.unlikes, words.unlike),
        _some(done.comments, "comment"),
        _some(done.shares, "share"),
    )


def _added(*points: float) -> float:
    """The sum, to a millionth: equal scores come out equal whatever the order of the parts."""
    return round(sum(points), 6)


def ordinal(place: int) -> str:
    """first, 2nd, 3rd, 4th …"""
    if place == 1:
        return "first"
    teen = 10 < place % 100 < 20
    return f"{place}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(place % 10, 'th')}"


_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def _number(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{_number(number)} times")


def _some(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _days(days: float) -> str:
    return _some(int(days), "day") if days >= 1 else _some(int(days * 24), "hour")


def _time(seconds: int) -> str:
    return _some(seconds // 60, "minute") if seconds >= 60 else _some(seconds, "second")
