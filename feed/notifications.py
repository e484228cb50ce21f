"""What somebody finds in their inbox and on their lock screen, out of the rows of their photos.

What is told of likes comes out of ``disclose`` for the poster and is stored nowhere, so there is
nothing that a platform would have to delete. Comments, shares and followers are told of for as
long as they stand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.text import Truncator

from feed import queries
from feed.cards import address, called, clock
from feed.disclosure.disclose import Screen, Viewer, disclose
from feed.disclosure.history import Action
from feed.disclosure.platforms import Platform, Seat
from feed.disclosure.post import Notice, Parcel, ParcelState
from feed.disclosure.sentences import Named
from feed.disclosure.trace import Outcome
from feed.forms import LARGEST
from feed.models import Comment, Follow, Person, Photo, Share
from feed.side import Row, _Drawn
from feed.visits import Visit

PHOTOS = 30
"""How many photos likes are told of: those to which something happened last."""

PRESSES = 3000
"""How many likes and unlikes these have at most, taken together; busier ones are left out."""

PAGE = 50
PUSHES = 8
FACES = 2
QUOTED = 90

R = TypeVar("R", bound=Model)


class Kind(StrEnum):
    """What a notice tells of."""

    LIKE = "like"
    UNLIKE = "unlike"
    COMMENT = "comment"
    SHARE = "share"
    FOLLOW = "follow"


SAYS = {
    Kind.LIKE: "{liked} your {noun}",
    Kind.UNLIKE: "{unliked} your {noun}",
    Kind.COMMENT: "commented on your {noun}",
    Kind.SHARE: "shared your {noun}",
    Kind.FOLLOW: "follows you",
}
ICONS = {
    Kind.UNLIKE: "undo-2",
    Kind.COMMENT: "message-circle",
    Kind.SHARE: "repeat-2",
    Kind.FOLLOW: "user",
}


class Place(NamedTuple):
    """Where a notice stands among all others, as a key that sorts.

    ``number`` is that of the photo where it tells of likes, else that of the row.
    """

    at: datetime
    kind: str
    number: int
    who: str

    @property
    def address(self) -> str:
        return ",".join((self.at.isoformat(), self.kind, str(self.number), self.who))


def place(text: str) -> Place | None:
    """A place out of an address; what cannot be read counts as not there."""
    parts = text.split(",", 3)
    if len(parts) < 4 or parts[1] not in list(Kind):
        return None
    at, number = moment(parts[0]), parts[2]
    if at is None or not (number.isdecimal() and number.isascii() and len(number) < 11):
        return None
    return Place(at, parts[1], min(int(number), LARGEST), parts[3])


LONG_AGO = 2000
"""A year before anything happened here; from before it, no delay can be taken."""


def moment(text: str) -> datetime | None:
    """A moment out of an address; what cannot be read, or says no time zone, is not there."""
    try:
        at = parse_datetime(text)
        return at.astimezone(UTC) if at and at.tzinfo and at.year >= LONG_AGO else None
    except (ValueError, OverflowError):
        return None


class Phone(StrEnum):
    """What somebody has done to their phone."""

    ON = "on"
    ASLEEP = "asleep"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One notice, in the inbox since it ``arrived``.

    ``people`` holds the handles of those it tells of, the latest first.
    """

    place: Place
    arrived: datetime
    people: tuple[str, ...]
    photo: Photo | None = None
    quote: str = ""

    @property
    def at(self) -> datetime:
        return self.place.at


class Sent(NamedTuple):
    photo: Photo
    parcel: Parcel


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """``older`` is the place below which it goes on, and ``busy`` the photos left out of it."""

    told: tuple[Told, ...]
    older: Place | None
    sent: tuple[Sent, ...]
    busy: tuple[Photo, ...]


def inbox(
    visit: Visit,
    *,
    below: Place | None = None,
    since: datetime | None = None,
    phone: Phone = Phone.ON,
) -> Inbox:
    """A page of what your inbox tells, the latest first, and all pushes, in six queries.

    ``since`` leaves out what is not after that moment, and the photos to which nothing happened.
    """
    cut = Cut(below, since)
    photos, busy = _photos(visit, since)
    apart = set(
        Person.objects.filter(pk__in=queries.kept_apart(visit.you)).values_list("handle", flat=True)
    )
    screens = _screens(photos, visit, phone)
    told = [
        each
        for photo, screen in screens
        for each in _likes(photo, screen.notices, visit.platform, apart)
        if cut.holds(each)
    ]
    told += _rows(visit.you, cut)
    told.sort(key=attrgetter("place"), reverse=True)
    return Inbox(
        told=tuple(told[:PAGE]),
        older=told[PAGE - 1].place if len(told) > PAGE else None,
        sent=tuple(_sent(screens, apart)),
        busy=tuple(busy),
    )


def _photos(visit: Visit, since: datetime | None) -> tuple[list[Photo], list[Photo]]:
    """Your photos whose likes can be told of in bounded time, and those with too many."""
    yours = Photo.objects.filter(poster=visit.you, removed_at__isnull=True)
    photos = yours.select_related("poster")
    if since is not None:
        delay = timedelta(seconds=visit.platform.limits.delay.holds)
        photos = photos.filter(latest_at__gt=since - delay)
    left = PRESSES
    few: list[Photo] = []
    many: list[Photo] = []
    for photo in photos.order_by("-latest_at", "-number")[:PHOTOS]:
        presses = photo.like_count + 2 * photo.unlike_count
        (few if presses <= left else many).append(photo)
        left -= presses if presses <= left else 0
    return few, many


def _screens(photos: Sequence[Photo], visit: Visit, phone: Phone) -> list[tuple[Photo, Screen]]:
    told = queries.histories(photos)
    viewer = Viewer(Seat.POSTER, visit.you.handle)
    asleep, alerts = phone is Phone.ASLEEP, phone is not Phone.SILENT
    screens = []
    for photo in photos:
        history = replace(told[photo.number], asleep=asleep, alerts=alerts)
        screen = disclose(history=history, platform=visit.platform, viewer=viewer, at=visit.at)
        screens.append((photo, screen))
    return screens


def _likes(
    photo: Photo, notices: Sequence[Notice], platform: Platform, apart: Collection[str]
) -> Iterator[Told]:
    """Likes as one notice where the platform groups them, dated by the latest that stands."""
    notices = [notice for notice in notices if notice.person not in apart]
    likes = [notice for notice in notices if notice.action is Action.LIKE]
    if platform.inbox.grouped.holds and likes:
        people = tuple(dict.fromkeys(like.person for like in likes))
        yield _told(photo, likes[0], platform, people)
        notices = [notice for notice in notices if notice.action is not Action.LIKE]
    for notice in notices:
        yield _told(photo, notice, platform, (notice.person,))


def _told(photo: Photo, notice: Notice, platform: Platform, people: tuple[str, ...]) -> Told:
    late = platform.limits.delay.holds if notice.action is Action.LIKE else 0
    return Told(
        place=Place(notice.at, Kind(notice.action), photo.number, notice.person),
        arrived=notice.at + timedelta(seconds=late),
        people=people,
        photo=photo,
    )


class Cut(NamedTuple):
    """Which part of what happened a page holds."""

    below: Place | None
    since: datetime | None

    def holds(self, told: Told) -> bool:
        return (self.below is None or told.place < self.below) and (
            self.since is None or told.arrived > self.since
        )

    def of(self, rows: QuerySet[R], at: str, kind: Kind) -> QuerySet[R]:
        """The latest of the rows that a page holds, and one more; ``at`` names their moment."""
        if self.since is not None:
            rows = rows.filter(**{f"{at}__gt": self.since})
        if self.below is not None:
            rows = rows.filter(_below(self.below, at, kind))
        return rows.order_by(f"-{at}", "-pk")[: PAGE + 1]


def _below(place: Place, at: str, kind: Kind) -> Q:
    """What comes below a place, as ``Place`` sorts."""
    earlier = Q(**{f"{at}__lt": place.at})
    if kind > place.kind:
        return earlier
    same = Q(**{at: place.at})
    return earlier | (same if kind < place.kind else same & Q(pk__lt=place.number))


def _rows(you: Person, cut: Cut) -> Iterator[Told]:
    """What others wrote, shared and followed, as much of each as a page can hold; three queries."""
    yours = Q(photo__poster=you, photo__removed_at__isnull=True)
    not_told = Q(person=you) | Q(person__in=queries.kept_apart(you))
    comments = Comment.objects.filter(yours).exclude(not_told).select_related("person", "photo")
    for comment in cut.of(comments, "at", Kind.COMMENT):
        quote = Truncator(comment.text).chars(QUOTED)
        about = {"photo": comment.photo, "quote": quote}
        yield _row(comment.pk, comment.at, Kind.COMMENT, comment.person, **about)
    shares = Share.objects.filter(yours).exclude(not_told).select_related("person", "photo")
    for share in cut.of(shares, "since", Kind.SHARE):
        yield _row(share.pk, share.since, Kind.SHARE, share.person, photo=share.photo)
    follows = Follow.objects.filter(followed=you, follower__left_at__isnull=True)
    for follow in cut.of(follows.select_related("follower"), "since", Kind.FOLLOW):
        yield _row(follow.pk, follow.since, Kind.FOLLOW, follow.follower)


def _row(pk: int, at: datetime, kind: Kind, who: Person, **more: Any) -> Told:
    place = Place(at, kind, pk, who.handle)
    return Told(place=place, arrived=at, people=(who.handle,), **more)


def _sent(screens: Sequence[tuple[Photo, Screen]], apart: Collection[str]) -> list[Sent]:
    sent = [
        Sent(photo, parcel)
        for photo, screen in screens
        for parcel in screen.pushes
        if parcel.person not in apart
    ]
    return sorted(sent, key=lambda each: each.parcel.at, reverse=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A notice as it is read. ``quiet`` says that it was there when all was marked as read."""

    told: Told
    faces: tuple[Named, ...]
    says: str
    icon: str
    at: str
    href: str
    quiet: bool

    @property
    def name(self) -> str:
        return self.faces[0].name


class Day(NamedTuple):
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A push as it lies on the lock screen, or does not. ``row`` has its words and its rule."""

    row: Row
    photo: Photo
    state: ParcelState
    icon: str
    at: str


PARCELS = {
    ParcelState.UNSENT: "hourglass",
    ParcelState.CANCELLED: "x",
    ParcelState.TRANSIT: "send",
    ParcelState.EXPIRED: "triangle-alert",
    ParcelState.DELIVERED: "check",
    ParcelState.RECALLED: "undo-2",
}


def drawn(visit: Visit, inbox: Inbox, read: datetime | None) -> tuple[list[Day], list[Push]]:
    """The notices by day and the latest pushes, in one query for the names of all of them."""
    sent = inbox.sent[:PUSHES]
    named = {handle for told in inbox.told for handle in told.people[:FACES]}
    people = Person.objects.filter(
        room=visit.room, handle__in=named | {each.parcel.person for each in sent}
    )
    cast = {person.handle: called(person) for person in people}
    lines = [_line(visit, told, cast, read) for told in inbox.told]
    days = groupby(lines, lambda line: line.told.at.date())
    drawer = _Drawn(
        visit.platform, cast, visit.you.handle, lambda at: clock(at, visit.at), visit.at, (), True
    )
    return (
        [Day(_day(day, visit.at.date()), tuple(lines)) for day, lines in days],
        [_push(each, drawer, visit) for each in sent],
    )


def _line(visit: Visit, told: Told, cast: Mapping[str, Named], read: datetime | None) -> Line:
    words, kind = visit.platform.words, Kind(told.place.kind)
    says = SAYS[kind].format(liked=words.liked, unliked=words.unliked, noun=words.noun)
    others = len(told.people) - 1
    more = f"and {others} {'other' if others == 1 else 'others'} " if others else ""
    return Line(
        told=told,
        faces=tuple(cast[handle] for handle in told.people[:FACES]),
        says=more + says,
        icon=ICONS.get(kind, words.icon),
        at=f"{told.at:%H:%M}",
        href=_href(told),
        quiet=read is not None and told.arrived <= read,
    )


def _href(told: Told) -> str:
    if told.photo is None:
        return reverse("feed:person", args=told.people)
    return address(told.photo.number) + ("#comments" if told.quote else "")


def _day(day: date, today: date) -> str:
    if day == today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    return f"{day.day} {day:%B}" if day.year == today.year else f"{day.day} {day:%B %Y}"


def _push(sent: Sent, drawer: _Drawn, visit: Visit) -> Push:
    parcel = sent.parcel
    (row,) = drawer.marked((drawer._push(parcel),))
    return Push(
        row=row,
        photo=sent.photo,
        state=parcel.state,
        icon=PARCELS[parcel.state],
        at=clock(parcel.arrived or parcel.at, visit.at),
    )


NEVER = {
    "inbox.like": "A {like} is never announced here",
    "inbox.unlike": "A {like} that is taken back is never announced here",
}


def withheld(platform: Platform) -> Row | None:
    """What this platform never announces, if there is anything."""
    for key, text in NEVER.items():
        rule = platform.rules[key]
        if not rule.holds:
            text = text.format(like=platform.words.like)
            return Row(kind=Outcome.WITHHELD, text=text, rule=key, assumed=rule.assumed)
    return None
