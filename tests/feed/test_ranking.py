"""The order of a timeline: what SQL sums up is what the log says, and the page shows the sums."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from http import HTTPStatus
from itertools import product
from random import Random

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from feed import actions, queries, ranking
from feed.disclosure import rank
from feed.disclosure.history import Action
from feed.disclosure.rank import SIGNALS, Account, Done, Signals, score
from feed.ledger import Entry, standing
from feed.models import Comment, Event, Follow, Person, Photo, Room
from feed.modes import platforms
from feed.ranking import CANDIDATES, REMEMBERED, Ranked, Ranking, ranked, reason
from feed.views.order import SHOWN, Row
from tests.disclosure.cast import PINNED, pinned
from tests.factories import NOON, PersonFactory, PhotoFactory

ORDER = "/feed/order/"
HTMX = {"HX-Request": "true"}
INSTAGRAM, X = platforms()["instagram"], platforms()["x"]
DAY = timedelta(days=1)


def hours(number: float) -> datetime:
    return NOON + timedelta(hours=number)


LATER = hours(48)
SOME = frozenset({"likes", "age"})


def found(room: Room, person: Person, *, at: datetime = LATER, **asked: object) -> Ranking:
    return ranked(room, person, INSTAGRAM, at, **{"limit": CANDIDATES, "kept": CANDIDATES, **asked})


def numbers(ranking: Ranking) -> list[int]:
    return [each.number for each in ranking.page]


# What SQL sums up is what the log says


@pytest.fixture
def lively(demo_room: None) -> Room:
    """The demo room after another day on which everybody does a bit of everything."""
    room = Room.objects.get(key="harbour")
    chance, at = Random(5), Photo.objects.latest("latest_at").latest_at
    people, photos = list(room.people.filter(left_at=None)), list(room.photos.all())
    does = (actions.like, actions.unlike, actions.share, actions.unshare)
    for _ in range(900):
        at += timedelta(minutes=1)
        photo, person = chance.choice(photos), chance.choice(people)
        match chance.randrange(7):
            case 0:
                actions.view(photo=photo, person=person, seconds=chance.randint(1, 90), at=at)
            case 1:
                actions.comment(photo=photo, person=person, text="nice", at=at)
            case 2 if comment := Comment.objects.filter(person=person).order_by("pk").first():
                actions.uncomment(comment=comment, at=at)
            case _:
                chance.choice(does)(photo=photo, person=person, at=at)
    actions.leave(person=people[-1], at=at + DAY)
    removed = room.photos.filter(poster__in=people[:-1]).latest("like_count")
    actions.remove(photo=removed, person=removed.poster, at=at + DAY)
    return room


class Log:
    """The signals by a count of all events in Python."""

    def __init__(self, room: Room) -> None:
        self.photos = {photo.pk: photo for photo in Photo.objects.filter(room=room)}
        events = list(Event.objects.filter(room=room).order_by("at", "pk"))
        self.likes = standing(Entry(e.at, e.photo_id, e.person_id, e.action) for e in events)
        self.did = Counter((e.person_id, e.photo_id, e.action) for e in events)
        self.seconds: Counter[tuple[int, int]] = Counter()
        self.unlikes: Counter[int] = Counter()
        self.gone = {event.person_id for event in events if event.photo_id is None}
        for event in events:
            self.seconds[event.person_id, event.photo_id or 0] += event.seconds or 0
            self.unlikes[event.photo_id or 0] += event.action == Action.UNLIKE

    def done(self, person: int, photo: int) -> Done:
        if person in self.gone:
            return Done(unlikes=self.did[person, photo, Action.UNLIKE])
        return Done(
            person in self.likes[photo],
            self.did[person, photo, Action.UNLIKE],
            self.did[person, photo, Action.COMMENT] - self.did[person, photo, Action.UNCOMMENT],
            self.did[person, photo, Action.SHARE] - self.did[person, photo, Action.UNSHARE],
        )

    def everybody(self, photo: int) -> Done:
        people = {person for person, of, _ in self.did if of == photo}
        return total(self.done(person, photo) for person in people)

    def account(self, viewer: int, poster: int, candidates: set[int]) -> Account:
        theirs = [p.pk for p in self.photos.values() if p.poster_id == poster and not p.removed_at]
        seen = [pk for pk in theirs if self.photos[pk].number in candidates]
        lost = sum(self.unlikes[photo] for photo in seen)
        kept = sum(len(self.likes[photo]) for photo in seen)
        return Account(
            yours=total(self.done(viewer, photo) for photo in theirs),
            seconds=sum(self.seconds[viewer, photo] for photo in theirs),
            rate=lost / max(lost + kept, 1),
        )


def total(dones: object) -> Done:
    return Done(*map(sum, zip(Done(), *dones, strict=True)))


def test_the_signals_are_those_of_the_log_for_everybody(lively: Room) -> None:
    log, at = Log(lively), Photo.objects.latest("latest_at").latest_at
    by_number = {photo.number: photo for photo in log.photos.values()}
    compared = 0
    for person in lively.people.filter(left_at=None):
        page = ranked(lively, person, INSTAGRAM, at, limit=CANDIDATES).page
        shown = {each.number for each in page}
        for each in page:
            photo = by_number[each.number]
            assert each.signals == Signals(
                account=log.account(person.pk, photo.poster_id, shown),
                everybody=log.everybody(photo.pk),
                days=pytest.approx((at - photo.posted_at) / DAY, abs=1e-6),
            )
            compared += 1
    assert compared > 200
    did = [log.account(person.pk, person.pk, set()).yours for person in lively.people.all()]
    assert all(max(counts) > 0 for counts in zip(*did, strict=True))


def test_the_order_is_that_of_the_scores_under_each_platform(lively: Room) -> None:
    at = Photo.objects.latest("latest_at").latest_at
    people = lively.people.filter(left_at=None)[:4]
    for platform, off, person in product(pinned().values(), (frozenset(), SOME), people):
        page = ranked(lively, person, platform, at, limit=CANDIDATES, off=off).page
        points = [score(each.signals, platform, off).points for each in page]
        assert points == sorted(points, reverse=True)
        assert len(set(points)) > 10
        assert [each.place for each in page] == list(range(1, len(page) + 1))


def test_who_is_shown_what_is_decided_where_the_timeline_decides(lively: Room) -> None:
    """Between them, what is ranked and what is kept from somebody is their timeline."""
    people = list(lively.people.filter(left_at=None))
    actions.block(blocker=people[0], blocked=people[1])
    kept = 0
    for person in people:
        order = found(lively, person, at=hours(100_000))
        timeline = {photo.number for photo in queries.timeline(lively, person)}
        assert {*numbers(order), *(each.number for each in order.kept)} == timeline
        assert len(order.page) + len(order.kept) == len(timeline)
        assert order.photos(lively, person).keys() == timeline
        kept += len(order.kept)
    assert kept > 0


# How much of it counts


def test_the_newest_candidates_alone_are_put_in_order(room: Room, ben: Person, ana: Person) -> None:
    made = [
        PhotoFactory.build(poster=ben, room=room, number=number, posted_at=hours(-number))
        for number in range(CANDIDATES + 5)
    ]
    Photo.objects.bulk_create(made)
    assert sorted(numbers(found(room, ana))) == list(range(CANDIDATES))


def test_the_newest_presses_and_views_alone_count(photo: Photo, room: Room, ana: Person) -> None:
    views = [
        Event(room=room, photo=photo, person=ana, action=Action.VIEW, seconds=seconds, at=at)
        for number in range(REMEMBERED + 5)
        for seconds, at in [(1 if number >= 5 else 60, hours(number))]
    ]
    Event.objects.bulk_create(views)
    (first,) = found(room, ana).page
    assert first.signals.account.seconds == REMEMBERED


def test_looks_push_nothing_out_of_what_counts(photo: Photo, room: Room, ana: Person) -> None:
    actions.like(photo=photo, person=ana, at=hours(1))
    looks = [
        Event(room=room, photo=photo, person=ana, action=Action.LOOK, at=hours(2 + number))
        for number in range(REMEMBERED)
    ]
    Event.objects.bulk_create(looks)
    (first,) = found(room, ana).page
    assert first.signals.account.yours == Done(likes=1)


@pytest.mark.parametrize("count", [100, 10_000])
def test_a_page_of_thirty_takes_three_queries(
    room: Room,
    ben: Person,
    ana: Person,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    Photo.objects.bulk_create(
        PhotoFactory.build(poster=ben, room=room, number=number, posted_at=hours(-number))
        for number in range(count)
    )
    with django_assert_num_queries(3):
        order = found(room, ana, limit=30)
        photos = order.photos(room, ana)
        said = [reason(each, photos[each.number], ana, INSTAGRAM) for each in order.page]
    assert len(said) == 30
    assert order.total == min(count, CANDIDATES)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="it reads SQLite's plans")
@pytest.mark.usefixtures("db")
def test_the_candidates_are_read_off_an_index_newest_first() -> None:
    sql, arguments = ranking._newest()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", arguments)
        plan = [row[3] for row in cursor.fetchall()]
    assert "SEARCH feed_photo USING INDEX photo_timeline (room_id=? AND posted_at<?)" in plan
    assert [step for step in plan if "ORDER BY" in step or step.startswith("SCAN")] == []


# Pages


def test_pages_show_each_photo_once(room: Room, ben: Person, ana: Person) -> None:
    for number in range(1, 8):
        PhotoFactory.create(poster=ben, number=number, posted_at=hours(number // 2))
    seen: list[int] = []
    after: int | None = 0
    while after is not None:
        order = found(room, ana, limit=3, after=after)
        assert [each.place for each in order.page] == [*range(after + 1, order.total + 1)][:3]
        seen += numbers(order)
        after = order.older
    assert seen == [7, 6, 5, 4, 3, 2, 1]
    assert [found(room, ana, limit=limit).older for limit in (6, 7, 8)] == [6, None, None]


def test_time_alone_changes_no_order_and_what_is_newer_is_not_in_it(lively: Room) -> None:
    at = Photo.objects.latest("latest_at").latest_at
    ana = lively.people.get(handle="ana")
    order = numbers(found(lively, ana, at=at))
    assert numbers(found(lively, ana, at=at + 40 * DAY)) == order
    newest = max(photo.posted_at for photo in queries.timeline(lively, ana))
    before = newest - timedelta(seconds=1)
    posted = queries.timeline(lively, ana).filter(posted_at__lte=before)
    assert {photo.number for photo in posted} >= set(numbers(found(lively, ana, at=before)))
    assert len(numbers(found(lively, ana, at=before))) == len(order) - 1


# What an unlike does


@pytest.fixture
def mixed(room: Room, ben: Person, mika: Person, ana: Person) -> Room:
    """Ben and Mika post in turn, every six hours; Ana follows both, and likes one of Ben's.

    So do ten others, or one unlike would ruin Ben's standing.
    """
    Follow.objects.create(follower=ana, followed=mika, since=NOON)
    for number in range(1, 9):
        poster = ben if number % 2 else mika
        PhotoFactory.create(poster=poster, number=number, posted_at=hours(6 * number - 48))
    for person in (*PersonFactory.create_batch(10, room=room), ana):
        actions.like(photo=room.photos.get(number=1), person=person, at=hours(1))
    return room


def place(order: Ranking, number: int) -> Ranked:
    return next(each for each in order.page if each.number == number)


def test_an_unlike_sinks_the_author_and_says_how_far(mixed: Room, ana: Person) -> None:
    liked = found(mixed, ana)
    assert numbers(liked) == [7, 1, 5, 8, 3, 6, 4, 2]
    assert [each.lowered for each in liked.page] == [0] * 8
    actions.unlike(photo=mixed.photos.get(number=1), person=ana, at=hours(2))
    unliked = found(mixed, ana)
    spared = numbers(found(mixed, ana, off=frozenset({"unlikes"})))
    for each in unliked.page:
        assert each.lowered == each.place - (spared.index(each.number) + 1)
    lowered = place(unliked, 7)
    assert (lowered.place, lowered.lowered, place(liked, 7).place) == (5, 2, 1)
    assert reason(lowered, mixed.photos.get(number=7), ana, INSTAGRAM) == (
        "Shown 5th, 2 places lower, because you took back a like of Ben’s."
    )


def test_on_x_an_unlike_costs_no_place(mixed: Room, ana: Person) -> None:
    """But for the like that is gone."""
    actions.unlike(photo=mixed.photos.get(number=1), person=ana, at=hours(2))
    order = ranked(mixed, ana, X, hours(48), limit=9)
    assert order.page[0].signals.account.yours == Done(unlikes=0)
    assert place(order, 7).signals.account.yours == Done(unlikes=1)
    assert [each.lowered for each in order.page] == [0] * 8


def test_many_unlikes_keep_a_photo_from_more_and_more_followers(
    photo: Photo, room: Room, ben: Person
) -> None:
    followers = PersonFactory.create_batch(40, room=room, follows=[ben])
    reached: list[set[str]] = []
    for unlikes in (0, 4, 10, 60):
        Photo.objects.filter(pk=photo.pk).update(unlike_count=unlikes)
        orders = {person.handle: found(room, person) for person in followers}
        reached.append({handle for handle, order in orders.items() if order.page})
        assert all(bool(order.page) != bool(order.kept) for order in orders.values())
        share = rank.reach(unlikes, INSTAGRAM.ranking)
        assert {(k.unlikes, k.reach) for o in orders.values() for k in o.kept} <= {(unlikes, share)}
    assert reached[0] == {person.handle for person in followers}
    assert reached[0] > reached[1] > reached[2] > reached[3] > set()


def test_a_poster_is_shown_all_of_their_own(room: Room, ben: Person, ana: Person) -> None:
    for number in range(12):
        PhotoFactory.create(poster=ben, number=number, unlike_count=60)
    assert len(found(room, ben).page) == 12
    assert len(found(room, ana).kept) > 6


# The page


def be(client: Client, person: Person) -> None:
    client.post("/feed/eyes/", {"person": person.handle})


def rows(client: Client, query: str = "") -> list[Row]:
    shown: list[Row] = client.get(f"{ORDER}{query}").context["rows"]
    return shown


@pytest.fixture
def demo(client: Client, mixed: Room, ana: Person) -> Client:
    """Ana in a room that is the demo."""
    Room.objects.filter(pk=mixed.pk).update(key="harbour")
    be(client, ana)
    return client


def test_pressing_unlike_lowers_the_author_by_as_many_places_as_the_page_says(
    demo: Client, ana: Person
) -> None:
    before = {row.photo.number: row.ranked.place for row in rows(demo)}
    demo.post("/feed/photo/1/unlike/", {"you": "ana", "next": "/feed/"})
    after = {row.photo.number: row for row in rows(demo)}
    without = {row.photo.number: row.ranked.place for row in rows(demo, "?off=unlikes")}
    assert after[7].said.startswith("Shown 5th, 2 places lower, because you took back a like of")
    assert (before[7], without[7], after[7].ranked.place) == (1, 3, 5)
    assert (after[7].moved, after[7].places) == (-2, 2)
    unlikes = next(line for line in after[7].lines if line.name == "unlikes")
    assert (unlikes.of, unlikes.points) == ("1 unlike", "−1")


def test_a_switch_leaves_its_part_out_and_says_what_moved(demo: Client) -> None:
    page = demo.get(f"{ORDER}?off=likes&off=nonsense")
    assert page.context["off"] == {"likes"}
    assert [switch.name for switch in page.context["switches"] if switch.off] == ["likes"]
    assert all("likes" not in [line.name for line in row.lines] for row in page.context["rows"])
    shown = [row.photo.number for row in page.context["rows"]]
    assert shown == [8, 7, 6, 1, 5, 4, 3, 2]
    assert [row.moved for row in page.context["rows"]] == [3, -1, 3, -2, -2, 1, -2, 0]
    assert "7 of these 8 photos come at another place" in page.content.decode()


def test_with_all_left_out_the_order_is_that_of_time_and_all_score_nothing(demo: Client) -> None:
    shown = rows(demo, "?" + "&".join(f"off={name}" for name in SIGNALS))
    assert [row.photo.number for row in shown] == [8, 7, 6, 5, 4, 3, 2, 1]
    assert {(row.points, row.lines, row.bar) for row in shown} == {("0", (), ())}


@pytest.mark.parametrize("slug", PINNED)
def test_under_each_platform_the_sums_are_its_own_and_what_is_assumed_says_so(
    demo: Client, slug: str
) -> None:
    demo.post("/feed/mode/", {"platform": slug})
    page = demo.get(ORDER)
    platform, first = platforms()[slug], page.context["rows"][0]
    assert [line.name for line in first.lines] == list(SIGNALS)
    assert [line.rule.assumed for line in first.lines] == [
        platform.rules[key].assumed for key in SIGNALS.values()
    ]
    html = page.content.decode()
    assert all(f'id="rule-{key.replace(".", "-")}"' in html for key in SIGNALS.values())
    assert page.context["evidence"].startswith(f"{platform.name} has published ")


def test_on_x_the_page_says_that_an_unlike_counts_nothing(demo: Client) -> None:
    said = "An unlike of yours counts 0 on X, by its own published weights."
    assert said not in demo.get(ORDER).content.decode()
    demo.post("/feed/mode/", {"platform": "x"})
    assert said in demo.get(ORDER).content.decode()


def test_what_does_not_reach_you_is_there_as_hidden(demo: Client, ana: Person) -> None:
    for number in (3, 5, 7):
        Photo.objects.filter(number=number).update(unlike_count=60)
    page = demo.get(ORDER)
    hidden = {each.photo.number: each for each in page.context["hidden"]}
    assert hidden
    assert not hidden.keys() & {row.photo.number for row in page.context["rows"]}
    html = page.content.decode()
    for each in hidden.values():
        assert (each.took_back, each.reach) == ("60 likes of it were taken back", "20%")
        assert f'href="/feed/photo/{each.photo.number}/"' in html


def test_who_follows_nobody_is_told_what_to_do(demo: Client, zoe: Person) -> None:
    be(demo, zoe)
    page = demo.get(ORDER)
    assert page.context["rows"] == []
    assert "Zoe follows nobody who has posted" in page.content.decode()


def test_htmx_gets_the_part_and_others_the_page(demo: Client) -> None:
    assert "<html" in demo.get(ORDER).content.decode()
    part = demo.get(f"{ORDER}?off=time", headers=HTMX)
    assert part.status_code == HTTPStatus.OK
    assert "<html" not in part.content.decode()
    assert 'id="order"' in part.content.decode()


@pytest.mark.parametrize("count", [2, SHOWN + 5])
def test_the_page_takes_five_queries(
    demo: Client,
    room: Room,
    ben: Person,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(100, 100 + count):
        PhotoFactory.create(poster=ben, number=number)
    with django_assert_num_queries(5):
        demo.get(ORDER)
