"""The careless observer: an app that claims to know who unliked you, and how often it is right.

It polls what the platform gives, compares each snapshot with the one before and takes every
difference for a fact. ``report`` is given the snapshots and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from zlib import crc32

from .disclose import Screen, Viewer, watch
from .history import History, Person
from .looks import Fact
from .platforms import Platform, Seat

REQUESTS_BORNE = 200
"""How many requests a platform that forbids tracking lets through in the demo.

A block at about 200 actions a day is reported in ``BLOCK_REPORTS``, also for tools that pause, and
a challenge on the very request that lists likers. The demo counts all requests, not those of a day.
"""

BLOCK_REPORTS = (
    (
        "A block at about 200 actions a day",
        "https://github.com/davidarroyo1234/InstagramUnfollowers/issues/83",
    ),
    (
        "Blocked despite long pauses",
        "https://github.com/ann0nip/RemoveInstagramUnfollowers/issues/8",
    ),
    (
        "A challenge on the request that lists likers",
        "https://github.com/dilame/instagram-private-api/issues/1765",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """What goes wrong when the app polls, and where such a fault is reported.

    ``missing`` is the share of names that get lost, ``interrupted`` the share of lists that break
    off part-way, and ``off`` how far a number is off, from and to which share of it.
    """

    slug: str
    name: str
    says: str
    source: str
    missing: float = 0
    interrupted: float = 0
    off: tuple[float, float] = (0, 0)


HONEST = Preset(
    slug="honest",
    name="Nothing",
    says="Each check gets all that the platform gives. It still only compares lists.",
    source="https://github.com/PrabhatProxy/InstaFetch",
)
MISSING = Preset(
    slug="missing",
    name="A name in a hundred is missing",
    says="People report lists that come out about one name in a hundred short.",
    source="https://github.com/Datalux/Osintgram/issues/330",
    missing=0.01,
)
OFF = Preset(
    slug="off",
    name="Numbers are 1 to 5 % off",
    says="On large accounts numbers and lists are reported to be 1 to 5 % apart.",
    source="https://github.com/TheM4hd1/SwiftyInsta/issues/73",
    off=(0.01, 0.05),
)
INTERRUPTED = Preset(
    slug="interrupted",
    name="Scans break off",
    says="A scan that is interrupted makes people look as if they had left. How often is not "
    "known: here it is one in ten.",
    source="https://github.com/davidarroyo1234/InstagramUnfollowers/issues/328",
    interrupted=0.1,
)
EVERYTHING = Preset(
    slug="everything",
    name="All of these",
    says="Runs of one tool are reported to differ from each other, and to accuse a real follower.",
    source="https://github.com/russdreamer/instagram-followers-statistics/issues/14",
    missing=MISSING.missing,
    interrupted=INTERRUPTED.interrupted,
    off=OFF.off,
)
PRESETS = {p.slug: p for p in (HONEST, MISSING, OFF, INTERRUPTED, EVERYTHING)}


class Kind(StrEnum):
    """What the app has to go by, the best first."""

    TOLD = "told"  # who took a like back, by name
    INTERFACE = "interface"  # names of likers, through the interface for software
    PAGES = "pages"  # names of likers, copied from pages while signed in as the poster
    NUMBER = "number"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Channel:
    """The way in which the app learns anything, and the rule that opens it."""

    kind: Kind
    seat: Seat
    rule: str


def channel(platform: Platform) -> Channel:
    """The best way in: unlikes told by name, then names, then a number."""
    software = platform.developer
    if software.unlikes.holds == "names":
        return Channel(Kind.TOLD, Seat.APP, "developer.unlikes")
    if platform.unlikers.audience.holds.includes(Seat.POSTER):
        return Channel(Kind.TOLD, Seat.POSTER, "unlikers.audience")
    if software.likers.holds != "none":
        return Channel(Kind.INTERFACE, Seat.APP, "developer.likers")
    if platform.likers.audience.holds.includes(Seat.POSTER):
        return Channel(Kind.PAGES, Seat.POSTER, "likers.audience")
    if software.unlikes.holds == "number":
        return Channel(Kind.NUMBER, Seat.APP, "developer.unlikes")
    if software.count.holds:
        return Channel(Kind.NUMBER, Seat.APP, "developer.count")
    if (
        platform.count.audience.holds.includes(Seat.POSTER)
        and platform.count.written.holds != "none"
    ):
        return Channel(Kind.NUMBER, Seat.POSTER, "count.audience")
    return Channel(Kind.NOTHING, Seat.APP, "developer.likers")


def names_cut_at(platform: Platform) -> int | None:
    """After how many names the list ends that the app reads; None: it does not."""
    by_software = channel(platform).seat is Seat.APP
    first = platform.developer.likers.holds if by_software else platform.likers.first.holds
    return first if isinstance(first, int) else None


def punishes(platform: Platform) -> bool:
    """Whether the platform forbids such an app and does something about it."""
    rules = platform.developer
    return rules.tracking.holds == "forbidden" and rules.penalty.holds != "none"


class Why(StrEnum):
    """Why an accusation was false, or why an unlike was missed; some reasons do for both."""

    GONE = "the account was closed"
    CUT = "the list was cut"
    MISSING = "a name was missing"
    INTERRUPTED = "the scan broke off"
    MISCOUNTED = "the number was off"
    BETWEEN = "between two polls"
    AGAIN = "liked again"
    UNSEEN = "the number hid it"
    BLOCKED = "locked out"
    NOTHING = "nothing to go by"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the app got in one poll of one photo; None where it got nothing of the kind.

    ``told`` holds unlikes by name, ``unlikes`` a number of them.
    """

    at: datetime
    names: tuple[Person, ...] | None = None
    count: int | None = None
    told: frozenset[Fact] | None = None
    unlikes: int | None = None


@dataclass(frozen=True, slots=True)
class Poll:
    """One poll of one photo; ``snapshot`` None was refused.

    ``lost`` holds the names that the platform gave and a fault kept out of the snapshot.
    """

    at: datetime
    snapshot: Snapshot | None
    lost: Mapping[Person, Why] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Polling:
    """All polls by photo, how many requests got through, and when the first was refused."""

    polls: Mapping[int, tuple[Poll, ...]]
    requests: int
    blocked: datetime | None


def poll(
    *,
    histories: Mapping[int, History],
    platform: Platform,
    moments: Sequence[datetime],
    preset: Preset,
) -> Polling:
    """What the app gets of these photos at the moments, which go in order of time.

    One poll of one photo is one request. The keys of the photos and the moments seed what chance
    decides, so that the same poll always has the same faults.
    """
    way = channel(platform)
    bears = REQUESTS_BORNE if punishes(platform) else None
    planned = [] if way.kind is Kind.NOTHING else moments
    asked: defaultdict[int, list[datetime]] = defaultdict(list)
    refused: defaultdict[int, list[datetime]] = defaultdict(list)
    requests, blocked = 0, None
    for at in planned:
        for key in (key for key, history in histories.items() if history.posted <= at):
            if bears is not None and requests == bears:
                blocked = blocked or at
                refused[key].append(at)
            else:
                requests += 1
                asked[key].append(at)
    polls = {}
    for key, history in histories.items():
        viewer = Viewer(way.seat, history.poster if way.seat is Seat.POSTER else None)
        screens = watch(history=history, platform=platform, viewer=viewer, moments=asked[key])
        polls[key] = (
            *(_read(screen, way, preset, key) for screen in screens),
            *(Poll(at, None) for at in refused[key]),
        )
    return Polling(polls, requests, blocked)


def _read(screen: Screen, way: Channel, preset: Preset, key: int) -> Poll:
    """The screen as the app takes it in. What is told by name it takes as it is."""
    if way.kind is Kind.TOLD:
        return Poll(screen.at, Snapshot(screen.at, told=frozenset(screen.unlikers or ())))
    chance = _Chance(f"{key} {screen.at.isoformat()}")
    shown = screen.likers.shown
    lost = _lost(shown or (), preset, chance)
    written = screen.face.count.written is not None
    snapshot = Snapshot(
        at=screen.at,
        names=None if shown is None else tuple(name for name in shown if name not in lost),
        count=_misread(screen.face.count.stands_for.low, preset, chance) if written else None,
        unlikes=screen.unlikes_figure,
    )
    return Poll(screen.at, snapshot, lost)


def _lost(shown: Sequence[Person], preset: Preset, chance: _Chance) -> dict[Person, Why]:
    lost = {name: Why.MISSING for name in shown if chance.share() < preset.missing}
    if shown and chance.share() < preset.interrupted:
        lost |= dict.fromkeys(shown[int(chance.share() * len(shown)) :], Why.INTERRUPTED)
    return lost


def _misread(count: int, preset: Preset, chance: _Chance) -> int:
    """A part of one like is rounded up as often as its size says, so small numbers err too."""
    least, most = preset.off
    amount = int((least + (most - least) * chance.share()) * count + chance.share()) if most else 0
    return count + amount if chance.share() < 0.5 else count - amount


class _Chance:
    """Shares, at least 0 and less than 1, that follow from a seed: the same at each run.

    SplitMix64: G. L. Steele Jr., D. Lea, C. H. Flood, "Fast splittable pseudorandom number
    generators", 2014.
    """

    def __init__(self, seed: str) -> None:
        self.state = crc32(seed.encode())

    def share(self) -> float:
        self.state = (self.state + 0x9E3779B97F4A7C15) % 2**64
        mixed = (self.state ^ self.state >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB % 2**64
        return ((mixed ^ mixed >> 31) >> 11) / 2**53


@dataclass(frozen=True, slots=True)
class Accusation:
    """The app says: this person (None: somebody) took a like back after the one moment and by
    the other. ``at`` is the moment of it, where the platform told."""

    after: datetime
    by: datetime
    person: Person | None = None
    at: datetime | None = None


def report(snapshots: Sequence[Snapshot], since: datetime) -> Iterator[Accusation]:
    """What the app, switched on at ``since``, says of one photo.

    What it is told it repeats. Else each difference between two snapshots is a fact to it: whoever
    is named no longer is accused, and where a number tells of more unlikes than names are gone,
    somebody is. Those accusations come after the named ones of the same two snapshots.
    """
    if snapshots and snapshots[0].told is not None:
        yield from _repeated(snapshots, since)
        return
    for old, new in pairwise(snapshots):
        there = frozenset(new.names or ())
        gone = [name for name in old.names or () if name not in there]
        for name in gone:
            yield Accusation(old.at, new.at, name)
        for _ in range(_unlikes_between(old, new) - len(gone)):
            yield Accusation(old.at, new.at)


def _repeated(snapshots: Sequence[Snapshot], since: datetime) -> Iterator[Accusation]:
    known: frozenset[Fact] = frozenset()
    after = since
    for snapshot in snapshots:
        told = snapshot.told or frozenset()
        for fact in sorted(told - known):
            if fact.at > since:
                yield Accusation(after, snapshot.at, fact.person, fact.at)
        known, after = told, snapshot.at


def _unlikes_between(old: Snapshot, new: Snapshot) -> int:
    """How many unlikes the numbers speak of: the platform's own, else the fall of the count."""
    if old.unlikes is not None and new.unlikes is not None:
        return new.unlikes - old.unlikes
    if old.count is not None and new.count is not None:
        return old.count - new.count
    return 0
