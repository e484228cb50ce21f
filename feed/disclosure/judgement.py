"""How right the tracker is: its report of one photo, held against what really happened.

Only here are the two in one place: ``tracker.report`` never sees the history.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from .history import Action, History, Person
from .likes import Likes
from .tracker import Accusation, Poll, Why, report

FALSE = {
    Why.GONE: "{name} closed the account, and the like went with it. Nobody took it back.",
    Why.CUT: "{name} still likes it. Newer likes pushed the name off a list that stops at {cut}.",
    Why.MISSING: "{name} still likes it. The app lost the name on its way.",
    Why.INTERRUPTED: "{name} still likes it. The scan broke off before it came to the name.",
    Why.MISCOUNTED: "No unlike fits. The number that the app read was off.",
}
MISSED = {
    Why.BETWEEN: "{name} liked it and took it back between two checks.",
    Why.AGAIN: "{name} took it back and liked it again before the next check.",
    Why.CUT: "{name} was further down than the list goes, which stops at {cut}.",
    Why.MISSING: "The app had lost {name} at the check before, so it saw no difference.",
    Why.INTERRUPTED: "The check before broke off ahead of {name}, so the app saw no difference.",
    Why.UNSEEN: "{name} took it back, and the number that the app read did not show it.",
    Why.BLOCKED: "{name} took it back when the app was locked out already.",
    Why.NOTHING: "{name} took it back. The platform gives such an app nothing to go by.",
}


@dataclass(frozen=True, slots=True)
class Ended:
    """A like that ended, by an unlike or with the account."""

    person: Person
    since: datetime
    until: datetime
    left: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """An accusation with the unlike that makes it true, or else the reason why it is false."""

    accusation: Accusation
    unlike: Ended | None
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Miss:
    """An unlike of which the app said nothing."""

    unlike: Ended
    why: Why


@dataclass(frozen=True, slots=True)
class Score:
    hits: int = 0
    misses: int = 0
    false: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.hits + other.hits, self.misses + other.misses, self.false + other.false)

    @property
    def accusations(self) -> int:
        return self.hits + self.false

    @property
    def unlikes(self) -> int:
        return self.hits + self.misses

    @property
    def precision(self) -> float | None:
        """The share of accusations that were true; None when nobody was accused."""
        return self.hits / self.accusations if self.accusations else None

    @property
    def recall(self) -> float | None:
        """The share of unlikes that were reported; None when there were none."""
        return self.hits / self.unlikes if self.unlikes else None


@dataclass(frozen=True, slots=True)
class Judgement:
    claims: tuple[Claim, ...]
    misses: tuple[Miss, ...]

    @property
    def score(self) -> Score:
        hits = sum(claim.unlike is not None for claim in self.claims)
        return Score(hits, len(self.misses), len(self.claims) - hits)


def judge(
    *, history: History, polls: Sequence[Poll], since: datetime, until: datetime
) -> Judgement:
    """The app's report of one photo beside what happened after ``since`` and up to ``until``.

    Each unlike makes at most one accusation true, and each accusation needs an unlike of its own
    between its two polls: the earliest by its person, since that ended the like that the app had
    seen, or for somebody the earliest that is left. An accusation that comes true only later was
    false when it was made.
    """
    return _Judge(history, polls, since, until).judgement()


class _Judge:
    def __init__(
        self, history: History, polls: Sequence[Poll], since: datetime, until: datetime
    ) -> None:
        ended = [like for like in _ended(history) if since < like.until <= until]
        self.unlikes = [like for like in ended if not like.left]
        self.leaves = [like for like in ended if like.left]
        self.since = since
        self.polls = [poll for poll in polls if poll.snapshot is not None]
        self.snapshots = [poll.snapshot for poll in polls if poll.snapshot is not None]
        self.moments = [poll.at for poll in self.polls]
        self.refused = len(self.polls) < len(polls)

    def judgement(self) -> Judgement:
        left: defaultdict[int, list[Ended]] = defaultdict(list)
        for each in self.unlikes:
            left[self._place(each.until)].append(each)
        claims = []
        for accusation in report(self.snapshots, self.since):
            open_ones = left[self._place(accusation.by)]
            fitting = (u for u in open_ones if accusation.person in (None, u.person))
            unlike = next(fitting, None)
            if unlike is None:
                claims.append(Claim(accusation, None, self._false(accusation)))
            else:
                open_ones.remove(unlike)
                claims.append(Claim(accusation, unlike))
        misses = (Miss(u, self._missed(u)) for unlikes in left.values() for u in unlikes)
        return Judgement(tuple(claims), tuple(sorted(misses, key=attrgetter("unlike.until"))))

    def _place(self, at: datetime) -> int:
        """The first poll from a moment on; one past the last if there is none."""
        return bisect_left(self.moments, at)

    def _false(self, accusation: Accusation) -> Why:
        person, by = accusation.person, accusation.by
        if any(
            accusation.after < like.until <= by and person in (None, like.person)
            for like in self.leaves
        ):
            return Why.GONE
        if person is None:
            return Why.MISCOUNTED
        return self.polls[self._place(by)].lost.get(person, Why.CUT)

    def _missed(self, unlike: Ended) -> Why:
        place = self._place(unlike.until)
        if place == len(self.polls):
            return Why.BLOCKED if self.refused else Why.NOTHING
        before = self.polls[place - 1] if place else None
        if before is None or before.at < unlike.since:
            return Why.BETWEEN
        assert before.snapshot is not None
        if before.snapshot.names is None:
            return Why.UNSEEN
        if unlike.person in before.lost:
            return before.lost[unlike.person]
        if unlike.person not in before.snapshot.names:
            return Why.CUT
        return Why.AGAIN


def _ended(history: History) -> Iterator[Ended]:
    """The likes that ended, in order of their ends."""
    likes = Likes(history.poster)
    for event in history.events:
        since = likes.since.get(event.person)
        ends = event.action in (Action.UNLIKE, Action.LEAVE)
        if likes.take(event) and ends and since is not None:
            yield Ended(event.person, since, event.at, event.action is Action.LEAVE)
