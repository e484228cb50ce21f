"""Rows into the order of a person's timeline, in two queries however many photos there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    FloatField,
    Func,
    OuterRef,
    Q,
    Sum,
    Value,
)
from django.db.models.sql.compiler import SQLCompiler

from feed import queries
from feed.disclosure import rank
from feed.disclosure.history import Action
from feed.disclosure.platforms import Platform
from feed.disclosure.rank import Account, Candidate, Done, Signals
from feed.models import Comment, Event, Like, Person, Photo, Room, Share

CANDIDATES = 1200
"""How many photos are put in order, the newest there are.

So many posts of those whom one follows X's published ranker takes (ThunderMaxResults in
home-mixer/params/param.rs of xai-org/x-algorithm).
"""

REMEMBERED = 1000
"""How many of the person's own presses and views count, the newest there are."""

UNLIKES = frozenset({"unlikes"})
PRESSES = (Action.LIKE, Action.UNLIKE, Action.COMMENT, Action.SHARE)
"""In the order of the fields of Done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A photo in its place, of which the first is 1.

    ``usual`` is its place with no signal left out, and ``spared`` its place if only the person's
    own unlikes were.
    """

    number: int
    place: int
    usual: int
    spared: int
    signals: Signals

    @property
    def lowered(self) -> int:
        """By how many places the person's unlikes put it down; less than 0 if others' went by."""
        return self.usual - self.spared

    @property
    def moved(self) -> int:
        """How many places further up it is for what is left out."""
        return self.usual - self.place


@dataclass(frozen=True, slots=True)
class Kept:
    """A photo of somebody whom the person follows that does not reach the person."""

    number: int
    unlikes: int
    reach: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """A page of the order, with some of what is kept from the person.

    ``total`` is how many photos are in the order, and ``older`` the place after which the next
    page goes on, if there is one.
    """

    page: tuple[Ranked, ...]
    kept: tuple[Kept, ...]
    total: int
    older: int | None

    def photos(self, room: Room, person: Person) -> dict[int, Photo]:
        """The photos of the page and those kept, by number, as the timeline has them; one query.

        One that was removed a moment ago is not among them.
        """
        numbers = [each.number for each in self.page] + [each.number for each in self.kept]
        found = queries.timeline(room, person).filter(number__in=numbers).order_by()
        return {photo.number: photo for photo in found}


def reason(ranked: Ranked, photo: Photo, person: Person, platform: Platform) -> str:
    """Why a photo comes where it does for a person, for its card."""
    mine = photo.poster_id == person.pk
    return rank.reason(
        place=ranked.place,
        lowered=ranked.lowered,
        signals=ranked.signals,
        platform=platform,
        whose="your own" if mine else f"{photo.poster.name.split()[0]}’s",
    )


def ranked(
    room: Room,
    person: Person,
    platform: Platform,
    at: datetime,
    *,
    limit: int,
    after: int = 0,
    off: rank.Off = rank.NOTHING_OFF,
    kept: int = 0,
) -> Ranking:
    """What comes after so many places of the person's timeline as it stands at a moment.

    ``kept`` is how many of the photos that do not reach the person are given, the newest first.

    Each page is cut from an order that is made anew. Time alone does not change it, since all
    photos age alike, and what is posted after ``at`` is not in it. Whoever keeps ``at`` from page
    to page is therefore shown each photo once, unless somebody does something to one in between:
    then a photo may come twice, or be passed over.
    """
    found, missed = _candidates(room, person, platform, at)
    accounts = _accounts(room, person, found)
    order = rank.order(found, accounts, platform.ranking, off)
    usual = rank.order(found, accounts, platform.ranking) if off else order
    unliked = any(account.yours.unlikes for account in accounts.values())
    spared = rank.order(found, accounts, platform.ranking, UNLIKES) if unliked else usual
    page = order[after : after + limit]
    at_first, at_best = _places(usual, page), _places(spared, page)

    def drawn(place: int, candidate: Candidate) -> Ranked:
        signals = Signals(
            account=accounts[candidate.account],
            everybody=candidate.everybody,
            days=candidate.days,
        )
        return Ranked(
            number=candidate.number,
            place=place,
            usual=at_first[candidate.number],
            spared=at_best[candidate.number],
            signals=signals,
        )

    return Ranking(
        page=tuple(drawn(place, each) for place, each in enumerate(page, start=after + 1)),
        kept=tuple(missed[:kept]),
        total=len(order),
        older=after + limit if len(order) > after + limit else None,
    )


def _candidates(
    room: Room, person: Person, platform: Platform, at: datetime
) -> tuple[list[Candidate], list[Kept]]:
    """The newest photos of the timeline that reach the person, and those that do not; one query."""
    reached: list[Candidate] = []
    kept: list[Kept] = []
    for row in _ask(_newest(), room, person, at):
        candidate = Candidate._make(row)
        if candidate.unlikes and candidate.account != person.pk:
            reach = rank.reach(candidate.unlikes, platform.ranking)
            if not rank.reaches(candidate.number, person.handle, reach):
                kept.append(Kept(candidate.number, candidate.unlikes, reach))
                continue
        reached.append(candidate)
    return reached, kept


def _accounts(room: Room, person: Person, candidates: Collection[Candidate]) -> dict[int, Account]:
    """What the person did with each account, and its rate of unlikes; one query."""
    did: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for poster, action, number, seconds in _ask(_pressed(), room, person, STAND_IN):
        did[poster][action] = seconds if action == Action.VIEW else number
    return {
        poster: Account(
            yours=Done(*(did[poster].get(action, 0) for action in PRESSES)),
            seconds=did[poster].get(Action.VIEW, 0),
            rate=rate,
        )
        for poster, rate in rank.rates(candidates).items()
    }


# Django takes longer to write either query than the database takes to answer it. So each is
# written once a process, about a room, a person and a moment that stand in for the real ones.

Written = tuple[str, tuple[Any, ...]]

ROOM, PERSON, STAND_IN = -1, -2, datetime(1, 1, 1, tzinfo=UTC)


def _ask(written: Written, room: Room, person: Person, at: datetime) -> list[tuple[Any, ...]]:
    moment = connection.ops.adapt_datetimefield_value
    real: dict[Any, Any] = {ROOM: room.pk, PERSON: person.pk, moment(STAND_IN): moment(at)}
    sql, arguments = written
    with connection.cursor() as cursor:
        cursor.execute(sql, [real.get(argument, argument) for argument in arguments])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


@cache
def _newest() -> Written:
    """Rows of Candidate, the newest of the timeline first."""
    newest = queries.timeline(Room(pk=ROOM), Person(pk=PERSON)).filter(posted_at__lte=STAND_IN)
    counts = ("like_count", "unlike_count", "comment_count", "share_count")
    age = Days(Value(STAND_IN, DateTimeField())) - Days("posted_at")
    rows = newest.values_list("number", "poster", age, *counts)
    return rows[:CANDIDATES].query.sql_with_params()


@cache
def _pressed() -> Written:
    """For each account and action how often the person did it, and for how many seconds.

    A like, a comment or a share still stands if there is a row of its moment.
    """
    mine = Event.objects.filter(person=PERSON, action__in=(*PRESSES, Action.VIEW))
    newest = mine.order_by("-at").values("pk")[:REMEMBERED]
    of_it = {"photo": OuterRef("photo"), "person": OuterRef("person")}
    stands = (
        Q(action__in=(Action.UNLIKE, Action.VIEW))
        | Q(Exists(Like.objects.filter(**of_it, since=OuterRef("at"))), action=Action.LIKE)
        | Q(Exists(Comment.objects.filter(**of_it, at=OuterRef("at"))), action=Action.COMMENT)
        | Q(Exists(Share.objects.filter(**of_it, since=OuterRef("at"))), action=Action.SHARE)
    )
    rows = Event.objects.filter(stands, pk__in=newest, photo__removed_at=None).order_by()
    each = rows.values_list("photo__poster", "action").annotate(Count("pk"), Sum("seconds"))
    return each.query.sql_with_params()


class Days(Func):
    """A moment as a number of days, counted from a day that differs from database to database."""

    function = "julianday"
    output_field = FloatField()

    def as_postgresql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        template = "(EXTRACT(EPOCH FROM %(expressions)s)::float8 / 86400)"
        return self.as_sql(compiler, connection, template=template)


def _places(order: list[Candidate], page: Collection[Candidate]) -> dict[int, int]:
    """The place in an order of each photo of a page."""
    wanted = {each.number for each in page}
    places = enumerate(order, start=1)
    return {each.number: place for place, each in places if each.number in wanted}
