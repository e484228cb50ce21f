"""What somebody saw: the only thing that ``infer`` is ever given.

A look carries no history and no rule, just what the screen settles about the likes behind it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from .history import Person


@dataclass(frozen=True, slots=True)
class Interval:
    """The true values that a written count may stand for; ``high`` None means no upper end."""

    low: int = 0
    high: int | None = None

    def __contains__(self, value: int) -> bool:
        return self.low <= value and (self.high is None or value <= self.high)

    @property
    def exact(self) -> bool:
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Roll:
    """People who like the photo now. ``complete`` says that nobody else does."""

    names: frozenset[Person] = frozenset()
    complete: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """Somebody pressed like (or unlike) at one moment, as a notice, a push or a list told."""

    at: datetime
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look settles. Every default means: nothing was seen of it.

    ``every_first_like`` says that whoever ever liked, up to this look, and still has an account
    is among the facts of ``liked`` with the moment of their first like.
    ``unlikes`` is a number of all unlikes so far. It comes with a complete roll only.
    ``gone`` holds accounts that no longer exist. Of people known by name the observer knows it:
    their profiles can be opened.

    Raises ValueError for a number of unlikes beside a list that is not complete.
    """

    at: datetime
    count: Interval = Interval()
    likers: Roll = Roll()
    liked: frozenset[Fact] = frozenset()
    every_first_like: bool = False
    unliked: frozenset[Fact] = frozenset()
    unlikes: int | None = None
    gone: frozenset[Person] = frozenset()

    def __post_init__(self) -> None:
        if self.unlikes is not None and not self.likers.complete:
            raise ValueError("a number of unlikes is evidence only beside a complete list")

    @property
    def names(self) -> frozenset[Person]:
        """Everybody whom this look names."""
        return self.likers.names | {f.person for f in self.liked} | {f.person for f in self.unliked}


@dataclass(frozen=True, slots=True)
class Suspects:
    """Who could have liked at all.

    ``circle`` holds the people whom the observer knows could see the photo. In an ``open`` world
    there are others without number; ``strangers_leave`` says that their accounts may be closed
    without the observer learning of it, so that a count can fall without an unlike.
    """

    circle: frozenset[Person] = field(default_factory=frozenset)
    open: bool = False
    strangers_leave: bool = True
