"""Rows into true numbers over time, summed up in SQL, in three queries however much happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from itertools import accumulate
from operator import add

from django.db.models import Case, Count, DateField, Q, When
from django.db.models.functions import Cast, Trunc
from django.utils import timezone

from feed.disclosure.figures import Tally
from feed.disclosure.history import Action
from feed.models import Event, Person, Photo

COUNTED = (
    Action.LIKE,
    Action.UNLIKE,
    Action.COMMENT,
    Action.UNCOMMENT,
    Action.SHARE,
    Action.UNSHARE,
    Action.VIEW,
)
DAY = timedelta(days=1)
LEAST = 7
DAYS_DRAWN = 60
WEEKS_DRAWN = 60

Counts = dict[tuple[date | None, str], int]
"""How often each action was taken from each start of a bucket on; None is all the time before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of whole days up to ``last``, cut into buckets of a unit.

    ``days`` is how long it was asked to be (None: since the beginning). It is cut to the day
    before the first photo, ``born``, but not to less than a week.
    """

    days: int | None
    first: date
    last: date
    born: date

    @classmethod
    def of(cls, days: int | None, *, born: date, today: date) -> Span:
        first = min(born - DAY, today - LEAST * DAY + DAY)
        if days is not None:
            first = max(first, today - days * DAY + DAY)
        return cls(days=days, first=first, last=today, born=born)

    @property
    def before(self) -> date | None:
        """Where the stretch of the same length before it begins, if all of it was lived."""
        if self.days is None:
            return None
        start = self.first - self.days * DAY
        return start if start >= self.born else None

    @property
    def unit(self) -> str:
        length = (self.last - self.first).days + 1
        if length <= DAYS_DRAWN:
            return "day"
        return "week" if length <= 7 * WEEKS_DRAWN else "month"

    @property
    def starts(self) -> tuple[date, ...]:
        """The first day of each bucket."""
        starts = [self._floor(self.first)]
        while (following := self._next(starts[-1])) <= self.last:
            starts.append(following)
        return tuple(starts)

    @property
    def earlier(self) -> bool:
        """Whether there is anything before it to compare with."""
        return self.days is not None and self.born < self.first

    @property
    def labels(self) -> list[str]:
        """Each bucket in words."""
        forms = {
            "day": "{0.day} {0:%B}",
            "week": "the week of {0.day} {0:%B}",
            "month": "{0:%B %Y}",
        }
        return [forms[self.unit].format(start) for start in self.starts]

    @property
    def on(self) -> str:
        """The word before one of the labels: on a day, in a week."""
        return "on" if self.unit == "day" else "in"

    @property
    def words(self) -> str:
        return f"{self.days} days"

    @property
    def when(self) -> str:
        return f"in {self.words}" if self.days else "since the beginning"

    def _floor(self, day: date) -> date:
        if self.unit == "week":
            return day - day.weekday() * DAY
        return day.replace(day=1) if self.unit == "month" else day

    def _next(self, start: date) -> date:
        if self.unit == "month":
            return (start + 31 * DAY).replace(day=1)
        return start + (7 if self.unit == "week" else 1) * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What happened to some photos in a span, free of any platform.

    For each bucket ``during`` is what happened in it and ``after`` all that had happened by its
    end; ``base`` is all before the first. ``whole`` is the span, ``earlier`` the one before it.
    The people are counted in ``during``, ``whole`` and ``earlier`` only.
    """

    span: Span
    base: Tally
    during: tuple[Tally, ...]
    after: tuple[Tally, ...]
    whole: Tally
    earlier: Tally | None


def of_photo(photo: Photo) -> Q:
    return Q(photo=photo)


def of_account(person: Person) -> Q:
    """Of all photos of an account that were not removed."""
    return Q(photo__poster=person, photo__removed_at=None)


def record(photos: Q, span: Span) -> Record:
    counts, people = _counts(photos, span)
    gone = _gone(photos, span)
    starts = span.starts

    def tally(start: date | None) -> Tally:
        def number(done: Action, undone: Action | None = None) -> int:
            return counts.get((start, done), 0) - (counts.get((start, undone), 0) if undone else 0)

        def left(done: Action, undone: Action) -> int:
            return gone.get((start, done), 0) - gone.get((start, undone), 0)

        return Tally(
            likes=number(Action.LIKE),
            unlikes=number(Action.UNLIKE),
            gone=left(Action.LIKE, Action.UNLIKE),
            comments=number(Action.COMMENT, Action.UNCOMMENT)
            - left(Action.COMMENT, Action.UNCOMMENT),
            shares=number(Action.SHARE, Action.UNSHARE) - left(Action.SHARE, Action.UNSHARE),
            views=number(Action.VIEW),
            people=people.get(start, 0),
        )

    in_it, in_earlier = _reach(photos, span)
    before = {start for start, _ in (*counts, *gone) if start is None or start < starts[0]}
    earlier = [tally(start) for start in before if start is not None]
    base = _added([tally(start) for start in before])
    during = tuple(tally(start) for start in starts)
    return Record(
        span=span,
        base=base,
        during=during,
        after=tuple(accumulate(during, _plus, initial=base))[1:],
        whole=_added(during)._replace(people=in_it),
        earlier=_added(earlier)._replace(people=in_earlier) if span.before else None,
    )


def totals(photos: Sequence[Photo]) -> list[Tally]:
    """All that ever happened to each of the photos; one query."""
    views = Q(action=Action.VIEW)
    rows = (
        Event.objects.filter(photo__in=photos, action__in=(Action.LIKE, Action.VIEW))
        .values_list("photo")
        .annotate(
            likes=Count("pk", filter=~views),
            views=Count("pk", filter=views),
            people=Count("person", filter=views, distinct=True),
        )
        .order_by()
    )
    counted = {photo: numbers for photo, *numbers in rows}
    return [_total(photo, *counted.get(photo.pk, (0, 0, 0))) for photo in photos]


def _total(photo: Photo, likes: int, views: int, people: int) -> Tally:
    return Tally(
        likes=likes,
        unlikes=photo.unlike_count,
        gone=likes - photo.unlike_count - photo.like_count,
        comments=photo.comment_count,
        shares=photo.share_count,
        views=views,
        people=people,
    )


def _counts(photos: Q, span: Span) -> tuple[Counts, dict[date | None, int]]:
    """What was done in each bucket, and by how many different people it was viewed."""
    viewed = Q(action=Action.VIEW, at__gte=_midnight(span.starts[0]))
    rows = (
        Event.objects.filter(photos, action__in=COUNTED)
        .values_list(_bucket("at", span), "action")
        .annotate(number=Count("pk"), people=Count("person", distinct=True, filter=viewed))
        .order_by()
    )
    found = list(rows)
    counts = {(start, action): number for start, action, number, _ in found}
    people = {start: number for start, action, _, number in found if action == Action.VIEW}
    return counts, people


def _gone(photos: Q, span: Span) -> Counts:
    """What people who left had done until then, counted in the bucket in which they left.

    What of it stood until then went with them.
    """
    rows = (
        Event.objects.filter(photos, action__in=COUNTED, person__left_at__isnull=False)
        .values_list(_bucket("person__left_at", span), "action")
        .annotate(Count("pk"))
        .order_by()
    )
    return {(start, action): number for start, action, number in rows}


def _reach(photos: Q, span: Span) -> tuple[int, int]:
    """How many different people viewed in the span, and in the one before it."""
    first, before = _midnight(span.first), _midnight(span.before or span.first)
    views = Event.objects.filter(photos, action=Action.VIEW, at__gte=before)
    people = views.aggregate(
        now=Count("person", distinct=True, filter=Q(at__gte=first)),
        earlier=Count("person", distinct=True, filter=Q(at__lt=first)),
    )
    return people["now"], people["earlier"]


def _bucket(at: str, span: Span) -> Cast:
    """The start of the bucket of a moment; one that is long past is in none."""
    since = _midnight(span.before or span.starts[0])
    start = Case(When(**{f"{at}__gte": since}, then=Trunc(at, span.unit)))
    return Cast(start, DateField())


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _added(tallies: Iterable[Tally]) -> Tally:
    return reduce(_plus, tallies, Tally())


def _plus(one: Tally, other: Tally) -> Tally:
    """Their sum, but for the people."""
    return Tally(*map(add, one, other))._replace(people=0)
