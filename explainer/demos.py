"""What a demo is: a platform, what you and the poster did, and who else is there.

Its whole state is in the address, so that a link reproduces it and Back works.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from feed.disclosure.history import Action, Event, History, Person
from feed.disclosure.looks import Suspects
from feed.disclosure.platforms import Platform, Seat

from .addresses import AddressError, choice, once, picked
from .cast import BEN, OTHERS, YOU

MOST_STEPS = 40
MOST_OTHERS = 50
MOST_MORE = 4
"""How many followers there are who do not like it yet."""
BEGIN = datetime(2026, 6, 1, 14, 0)


class Step(StrEnum):
    LIKE = "like"
    UNLIKE = "unlike"
    SLIP = "slip"  # you take it back within seconds
    LOOK = "look"
    WAIT = "wait"
    PAUSE = "pause"  # a shorter wait
    NIGHT = "night"  # a wait until the next morning
    OTHER = "other"  # somebody else likes it
    GOES = "goes"  # the account of somebody else who likes it is closed
    COMMENT = "comment"
    SHARE = "share"
    LEAVE = "leave"  # you close your account


class World(StrEnum):
    CIRCLE = "circle"
    OPEN = "open"


class Age(StrEnum):
    NEW = "new"
    OLD = "old"


class SeatShown(StrEnum):
    """From whose seat the finding is told."""

    LIKER = "liker"
    POSTER = "poster"


class Relation(StrEnum):
    """Who the poster is to you."""

    FRIEND = "friend"
    FAMILY = "family"
    EX = "ex"
    COLLEAGUE = "colleague"
    CLIENT = "client"
    BOSS = "boss"


class Third(StrEnum):
    """Who looks on beside you and the poster, by the seat of the engine."""

    FRIEND = Seat.FRIEND
    STRANGER = Seat.STRANGER
    SERVER = Seat.SERVER
    READER = Seat.READER
    APP = Seat.APP


class Bet(StrEnum):
    """What a reader says beforehand that the poster can tell."""

    OPEN = "open"
    NOTHING = "nothing"
    SOMEONE = "someone"
    YOU = "you"


@dataclass(frozen=True, slots=True)
class Where:
    """Where a demo stands: a page, its name among the demos there, and what the address of the
    page says of the others."""

    path: str = "/"
    name: str = ""
    beside: tuple[tuple[str, str], ...] = ()

    def address(self, parts: Iterable[tuple[str, str]]) -> str:
        named = [(f"{self.name}.{part}" if self.name else part, value) for part, value in parts]
        anchor = f"#{self.spot}" if self.name else ""
        return f"{self.path}?{urlencode([*self.beside, *named])}{anchor}"

    @property
    def spot(self) -> str:
        """The id of the demo on its page."""
        return f"try-{self.name}" if self.name else "demo"

    @property
    def settled(self) -> bool:
        """Whether the page names the platform, for its demo too."""
        return any(part == "on" for part, _ in self.beside)


POSTED = {Age.NEW: datetime(2026, 6, 1, 12, 0), Age.OLD: datetime(2023, 6, 1, 12, 0)}

UNLIKES = (Step.UNLIKE, Step.SLIP)
WAITS = (Step.WAIT, Step.PAUSE, Step.NIGHT)
PRESSES = (Step.LIKE, *UNLIKES)

ACTIONS = {
    Step.LIKE: (YOU, Action.LIKE),
    Step.UNLIKE: (YOU, Action.UNLIKE),
    Step.SLIP: (YOU, Action.UNLIKE),
    Step.LOOK: (BEN, Action.LOOK),
    **dict.fromkeys(WAITS, (BEN, Action.WAKE)),
    Step.COMMENT: (YOU, Action.COMMENT),
    Step.SHARE: (YOU, Action.SHARE),
    Step.LEAVE: (YOU, Action.LEAVE),
}
PASSES = {
    **dict.fromkeys(Step, timedelta(minutes=1)),
    Step.SLIP: timedelta(seconds=5),
    Step.PAUSE: timedelta(minutes=5),
    Step.WAIT: timedelta(minutes=10),
    Step.NIGHT: timedelta(hours=17),
}

STORY = (Step.LOOK, Step.LIKE, Step.LOOK, Step.UNLIKE, Step.LOOK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """One state of the demo. Its fields are the parts of the address, save ``where`` it stands.

    Raises AddressError when a step cannot follow the one before it.
    """

    on: str
    did: tuple[Step, ...] = STORY
    others: int = 7
    world: World = World.CIRCLE
    age: Age = Age.NEW
    seat: SeatShown = SeatShown.LIKER
    alerts: bool = True
    hidden: bool = True
    flips: tuple[str, ...] = ()
    who: Relation = Relation.FRIEND
    third: Third = Third.FRIEND
    bet: Bet = Bet.OPEN
    where: Where = Where()

    def __post_init__(self) -> None:
        liked, left, others = False, False, self.others
        for number, step in enumerate(self.did, 1):
            if left and step in (*PRESSES, Step.COMMENT, Step.SHARE, Step.LEAVE):
                raise AddressError(f"Step {number} of “did” is yours, and your account is closed.")
            if step is Step.LIKE and liked:
                raise AddressError(f"Step {number} of “did” likes a photo that is already liked.")
            if step in UNLIKES and not liked:
                raise AddressError(f"Step {number} of “did” takes back a like that is not there.")
            if step is Step.GOES and not others:
                raise AddressError(f"Step {number} of “did” closes an account that is not there.")
            liked = step is Step.LIKE or (liked and step not in (*UNLIKES, Step.LEAVE))
            left = left or step is Step.LEAVE
            others += (step is Step.OTHER) - (step is Step.GOES)
        if self.did.count(Step.OTHER) > MOST_MORE:
            raise AddressError(f"“did” has {MOST_MORE} steps at most in which another likes it.")

    @property
    def liked(self) -> bool:
        presses = [step for step in self.did if step in (*PRESSES, Step.LEAVE)]
        return presses[-1:] == [Step.LIKE]

    @property
    def liked_at(self) -> datetime | None:
        """When the like that stands was pressed."""
        if not self.liked:
            return None
        steps = list(zip(self.did, self.moments, strict=True))
        return max(at for step, at in steps if step is Step.LIKE)

    @property
    def left(self) -> bool:
        return Step.LEAVE in self.did

    @property
    def full(self) -> bool:
        return len(self.did) >= MOST_STEPS

    @property
    def moments(self) -> tuple[datetime, ...]:
        """When each step happened."""
        at, moments = BEGIN, []
        for step in self.did:
            at += PASSES[step]
            moments.append(at)
        return tuple(moments)

    @property
    def now(self) -> datetime:
        return self.moments[-1] if self.did else BEGIN

    def history(self) -> History:
        """What happened, free of any platform."""
        likes = [
            Event(POSTED[self.age] + timedelta(minutes=2 * number), person, Action.LIKE)
            for number, person in enumerate(self.likers, 1)
        ]
        steps = tuple(
            Event(at, *action) for at, action in zip(self.moments, self.acts, strict=True)
        )
        return History(BEN, POSTED[self.age], (*likes, *steps), asleep=True, alerts=self.alerts)

    @property
    def acts(self) -> tuple[tuple[Person, Action], ...]:
        """Who did what in each step. Of the others, who came first goes first."""
        there, acts = list(self.likers), []
        more = iter(OTHERS[self.others :])
        for step in self.did:
            if step is Step.OTHER:
                there.append(next(more))
                acts.append((there[-1], Action.LIKE))
            elif step is Step.GOES:
                acts.append((there.pop(0), Action.LEAVE))
            else:
                acts.append(ACTIONS[step])
        return tuple(acts)

    @property
    def likers(self) -> tuple[Person, ...]:
        """The other people who like the photo throughout."""
        return OTHERS[: self.others]

    def suspects(self) -> Suspects:
        """Who could have liked: those who do, and a few followers who do not."""
        circle = frozenset({YOU, *OTHERS[: self.others + MOST_MORE]})
        if self.world is World.CIRCLE:
            return Suspects(circle)
        return Suspects(frozenset({YOU}), open=True)

    def platform(self, platforms: Mapping[str, Platform]) -> Platform:
        return platforms[self.on].flipped(*self.flips)

    def query(self) -> list[tuple[str, str]]:
        """The parts of the address; what is as usual is left out."""
        usual = Demo(on="")
        parts = [("on", self.on)]
        if self.did != usual.did:
            parts.append(("did", "-".join(self.did)))
        if self.others != usual.others:
            parts.append(("others", str(self.others)))
        if self.world is not usual.world:
            parts.append(("world", self.world))
        parts += [("age", self.age)] * (self.age is not usual.age)
        parts += [("seat", self.seat)] * (self.seat is not usual.seat)
        parts += [("alerts", "off")] * (not self.alerts) + [("hidden", "off")] * (not self.hidden)
        parts += [("who", self.who)] * (self.who is not usual.who)
        parts += [("third", self.third)] * (self.third is not usual.third)
        parts += [("bet", self.bet)] * (self.bet is not usual.bet)
        return parts + [("flip", key) for key in self.flips]

    def address(self, path: str = "", **changes: Any) -> str:
        """The address of this demo, or of it on another page, with some things changed."""
        where = Where(path) if path else self.where
        return where.address(replace(self, **changes).query())

    def after(self, step: Step) -> str:
        return self.address(did=(*self.did, step))

    def flipping(self, key: str) -> str:
        return self.address(flips=tuple(sorted({*self.flips} ^ {key})))


def parse(query: QueryDict, platforms: Mapping[str, Platform], where: Where = Where()) -> Demo:
    """The demo that an address asks for. Parts that no demo has are passed over.

    Raises AddressError for a part that cannot be read.
    """
    platform = picked(query, platforms)
    flips = tuple(dict.fromkeys(query.getlist("flip")))
    for key in flips:
        if key not in platform.assumptions:
            raise AddressError(
                f"“flip” names no assumption of {platform.name}: it is one of "
                f"{', '.join(platform.assumptions)}."
            )
    return Demo(
        on=platform.slug,
        did=_steps(once(query, "did", "-".join(STORY))),
        others=_number(once(query, "others", "7")),
        world=World(choice(query, "world", [*World])),
        age=Age(choice(query, "age", [*Age])),
        seat=SeatShown(choice(query, "seat", [*SeatShown])),
        alerts=choice(query, "alerts", ["on", "off"]) == "on",
        hidden=choice(query, "hidden", ["on", "off"]) == "on",
        flips=flips,
        who=Relation(choice(query, "who", [*Relation])),
        third=Third(choice(query, "third", [*Third])),
        bet=Bet(choice(query, "bet", [*Bet])),
        where=where,
    )


def switched(demo: Demo, platform: Platform) -> Demo:
    """The same demo on another platform, without assumptions that it does not make."""
    flips = tuple(key for key in demo.flips if key in platform.assumptions)
    return replace(demo, on=platform.slug, flips=flips)


def _steps(written: str) -> tuple[Step, ...]:
    words = written.split("-") if written else []
    if len(words) > MOST_STEPS:
        raise AddressError(f"“did” has {len(words)} steps; there is room for {MOST_STEPS}.")
    for number, word in enumerate(words, 1):
        if word not in [*Step]:
            raise AddressError(
                f"Step {number} of “did” is none of {', '.join(Step)}, joined by hyphens."
            )
    return tuple(map(Step, words))


def _number(written: str) -> int:
    if not (written.isascii() and written.isdigit() and len(written) < 4):
        raise AddressError(f"“others” is a whole number from 0 to {MOST_OTHERS}.")
    if int(written) > MOST_OTHERS:
        raise AddressError(f"“others” is at most {MOST_OTHERS}.")
    return int(written)
