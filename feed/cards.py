"""Cards: what one person sees of a photo, and on the back what its poster sees."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.timesince import timesince

from feed import queries
from feed.disclosure.disclose import Face, Viewer, face
from feed.disclosure.history import History, Summary
from feed.disclosure.looks import Look, Suspects
from feed.disclosure.platforms import Platform, Seat
from feed.disclosure.sentences import Named
from feed.models import Person, Photo
from feed.side import Side, poster_side
from feed.visits import Visit

JUST_NOW = timedelta(seconds=5)
"""For how long what happened is shown as it arrives on the poster's phone."""

LOOKS_SHOWN = 12
WIDTH, HEIGHT, EDGE = 400, 72, 8


class Dot(NamedTuple):
    x: int
    y: int
    fell: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The number at each of the poster's latest looks, as a curve in a box of WIDTH by HEIGHT."""

    counts: tuple[int, ...]
    dots: tuple[Dot, ...]
    since: str

    @property
    def points(self) -> str:
        """From dot to dot in steps, since the number stands between two looks."""
        path = [f"{self.dots[0].x},{self.dots[0].y}"]
        for before, dot in pairwise(self.dots):
            path += [f"{dot.x},{before.y}", f"{dot.x},{dot.y}"]
        return " ".join(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """``pressed`` is the face as it will be once the heart is pressed."""

    photo: Photo
    platform: Platform
    poster: Named
    mine: bool
    face: Face
    pressed: Face
    names: tuple[str, ...]
    ago: str
    turn: str = ""  # the address with the card turned over, or back
    timed: bool = False  # the time that you spend on it is kept
    shared: bool = False
    shared_by: str = ""  # the first name of one whom you follow, if that is why it is here
    reason: str = ""  # why it comes where it does
    side: Side | None = None
    steps: int = 0  # how much has happened to it
    looked: str = ""  # when its poster last looked
    seen: Seen | None = None

    @property
    def part(self) -> str:
        """The id of its element."""
        return f"photo-{self.photo.number}"

    @property
    def foot(self) -> str:
        """The id of what a press on its front changes."""
        return f"foot-{self.photo.number}"

    @property
    def address(self) -> str:
        return address(self.photo.number)

    @property
    def posted(self) -> str:
        """When, for machines."""
        return self.photo.posted_at.isoformat(timespec="seconds")

    @property
    def poster_address(self) -> str:
        return person_address(self.photo.poster.handle)

    @property
    def press_address(self) -> str:
        return f"{self.address}{'unlike' if self.face.liked else 'like'}/"

    @property
    def press(self) -> str:
        words = self.platform.words
        return capfirst(words.unlike if self.face.liked else words.like)

    @property
    def share_address(self) -> str:
        return f"{self.address}{'unshare' if self.shared else 'share'}/"

    @property
    def share_pressed(self) -> str:
        return "true" if self.shared else "false"

    @property
    def whose(self) -> str:
        """Whose side is on its back."""
        return "your" if self.mine else f"{self.poster.name}’s"

    @property
    def place(self) -> str:
        """Where its poster is, before the time."""
        return f"{self.photo.poster.place}, " if self.photo.poster.place else ""

    @property
    def words(self) -> str:
        """The noun that goes with the number of likes."""
        return self.platform.words.of(self.face.count.written)

    @property
    def comments(self) -> str:
        """How many there are; nothing where there are none."""
        return f"{self.photo.comment_count or ''}"

    @property
    def shares(self) -> str:
        return f"{self.photo.share_count or ''}"

    @property
    def liked_by(self) -> SafeString:
        more = self.face.count.stands_for.low > len(self.names)
        between = ", " if more else " and "
        names = format_html_join(between, "<b>{}</b>", ((name,) for name in self.names))
        liked = capfirst(self.platform.words.liked)
        return format_html("{} by {}{}", liked, names, " and others" if more else "")

    @property
    def count_rule(self) -> str:
        """The id of the rule that decides on the number."""
        return self.face.count.rule.replace(".", "-")

    @property
    def names_hidden(self) -> bool:
        return not self.names and self.face.count.stands_for.low > 0


@lru_cache(maxsize=10_000)
def address(number: int) -> str:
    """Where a photo is. What you do to it comes below: ``like/``, ``share/``, ``comment/``."""
    return reverse("feed:photo", args=[number])


@lru_cache(maxsize=10_000)
def person_address(handle: str) -> str:
    return reverse("feed:person", args=[handle])


def cards(visit: Visit, photos: Sequence[Photo], *, turned: int | None) -> list[Card]:
    """A card for each photo, in one query, and two more for the one that is turned over."""
    summaries = queries.summaries(photos, visit.you)
    turns = _turns(visit.here)
    drawn = []
    for photo in photos:
        card = front(visit, photo, summaries[photo.pk])
        card = replace(card, turn=turns(None if photo.number == turned else photo.number))
        drawn.append(turn(visit, card) if photo.number == turned else card)
    return drawn


def _turns(here: str) -> Callable[[int | None], str]:
    """The address of a page with one card turned over, or none."""
    path, _, query = here.partition("?")
    others = QueryDict(query, mutable=True)
    others.pop("turned", None)
    kept = others.urlencode()

    def turned(number: int | None) -> str:
        parts = [kept] if kept else []
        parts += [f"turned={number}"] if number is not None else []
        return f"{path}?{'&'.join(parts)}" if parts else path

    return turned


def seat_of(photo: Photo, you: Person, *, liked: bool, followed: bool) -> Seat:
    """Where you sit before a card.

    A seat belongs to one like, and a card stands for many. So you are its poster, else a liker
    if you like it; who follows the poster sees it as a friend of the others who do, and anybody
    else as a stranger.
    """
    if photo.poster_id == you.pk:
        return Seat.POSTER
    if liked:
        return Seat.LIKER
    return Seat.FRIEND if followed else Seat.STRANGER


def turn(visit: Visit, card: Card) -> Card:
    """The card with its poster's side, in two queries."""
    latest = card.photo.latest_at
    at = latest if visit.at - latest < JUST_NOW else visit.at
    return backed(visit, card, queries.history(card.photo), at)


def backed(visit: Visit, card: Card, history: History, at: datetime) -> Card:
    """The card with its poster's side as it is at one moment."""
    side = side_of(visit, history, at)
    looked = clock(side.looks[-1].at, visit.at) if side.looks else ""
    steps = len(history.events)
    return replace(card, side=side, steps=steps, looked=looked, seen=seen(side.looks, visit.at))


def side_of(visit: Visit, history: History, at: datetime) -> Side:
    """Everybody in the room can open any of its photos, and their posters know them all."""
    return poster_side(
        history=history,
        platform=visit.platform,
        cast=named(visit.people),
        you=visit.you.handle,
        suspects=Suspects(frozenset(visit.people) - {history.poster}),
        at=at,
        clock=lambda at: clock(at, visit.at),
    )


def seen(looks: Sequence[Look], now: datetime) -> Seen | None:
    """What the poster saw of the number; nothing where it is hidden or was seen only once."""
    looks = looks[-LOOKS_SHOWN:]
    counts = tuple(look.count.low for look in looks)
    if len(looks) < 2 or any(look.count.high is None for look in looks):
        return None
    low, high = min(counts), max(counts)
    across = (WIDTH - 2 * EDGE) // (len(looks) - 1)
    down = (HEIGHT - 2 * EDGE) / max(high - low, 1)
    dots = tuple(
        Dot(EDGE + number * across, round(EDGE + (high - count) * down), count < before)
        for number, (before, count) in enumerate(pairwise((counts[0], *counts)))
    )
    return Seen(counts=counts, dots=dots, since=clock(looks[0].at, now))


def named(people: Mapping[str, Person]) -> dict[str, Named]:
    return {handle: called(person) for handle, person in people.items()}


def called(person: Person) -> Named:
    """By their first name, as people who know each other are."""
    return Named(person.name.split()[0], person.pronouns, person.avatar)


def clock(at: datetime, now: datetime) -> str:
    """A time of today as 14:02, another as 18 November 14:02."""
    return f"{at:%H:%M}" if at.date() == now.date() else f"{at.day} {at:%B %H:%M}"


def ago(at: datetime, now: datetime) -> str:
    if now - at < timedelta(minutes=1):
        return "just now"
    return f"{timesince(at, now, depth=1)} ago".replace("\xa0", " ")


def front(visit: Visit, photo: Photo, summary: Summary, *, then: datetime | None = None) -> Card:
    """The photo as you see it, then or now, and as you will once you press the heart.

    It is one that ``feed.queries`` found for you.
    """
    at = then or visit.at
    followed = bool(getattr(photo, "followed", False))
    seat = seat_of(photo, visit.you, liked=summary.liked, followed=followed)

    def as_seen(summary: Summary) -> Face:
        viewer = Viewer(seat, visit.you.handle)
        return face(summary=summary, platform=visit.platform, viewer=viewer, at=at)

    now = as_seen(summary)
    step = -1 if summary.liked else 1
    other = replace(summary, likes=summary.likes + step, liked=not summary.liked)
    known = followed or photo.poster_id == visit.you.pk
    sharer = None if known else getattr(photo, "shared_by", None)
    return Card(
        photo=photo,
        platform=visit.platform,
        poster=called(photo.poster),
        mine=seat is Seat.POSTER,
        face=now,
        pressed=as_seen(other),
        names=tuple("you" if name == visit.you.handle else name for name in now.named),
        ago=ago(photo.posted_at, visit.at),
        timed=visit.kept and seat is not Seat.POSTER and not then,
        shared=bool(getattr(photo, "shared", False)),
        shared_by=called(visit.people[sharer]).name if sharer else "",
    )
