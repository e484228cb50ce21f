"""The only door: what one viewer is shown of one photo's likes, and which rule decided it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from zlib import crc32

from .history import Action, History, Person, Summary
from .likes import Likes
from .looks import Fact, Interval, Look, Roll
from .platforms import CHANNELS, NETWORK, Platform, Seat, rounded, settings
from .post import Notice, Parcel, ParcelState, Post

NAMED_ON_A_CARD = 2

UNSEEN_BY_THE_POSTER = frozenset(
    {
        "limits.undo_within",
        "inbox.grouped",
        "count.hideable",
        "insights.likes",
        "developer.likers",
        "developer.count",
        "developer.unlikes",
        "developer.tracking",
        "developer.penalty",
        "network.unlike",
    }
)
"""The rules of the channels that settle nothing about the likes for the poster who looks."""


def seen_alike(platform: Platform) -> tuple[object, ...]:
    """What the looks of a poster rest on: alike for platforms on which they settle the same."""
    return tuple(
        rule.holds
        for key, rule in platform.rules.items()
        if key.split(".")[0] in CHANNELS and key not in UNSEEN_BY_THE_POSTER
    )


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and from which seat."""

    seat: Seat
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """A count as it is written (None: not at all) and the true values that it stands for."""

    written: str | None
    stands_for: Interval
    rule: str


@dataclass(frozen=True, slots=True)
class Names:
    """A list of likers, the latest first (None: no list), and whether it shows everybody."""

    shown: tuple[Person, ...] | None
    complete: bool
    rule: str


@dataclass(frozen=True, slots=True)
class Face:
    """What the photo itself shows: the count, some names, and whether the viewer likes it."""

    count: Count
    named: tuple[Person, ...]
    liked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """All that one viewer is shown at one moment, what was sent from the latest on."""

    at: datetime
    viewer: Viewer
    face: Face
    likers: Names
    notices: tuple[Notice, ...] = ()
    pushes: tuple[Parcel, ...] = ()
    mails: tuple[Parcel, ...] = ()
    unlikers: tuple[Fact, ...] | None = None
    likes_figure: int | None = None
    unlikes_figure: int | None = None
    look: Look


def disclose(*, history: History, platform: Platform, viewer: Viewer, at: datetime) -> Screen:
    """What the viewer is shown of the photo at one moment. Costs O(n log n) for n events."""
    return watch(history=history, platform=platform, viewer=viewer, moments=(at,))[0]


def face(*, summary: Summary, platform: Platform, viewer: Viewer, at: datetime) -> Face:
    """What the photo itself shows, from a summary: the same as the face of a whole screen."""
    named = summary.newest if _sees_likers(platform, viewer) else ()
    first = _first(platform, viewer)
    return Face(
        count=_count(summary.likes, platform, viewer, at),
        named=named[: min(first, NAMED_ON_A_CARD) if isinstance(first, int) else NAMED_ON_A_CARD],
        liked=summary.liked,
    )


def lists_likes(platform: Platform, seat: Seat) -> bool:
    """Whether somebody's profile lists what they like now, for a viewer in this seat."""
    return platform.profile.likes.holds.includes(seat)


def summarise(history: History, viewer: Viewer, at: datetime) -> Summary:
    """The summary of a history at one moment, for one viewer."""
    likes = Likes(history.poster)
    for event in history.until(at):
        likes.take(event)
    return _summary(likes, viewer)


def _summary(likes: Likes, viewer: Viewer) -> Summary:
    return Summary(
        poster=likes.poster,
        likes=len(likes.since),
        newest=tuple(islice(likes.newest(), NAMED_ON_A_CARD)),
        liked=viewer.person in likes.since,
    )


def watch(
    *, history: History, platform: Platform, viewer: Viewer, moments: Sequence[datetime]
) -> tuple[Screen, ...]:
    """What the viewer is shown at each of the moments, in one pass over the history.

    The moments must be in order of time. The look of each screen holds the pushes and
    e-mails that arrived since the moment before it.
    """
    likes, post = Likes(history.poster), Post(history, platform)
    screens: list[Screen] = []
    events, before = iter(history.events), None
    pending = next(events, None)
    for at in moments:
        while pending is not None and pending.at <= at:
            if likes.take(pending):
                post.take(pending)
            pending = next(events, None)
        screens.append(_screen(likes, post, platform, viewer, at, before))
        before = at
    return tuple(screens)


def _sees_likers(platform: Platform, viewer: Viewer) -> bool:
    if viewer.seat is Seat.APP:
        return platform.developer.likers.holds != "none"
    return platform.likers.audience.holds.includes(viewer.seat)


def _first(platform: Platform, viewer: Viewer) -> int | str:
    """How many names the viewer's list shows."""
    app = viewer.seat is Seat.APP
    return platform.developer.likers.holds if app else platform.likers.first.holds


def _count(likes: int, platform: Platform, viewer: Viewer, at: datetime) -> Count:
    if viewer.seat is Seat.APP:
        if platform.developer.count.holds:
            return Count(f"{likes:,}", Interval(likes, likes), "developer.count")
        return Count(None, Interval(), "developer.count")
    if not platform.count.audience.holds.includes(viewer.seat):
        return Count(None, Interval(), "count.audience")
    how, number = settings(platform.count.written.holds)
    match how:
        case "none":
            return Count(None, Interval(), "count.written")
        case "rounded":
            written, low, high = rounded(likes, number)
            return Count(written, Interval(low, high), "count.written")
        case "fuzzed":
            # No chance in here: the noise is drawn from the moment, so that a reload later on
            # shows another number and the same page shows the same one.
            noise = crc32(at.isoformat().encode()) % (2 * number + 1) - number
            shown = max(0, likes + noise)
            return Count(
                f"{shown:,}", Interval(max(0, shown - number), shown + number), "count.written"
            )
    return Count(f"{likes:,}", Interval(likes, likes), "count.audience")


def _likers(likes: Likes, platform: Platform, viewer: Viewer) -> Names:
    app = viewer.seat is Seat.APP
    if not _sees_likers(platform, viewer):
        return Names(None, False, "developer.likers" if app else "likers.audience")
    first = _first(platform, viewer)
    rule = "developer.likers" if app else "likers.first"
    if not isinstance(first, int):
        return Names(tuple(likes.newest()), True, rule)
    # A list that is filled to its end does not tell whether it was cut there.
    return Names(tuple(islice(likes.newest(), first)), len(likes.since) < first, rule)


def _screen(
    likes: Likes,
    post: Post,
    platform: Platform,
    viewer: Viewer,
    at: datetime,
    before: datetime | None,
) -> Screen:
    poster, app = viewer.seat is Seat.POSTER, viewer.seat is Seat.APP
    told = platform.developer.unlikes.holds if app else None
    insights = platform.insights.audience.holds.includes(viewer.seat)
    lists_unlikers = platform.unlikers.audience.holds.includes(viewer.seat) or told == "names"
    sent = viewer.seat in NETWORK and platform.network.unlike.holds.includes(viewer.seat)
    counts_unlikes = (insights and platform.insights.unlikes.holds) or told == "number"
    shares = platform.insights.likes.holds if insights else "none"
    screen = Screen(
        at=at,
        viewer=viewer,
        face=face(summary=_summary(likes, viewer), platform=platform, viewer=viewer, at=at),
        likers=_likers(likes, platform, viewer),
        notices=tuple(post.inbox_at(at)) if poster else (),
        pushes=tuple(post.parcels_at(at)) if poster else (),
        mails=tuple(post.mails_at(at)) if poster else (),
        unlikers=tuple(reversed(likes.unlikes)) if lists_unlikers or sent else None,
        likes_figure={"net": len(likes.since), "gross": likes.likes, "none": None}[shares],
        unlikes_figure=len(likes.unlikes) if counts_unlikes or lists_unlikers else None,
        look=Look(at=at),
    )
    gone = frozenset(likes.gone)
    return replace(screen, look=_look(screen, post, platform, gone, before))


def _look(
    screen: Screen,
    post: Post,
    platform: Platform,
    gone: frozenset[Person],
    before: datetime | None,
) -> Look:
    """What the screen settles, for somebody who knows the platform's rules."""
    inbox = screen.viewer.seat is Seat.POSTER and post.inbox["like"] and not post.delay
    likes = frozenset(Fact(n.at, n.person) for n in screen.notices if n.action is Action.LIKE)
    unlikes = frozenset(Fact(n.at, n.person) for n in screen.notices if n.action is Action.UNLIKE)
    arrived = [
        p
        for p in (*screen.pushes, *screen.mails)
        if p.state is ParcelState.DELIVERED
        and p.arrived is not None
        and (before is None or p.arrived > before)
    ]
    names = frozenset(screen.likers.shown or ())
    if screen.viewer.person is not None and screen.face.liked:
        names |= {screen.viewer.person}
    complete = screen.likers.complete
    if post.inbox["withdrawn"]:
        names |= {fact.person for fact in likes}
        complete = complete or bool(inbox and post.inbox["again"])
    return Look(
        at=screen.at,
        count=screen.face.count.stands_for,
        likers=Roll(names, complete),
        liked=likes
        | {Fact(p.at, p.person) for p in arrived if p.action is Action.LIKE}
        | (frozenset(post.own) if screen.viewer.seat is Seat.POSTER else frozenset()),
        every_first_like=bool(inbox and not post.inbox["withdrawn"]),
        unliked=unlikes
        | {Fact(p.at, p.person) for p in arrived if p.action is Action.UNLIKE}
        | frozenset(screen.unlikers or ()),
        unlikes=screen.unlikes_figure if _always_whole(screen, platform) else None,
        gone=gone,
    )


def _always_whole(screen: Screen, platform: Platform) -> bool:
    """Whether the viewer's list names everybody, however many they are."""
    return screen.likers.shown is not None and _first(platform, screen.viewer) == "all"
