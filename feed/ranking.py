"""Rows into the order of a person's timeline, in two queries however many photos there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, Sum

from feed import queries
from feed.disclosure import rank
from feed.disclosure.history import Action
from feed.disclosure.platforms import Platform
from feed.disclosure.rank import Account, Candidate, Done, Score, Signals
from feed.models import Comment, Event, Like, Person, Photo, Room, Share

CANDIDATES = 1200
"""How many photos are put in order, the newest there are.

So many posts of those whom one follows X's published ranker takes (ThunderMaxResults in
home-mixer/params/param.rs of xai-org/x-algorithm).
"""

REMEMBERED = 1000
"""How many of the person's own presses and views count, the newest there are."""

PRESSES = (Action.LIKE, Action.UNLIKE, Action.COMMENT, Action.SHARE)
"""In the order of the fields of Done."""

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A photo in its place, of which the first is 1.

    ``usual`` is its place with no signal left out, and ``spared`` its place if only the person's
    own unlikes were.
    """

    id: int
    place: int
    usual: int
    spared: int
    signals: Signals
    score: Score

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

    id: int
    unlikes: int
    reach: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """A page of the order, the newest that are kept from the person, and how many there are."""

    page: tuple[Ranked, ...]
    kept: tuple[Kept, ...]
    total: int

    def photos(self, room: Room, person: Person) -> dict[int, Photo]:
        """The photos of the page and those kept from it by id, as ``queries.timeline`` has them."""
        ids = [*(each.id for each in self.page), *(each.id for each in self.kept)]
        return queries.timeline(room, person).in_bulk(ids)


def ranked(
    room: Room,
    person: Person,
    platform: Platform,
    at: datetime,
    *,
    limit: int,
    after: int = 0,
    off: rank.Off = rank.NOTHING_OFF,
) -> Ranking:
    """What comes after so many places of the person's timeline as it stands at a moment.

    Each page is cut from an order that is made anew. Time alone does not change it, since all
    photos age alike, and what is posted after ``at`` is not in it. Whoever keeps ``at`` from page
    to page is therefore shown each photo once, unless somebody does something to one in between:
    then a photo may come twice, or be passed over.
    """
    found, kept = _candidates(room, person, platform, at)
    accounts = _accounts(person, found)
    order = rank.order(found, accounts, platform.ranking, off)
    usual = rank.order(found, accounts, platform.ranking) if off else order
    spared = rank.order(found, accounts, platform.ranking, frozenset({"unlikes"}))
    page = order[after : after + limit]
    at_first, at_best = _places(usual, page), _places(spared, page)

    def drawn(place: int, candidate: Candidate) -> Ranked:
        signals = Signals(
            account=accounts[candidate.account],
            everybody=Done(*candidate[4:]),
            days=candidate.days,
        )
        return Ranked(
            id=candidate.id,
            place=place,
            usual=at_first[candidate.id],
            spared=at_best[candidate.id],
            signals=signals,
            score=rank.score(signals, platform, off),
        )

    return Ranking(
        page=tuple(drawn(place, each) for place, each in enumerate(page, start=after + 1)),
        kept=tuple(kept[:limit]),
        total=len(order),
    )


def _candidates(
    room: Room, person: Person, platform: Platform, at: datetime
) -> tuple[list[Candidate], list[Kept]]:
    """The newest photos of the timeline that reach the person, and those that do not; one query."""
    newest = queries.timeline(room, person).filter(posted_at__lte=at)
    rows = newest.values_list(
        "pk", "number", "poster", "posted_at",
        "like_count", "unlike_count", "comment_count", "share_count",
    )[:CANDIDATES]  # fmt: skip
    reached: list[Candidate] = []
    kept: list[Kept] = []
    for pk, number, poster, posted, *counts in rows:
        unlikes = counts[1]
        if unlikes and poster != person.pk:
            reach = rank.reach(unlikes, platform.ranking)
            if not rank.reaches(number, person.handle, reach):
                kept.append(Kept(pk, unlikes, reach))
                continue
        reached.append(Candidate(pk, number, poster, (at - posted) / DAY, *counts))
    return reached, kept


def _accounts(person: Person, candidates: Collection[Candidate]) -> Mapping[int, Account]:
    """What the person did with each account, and its rate of unlikes; one query.

    A like, a comment or a share still stands if there is a row of its moment.
    """
    mine = Event.objects.filter(
        person=person, action__in=(*PRESSES, Action.VIEW), photo__removed_at=None
    )
    newest = mine.order_by("-at").values("pk")[:REMEMBERED]
    of_it = {"photo": OuterRef("photo"), "person": OuterRef("person")}
    stands = (
        Q(action__in=(Action.UNLIKE, Action.VIEW))
        | Q(Exists(Like.objects.filter(**of_it, since=OuterRef("at"))), action=Action.LIKE)
        | Q(Exists(Comment.objects.filter(**of_it, at=OuterRef("at"))), action=Action.COMMENT)
        | Q(Exists(Share.objects.filter(**of_it, since=OuterRef("at"))), action=Action.SHARE)
    )

    rows = (
        Event.objects.filter(stands, pk__in=newest)
        .order_by()
        .values_list("photo__poster", "action")
        .annotate(Count("pk"), Sum("seconds"))
    )
    did: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for poster, action, number, seconds in rows:
        did[poster][action] = seconds if action == Action.VIEW else number
    rates = rank.rates(candidates)
    return {
        poster: Account(
            yours=Done(*(did[poster].get(action, 0) for action in PRESSES)),
            seconds=did[poster].get(Action.VIEW, 0),
            rate=rate,
        )
        for poster, rate in rates.items()
    }


def _places(order: list[Candidate], page: Collection[Candidate]) -> dict[int, int]:
    """The place in an order of each photo of a page."""
    wanted = {candidate.id for candidate in page}
    return {each.id: place for place, each in enumerate(order, start=1) if each.id in wanted}
