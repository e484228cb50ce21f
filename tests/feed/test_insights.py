"""The poster's figures: rows into numbers over time, drawn, told, and never more than is given."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from http import HTTPStatus
from itertools import pairwise

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from feed import actions
from feed.disclosure.figures import Tally
from feed.disclosure.history import Action
from feed.insights import DAY, Span, of_account, of_photo, record, totals
from feed.models import Comment, Event, Person, Photo, Room
from feed.panels import Panel
from feed.plots import HEIGHT, TICKS, Plot, ticks, written
from feed.views.insights import LISTED
from tests.disclosure.cast import PINNED
from tests.factories import NOON, PersonFactory, PhotoFactory, RoomFactory
from tests.feed.postgres import postgres, server_binaries

INSIGHTS = "/feed/insights/"
HTMX = {"HX-Request": "true"}
BORN = NOON.date()


def be(client: Client, person: Person) -> None:
    client.post("/feed/eyes/", {"person": person.handle})


def on(client: Client, platform: str) -> None:
    client.post("/feed/mode/", {"platform": platform})


def panels(client: Client, path: str = INSIGHTS) -> dict[str, Panel]:
    return {panel.name: panel for panel in client.get(path).context["panels"]}


def days(number: float) -> datetime:
    return NOON + timedelta(days=number)


# The span


def span(asked: int | None, age: int) -> Span:
    """Asked for on the last day of the life of a photo, its age in days."""
    return Span.of(asked, born=BORN, today=BORN + age * DAY)


@pytest.mark.parametrize(
    ("asked", "age", "first", "before", "earlier"),
    [
        (7, 0, -6, None, False),
        (7, 6, 0, None, False),
        (7, 7, 1, None, True),
        (7, 12, 6, None, True),
        (7, 13, 7, 0, True),
        (28, 3, -3, None, False),
        (28, 10, -1, None, False),
        (28, 60, 33, 5, True),
        (None, 3, -3, None, False),
        (None, 30, -1, None, False),
    ],
)
def test_a_span_is_cut_to_the_life_of_what_it_is_about(
    asked: int | None, age: int, first: int, before: int | None, earlier: bool
) -> None:
    """In days from the posting: where it begins and where the one before it does."""
    found = span(asked, age)
    assert found.first == BORN + first * DAY
    assert found.before == (None if before is None else BORN + before * DAY)
    assert found.earlier is earlier
    assert (found.starts[0], found.starts[-1]) == (found.first, found.last)


@pytest.mark.parametrize(
    ("age", "unit", "number", "ends"),
    [
        (58, "day", 60, ("13 March", "11 May")),
        (59, "week", 10, ("the week of 9 March", "the week of 11 May")),
        (418, "week", 61, ("the week of 9 March", "the week of 3 May")),
        (419, "month", 15, ("March 2026", "May 2027")),
        (4000, "month", 132, ("March 2026", "February 2037")),
    ],
)
def test_a_long_life_is_told_in_weeks_and_months(
    age: int, unit: str, number: int, ends: tuple[str, str]
) -> None:
    found = span(None, age)
    assert (found.unit, len(found.starts)) == (unit, number)
    assert (found.labels[0], found.labels[-1]) == ends


# Rows into numbers

LONG = 8
PRESSES = (
    Action.LIKE,
    Action.UNLIKE,
    Action.COMMENT,
    Action.UNCOMMENT,
    Action.SHARE,
    Action.UNSHARE,
    Action.VIEW,
    Action.LEAVE,
)
steps = st.lists(
    st.tuples(
        st.integers(0, LONG * 4 - 1),  # the quarter of a day
        st.integers(0, 2),  # the person
        st.integers(0, 1),  # the photo
        st.sampled_from(PRESSES),
    ),
    max_size=25,
).map(sorted)
Step = tuple[int, int, int, Action]


def press(photo: Photo, person: Person, action: Action, at: datetime) -> None:
    """Does it if it can be done."""
    try:
        match action:
            case Action.COMMENT:
                actions.comment(photo=photo, person=person, text="Lovely.", at=at)
            case Action.UNCOMMENT:
                if mine := Comment.objects.filter(photo=photo, person=person).first():
                    actions.uncomment(comment=mine, at=at)
            case Action.LEAVE:
                actions.leave(person=person, at=at)
            case Action.VIEW:
                actions.view(photo=photo, person=person, seconds=3, at=at)
            case _:
                getattr(actions, action)(photo=photo, person=person, at=at)
    except actions.RefusedError:
        pass  # they have left


class Brute:
    """What stands of some photos, event by event."""

    def __init__(self, photos: list[Photo]) -> None:
        self.ids = {photo.pk for photo in photos}
        self.standing: Counter[tuple[str, int, int]] = Counter()
        self.number: Counter[str] = Counter()
        self.people: set[tuple[date, int]] = set()

    def take(self, event: Event) -> None:
        if event.action == Action.LEAVE:
            for key in [key for key in self.standing if key[2] == event.person_id]:
                if key[0] == Action.LIKE:
                    self.number["gone"] += self.standing[key]
                del self.standing[key]
        elif event.photo_id in self.ids:
            self.number[event.action] += 1
            undone = event.action.startswith("un")
            key = (event.action.removeprefix("un"), event.photo_id, event.person_id)
            self.standing[key] += -1 if undone else 1
            if event.action == Action.VIEW:
                self.people.add((event.at.date(), event.person_id))

    def stand(self, action: str) -> int:
        return sum(number for key, number in self.standing.items() if key[0] == action)

    def reached(self, first: date, last: date) -> int:
        return len({person for day, person in self.people if first <= day <= last})

    def tally(self) -> Tally:
        """Of all time, without people."""
        return Tally(
            likes=self.number["like"],
            unlikes=self.number["unlike"],
            gone=self.number["gone"],
            comments=self.stand("comment"),
            shares=self.stand("share"),
            views=self.number["view"],
        )


def minus(one: Tally, other: Tally) -> Tally:
    return Tally(*(a - b for a, b in zip(one, other, strict=True)))


@pytest.mark.django_db
@hypothesis_settings(max_examples=60)
@given(story=steps, asked=st.sampled_from([1, 2, 3, 7, None]))
@example(
    story=[
        (1, 0, 0, Action.LIKE),
        (5, 0, 0, Action.UNLIKE),
        (6, 0, 0, Action.LIKE),
        (9, 0, 0, Action.VIEW),
        (10, 1, 0, Action.VIEW),
        (13, 0, 0, Action.COMMENT),
        (14, 0, 1, Action.SHARE),
        (20, 0, 0, Action.LEAVE),
    ],
    asked=2,
)
def test_the_numbers_are_those_of_the_log(story: list[Step], asked: int | None) -> None:
    room = RoomFactory.create()
    ben, *people = PersonFactory.create_batch(4, room=room)
    midnight = NOON.replace(hour=0)
    mine = [PhotoFactory.create(poster=ben, posted_at=midnight) for _ in range(2)]
    other = PhotoFactory.create(poster=people[0], posted_at=midnight)
    for quarter, person, photo, action in story:
        at = midnight + timedelta(hours=6 * quarter)
        press(mine[photo], people[person], action, at)
        if action is not Action.LEAVE:
            press(other, people[person], action, at)
    span = Span.of(asked, born=BORN, today=BORN + (LONG - 1) * DAY)
    for photos, rows in ((mine, of_account(ben)), (mine[:1], of_photo(mine[0]))):
        assert_counted(photos, span, record(rows, span))
        for photo in photos:
            photo.refresh_from_db()
        brute = Brute(photos)
        for event in Event.objects.filter(room=room).order_by("at", "id"):
            brute.take(event)
        found = totals(photos)
        assert [tally.net for tally in found] == [photo.like_count for photo in photos]
        whole = Tally(*map(sum, zip(*found, strict=True)))._replace(people=0)
        assert whole == brute.tally()
        if len(photos) == 1:
            assert found[0].people == brute.reached(BORN, span.last)


def assert_counted(photos: list[Photo], span: Span, found: object) -> None:
    brute = Brute(photos)
    ends = {span.first - DAY: Tally(), **dict.fromkeys(span.starts, Tally())}
    events = list(Event.objects.filter(room=photos[0].room).order_by("at", "id"))
    for end in ends:
        while events and timezone.localdate(events[0].at) <= end:
            brute.take(events.pop(0))
        ends[end] = brute.tally()
    base, *after = ends.values()
    during = [
        minus(one, before)._replace(people=brute.reached(day, day))
        for before, one, day in zip((base, *after), after, span.starts, strict=False)
    ]
    assert found.base == base
    assert list(found.after) == after
    assert list(found.during) == during
    reached = brute.reached(span.first, span.last)
    assert found.whole == minus(after[-1], base)._replace(people=reached)
    if span.before:
        last = span.first - DAY
        assert found.earlier.people == brute.reached(span.before, last)
        assert found.earlier.views == sum(
            1
            for event in Event.objects.filter(photo__in=photos, action=Action.VIEW)
            if span.before <= event.at.date() <= last
        )
    else:
        assert found.earlier is None


def test_postgresql_counts_the_same() -> None:
    """The tests of what is counted, once more on a server."""
    if server_binaries() is None:
        pytest.skip("NOT TESTED ON POSTGRESQL: no server binaries here (initdb, pg_ctl)")
    counted = "numbers_are_those_of_the_log or weeks_and_months_count"
    with postgres() as url:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", __file__, "-k", counted],
            env=os.environ | {"DATABASE_URL": url},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.stdout.splitlines()[-1].startswith("2 passed"), done.stdout


def test_weeks_and_months_count_everything_once(
    room: Room, photo: Photo, ana: Person, mika: Person
) -> None:
    """One view by each of two on the first day, and one of Ana's every thirty days."""
    actions.view(photo=photo, person=mika, seconds=3, at=days(0))
    for number in range(0, 500, 30):
        actions.view(photo=photo, person=ana, seconds=3, at=days(number))
    for age in (90, 480):
        found = record(of_photo(photo), span(None, age))
        assert found.span.unit == ("week" if age == 90 else "month")
        assert found.whole.views == sum(t.views for t in found.during) == 2 + age // 30
        assert (found.base, found.after[-1].views) == (Tally(), found.whole.views)
        assert (found.whole.people, found.during[0].people) == (2, 2)


def test_a_removed_photo_is_not_counted_for_the_account(
    photo: Photo, ben: Person, ana: Person
) -> None:
    actions.like(photo=photo, person=ana, at=days(1))
    assert record(of_account(ben), span(7, 2)).whole.likes == 1
    actions.remove(photo=photo, person=ben, at=days(2))
    assert record(of_account(ben), span(7, 2)).whole == Tally()


# Plots


@pytest.mark.parametrize(
    ("low", "high", "whole", "marks"),
    [
        (0, 0, True, (0, 1)),
        (0, 1, True, (0, 1)),
        (0, 4, True, (0, 2, 4)),
        (36, 41, True, (36, 38, 40, 42)),
        (41, 41, True, (40, 41, 42)),
        (0, 1234, True, (0, 500, 1000, 1500)),
        (-0.4, 1.2, False, (-1, 0, 1, 2)),
        (3.6, 3.8, False, (3.6, 3.7, 3.8)),
    ],
)
def test_ticks_are_round(low: float, high: float, whole: bool, marks: tuple[float, ...]) -> None:
    assert ticks(low, high, whole=whole) == marks


amounts = st.one_of(st.integers(-(10**7), 10**7), st.integers(-9999, 9999).map(lambda n: n / 10))


@given(amounts, amounts, st.booleans())
def test_ticks_are_even_and_around_everything(one: float, two: float, whole: bool) -> None:
    low, high = sorted((one, two))
    marks = ticks(low, high, whole=whole)
    distances = {round(b - a, 6) for a, b in pairwise(marks)}
    assert 2 <= len(marks) <= TICKS
    assert len(distances) == 1
    assert f"{distances.pop():.1e}"[:3] in {"1.0", "2.0", "5.0"}
    assert marks[0] <= low <= high <= marks[-1]
    assert not whole or all(mark == int(mark) for mark in marks)


def plot(numbers: list[float], shape: str, **more: object) -> Plot:
    labels = [f"day {number}" for number in range(len(numbers))]
    return Plot(id="x", title="X", said="", labels=labels, numbers=numbers, shape=shape, **more)


def test_a_count_is_a_line_of_steps_with_a_dot_where_it_fell() -> None:
    drawn = plot([2, 5, 4, 4], "steps")
    assert drawn.ticks == ["5", "4", "3", "2"]
    assert drawn.line == "M0 100H12V0H24V33.3H48"
    assert drawn.falls == [(24, 33.3)]
    assert (drawn.bars, drawn.other_line) == ([], "")
    assert drawn.columns == [(0, "day 0: 2"), (12, "day 1: 5"), (24, "day 2: 4"), (36, "day 3: 4")]
    assert drawn.grid == "M0 100H48M0 66.7H48M0 33.3H48M0 0H48"


def test_what_adds_up_is_bars_from_zero() -> None:
    drawn = plot([3, 0, 4], "bars")
    assert drawn.ticks == ["4", "2", "0"]
    assert drawn.bars == [(1, 25.0, 75.0), (25, 0.0, 100.0)]
    assert (drawn.line, drawn.falls, drawn.width, drawn.bar_width) == ("", [], 36, 10)


def test_a_second_line_shares_the_heights_of_the_first() -> None:
    drawn = plot([1.0, 0.0], "steps", others=[1.0, 2.0])
    assert drawn.ticks == ["2", "1", "0"]
    assert (drawn.line, drawn.other_line) == ("M0 50H12V100H24", "M0 50H12V0H24")
    assert drawn.falls == []


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=40))
def test_nothing_is_drawn_outside(numbers: list[int]) -> None:
    down = [float(y) for y in re.findall(r"(?:V|M0 )([-\d.]+)", plot(numbers, "steps").line)]
    assert all(0 <= y <= HEIGHT for y in down)
    for _, y, height in plot(numbers, "bars").bars:
        assert y >= 0
        assert y + height == pytest.approx(HEIGHT)


def test_numbers_are_written_for_people() -> None:
    assert [written(n) for n in (0, 1200, -3, -0.5, 0.1 + 0.2)] == [
        "0",
        "1,200",
        "−3",
        "−0.5",
        "0.3",
    ]


# Pages


@pytest.fixture
def lately() -> datetime:
    """Ten days ago at noon: pages count back from today."""
    return timezone.now().replace(hour=12, minute=0) - 10 * DAY


@pytest.fixture
def recent(ben: Person, ana: Person, mika: Person, lately: datetime) -> Photo:
    """Two likes ten days ago, of which one is taken back two days ago; three views, two of them
    ten days ago; a comment and a share two days ago."""
    photo = PhotoFactory.create(poster=ben, number=1, posted_at=lately, liked_by=[ana, mika])
    for person in (ana, mika):
        actions.view(photo=photo, person=person, seconds=3, at=lately)
    actions.unlike(photo=photo, person=mika, at=lately + 8 * DAY)
    actions.comment(photo=photo, person=ana, text="Lovely.", at=lately + 8 * DAY)
    actions.share(photo=photo, person=ana, at=lately + 8 * DAY)
    actions.view(photo=photo, person=ana, seconds=3, at=lately + 8 * DAY)
    return photo


PATHS = (INSIGHTS, "/feed/photo/1/insights/")
FIGURES = {
    # platform: likes, unlikes, comments, shares, views, reach
    "instagram": ("1", None, "1", "1", "3", "2"),
    "facebook": (None, None, None, None, None, None),
    "twitter": ("1", "1", "1", "1", "3", None),
    "twitter-2023": ("1", None, "1", "1", "3", None),
    "x": ("2", "1", "1", "1", "3", None),
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("platform", "numbers"), FIGURES.items())
def test_the_poster_sees_the_figures_that_the_platform_gives(
    client: Client,
    recent: Photo,
    ben: Person,
    platform: str,
    numbers: tuple[str | None, ...],
    path: str,
) -> None:
    be(client, ben)
    on(client, platform)
    page = client.get(path)
    found = page.context["panels"]
    assert tuple(panel.number for panel in found) == numbers
    dialogs = {rule.key for rule in page.context["rules"]}
    for panel in found:
        assert panel.rule.key in dialogs
        withheld = panel.number is None
        assert (panel.plot is None, len(panel.rows) == 0) == (withheld, withheld)
        part = between(page.content.decode(), f'aria-labelledby="panel-{panel.name}"', "</section>")
        assert ("Not given" in part, 'class="plot' in part) == (withheld, not withheld)


def between(text: str, start: str, end: str) -> str:
    return text[(at := text.index(start)) : text.index(end, at)]


def test_every_platform_has_its_figures_here() -> None:
    assert FIGURES.keys() == set(PINNED)


@pytest.mark.parametrize("path", PATHS)
def test_a_number_that_is_withheld_is_nowhere_on_the_page(
    client: Client, recent: Photo, room: Room, ben: Person, path: str
) -> None:
    """Forty-seven people take a like back: X says so, and Instagram does not."""
    for person in PersonFactory.create_batch(46, room=room):
        actions.like(photo=recent, person=person, at=timezone.now())
        actions.unlike(photo=recent, person=person, at=timezone.now())
    be(client, ben)
    found = {}
    for platform in ("x", "instagram"):
        on(client, platform)
        page = client.get(path).content.decode()
        page = page.split("</article>")[0].split('id="standing"')[0]
        found[platform] = bool(re.search(r"\b47\b|\b46\b", page))
    assert found == {"x": True, "instagram": False}


@pytest.mark.parametrize(
    ("query", "days", "buckets"),
    [
        ("", "28", 12),
        ("?days=7", "7", 7),
        ("?days=28", "28", 12),
        ("?days=all", "all", 12),
        ("?days=5", "28", 12),
        ("?days=", "28", 12),
        ("?days=-7", "28", 12),
    ],
)
def test_the_range_is_in_the_address(
    client: Client, recent: Photo, ben: Person, query: str, days: str, buckets: int
) -> None:
    be(client, ben)
    page = client.get(f"{INSIGHTS}{query}")
    assert page.context["days"] == days
    assert [len(panel.rows) for panel in page.context["panels"] if panel.rows] == [buckets] * 5
    current = re.findall(r'id="range-(\w+)"[^>]*aria-current="true"', page.content.decode())
    assert current == [days]


def test_a_week_is_compared_with_the_one_before(
    client: Client, recent: Photo, ben: Person, lately: datetime, ana: Person
) -> None:
    be(client, ben)
    week = {name: panel.change for name, panel in panels(client, f"{INSIGHTS}?days=7").items()}
    assert week == {
        "likes": "1 fewer than 7 days ago",
        "unlikes": "",
        "comments": "1 more than 7 days ago",
        "shares": "1 more than 7 days ago",
        "views": "",  # the week before was not lived to the full
        "reach": "",
    }
    old = PhotoFactory.create(poster=ben, number=2, posted_at=lately - 9 * DAY)
    week = {name: panel.change for name, panel in panels(client, f"{INSIGHTS}?days=7").items()}
    assert (week["views"], week["reach"]) == (
        "1 fewer than in the 7 days before",
        "1 fewer than in the 7 days before",
    )
    actions.view(photo=old, person=ana, seconds=3, at=lately + 8 * DAY)
    assert panels(client, f"{INSIGHTS}?days=7")["views"].change == (
        "As many as in the 7 days before"
    )
    assert {panel.change for panel in panels(client, f"{INSIGHTS}?days=all").values()} == {""}


def test_a_fall_is_marked_and_told(client: Client, recent: Photo, ben: Person) -> None:
    be(client, ben)
    plot = panels(client)["likes"].plot
    assert plot is not None
    assert list(plot.numbers) == [0, *[2] * 8, *[1] * 3]
    assert len(plot.falls) == 1
    assert "It fell once on " in plot.said
    on(client, "x")
    plot = panels(client)["likes"].plot
    assert plot is not None
    assert (list(plot.numbers), plot.falls) == ([0, *[2] * 11], [])


def test_each_photo_is_listed_with_its_figures(
    client: Client, recent: Photo, ben: Person, ana: Person, lately: datetime
) -> None:
    new = PhotoFactory.create(poster=ben, number=2, posted_at=lately + DAY, liked_by=[ana])
    PhotoFactory.create(poster=ana, number=3)
    be(client, ben)
    for platform, numbers in (
        ("instagram", [(new, [1, 0, 0]), (recent, [1, 1, 3])]),
        ("x", [(new, [1, 0, 0]), (recent, [2, 1, 3])]),
        ("facebook", [(new, [None] * 3), (recent, [None] * 3)]),
    ):
        on(client, platform)
        page = client.get(INSIGHTS)
        assert page.context["listed"] == numbers
        assert page.content.decode().count('/insights/"><img') == 2


def test_older_photos_of_the_list_follow(client: Client, ben: Person, lately: datetime) -> None:
    for number in range(LISTED + 1):
        PhotoFactory.create(poster=ben, number=number, posted_at=lately + number * DAY / 10)
    be(client, ben)
    first = client.get(f"{INSIGHTS}?days=7").context
    assert [photo.number for photo, _ in first["listed"]] == list(range(LISTED, 0, -1))
    rest = client.get(f"{INSIGHTS}?days=7&before={first['older']}")
    assert [photo.number for photo, _ in rest.context["listed"]] == [0]
    assert rest.context["older"] is None
    assert 'href="/feed/insights/?days=7#listed-title"' in rest.content.decode()


def test_the_standing_is_told_with_and_without_unlikes(
    client: Client, recent: Photo, ben: Person
) -> None:
    """One of two likes is taken back: −4 times a half."""
    be(client, ben)
    page = client.get(INSIGHTS)
    judged = page.context["standing"]
    assert [(f.title, f.points, f.part.of, f.rule.assumed) for f in judged.factors] == [
        ("Likes", "+0.1", "1 like in 3 views", True),
        ("Comments", "+0.2", "1 comment in 3 views", True),
        ("Shares", "+0.2", "1 share in 3 views", True),
        ("Unlikes", "−2.0", "1 of 2 likes taken back", True),
    ]
    assert (judged.points, judged.without, judged.rate) == ("−1.5", "0.5", "50%")
    assert list(judged.plot.numbers) == [0.0, *[0.2] * 8, *[-1.5] * 3]
    assert list(judged.plot.others) == [0.0, *[0.2] * 8, *[0.5] * 3]
    text = " ".join(re.sub(r"<[^>]+>", "", page.content.decode()).split())
    assert "If unlikes did not count, it would be 0.5 instead of −1.5." in text
    assert {rule.key for rule in judged.rules} <= {rule.key for rule in page.context["rules"]}


def test_unlikes_that_make_no_difference_are_said_to(
    client: Client, photo: Photo, ben: Person
) -> None:
    be(client, ben)
    assert "Unlikes make no difference to it at the moment" in client.get(INSIGHTS).content.decode()


@pytest.mark.parametrize(
    ("platform", "said"),
    [
        ("instagram", "Instagram gives figures for this photo to Ben, who posted it, and not to"),
        ("facebook", "Facebook gives nobody figures for this photo, not even Ben"),
    ],
)
def test_anothers_figures_are_not_yours_and_you_can_be_them(
    client: Client, recent: Photo, ana: Person, platform: str, said: str
) -> None:
    be(client, ana)
    on(client, platform)
    page = client.get("/feed/photo/1/insights/")
    assert said in page.content.decode()
    assert "panels" not in page.context
    assert "insights.audience" in {rule.key for rule in page.context["rules"]}
    answer = client.post(
        "/feed/eyes/", {"person": "ben", "next": "/feed/photo/1/insights/"}, follow=True
    )
    assert len(answer.context["panels"]) == 6


def test_whoever_posted_nothing_is_told_so(client: Client, recent: Photo, zoe: Person) -> None:
    be(client, zoe)
    page = client.get(INSIGHTS).content.decode()
    assert "Zoe has posted no photo." in page
    assert "Pick whose eyes" in page


def test_a_quiet_week_is_said_to_be_one(client: Client, photo: Photo, ben: Person) -> None:
    """And not where the platform gives nothing: that would be a figure."""
    be(client, ben)
    quiet = "Nothing happened here"
    assert f"{quiet} in these 7 days." in client.get(f"{INSIGHTS}?days=7").content.decode()
    assert f"{quiet} yet." in client.get(f"{INSIGHTS}?days=all").content.decode()
    on(client, "facebook")
    assert quiet not in client.get(f"{INSIGHTS}?days=7").content.decode()
    on(client, "instagram")
    actions.view(
        photo=photo, person=PersonFactory.create(room=photo.room), seconds=3, at=timezone.now()
    )
    assert quiet not in client.get(f"{INSIGHTS}?days=7").content.decode()


@pytest.mark.parametrize("path", PATHS)
def test_htmx_gets_the_part(client: Client, recent: Photo, ben: Person, path: str) -> None:
    be(client, ben)
    answer = client.get(path, headers=HTMX)
    assert answer.content.decode().lstrip().startswith('<div id="feed"')
    assert "no-store" in answer["Cache-Control"]


def test_what_is_not_there_is_not_found(client: Client, recent: Photo, ben: Person) -> None:
    be(client, ben)
    assert client.get("/feed/photo/7/insights/").status_code == HTTPStatus.NOT_FOUND
    actions.remove(photo=recent, person=ben, at=timezone.now())
    assert client.get("/feed/photo/1/insights/").status_code == HTTPStatus.NOT_FOUND
    assert "panels" not in client.get(INSIGHTS).context


# Cost: few and many days, photos, people and events


@pytest.fixture
def busy(room: Room, ben: Person, lately: datetime) -> Callable[[int], None]:
    """As many photos as people, each liked and viewed by all, and a third of the likes gone."""

    def make(size: int) -> None:
        people = PersonFactory.create_batch(size, room=room)
        for number in range(size):
            at = lately - number * DAY
            photo = PhotoFactory.create(poster=ben, number=number, posted_at=at, liked_by=people)
            for person in people:
                actions.view(photo=photo, person=person, seconds=3, at=at)
            for person in people[::3]:
                actions.unlike(photo=photo, person=person, at=at + DAY)

    return make


@pytest.mark.parametrize("size", [2, 15])
@pytest.mark.parametrize(
    ("path", "queries"),
    [("insights/?days=7", 8), ("insights/?days=all", 8), ("photo/1/insights/", 6)],
)
def test_figures_take_the_same_queries_however_much_happened(
    client: Client,
    ben: Person,
    busy: Callable[[int], None],
    size: int,
    path: str,
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    busy(size)
    be(client, ben)
    with django_assert_num_queries(queries):
        page = client.get(f"/feed/{path}")
    assert len(page.context["panels"]) == 6


@pytest.mark.parametrize("platform", PINNED)
def test_the_page_is_light(
    client: Client, ben: Person, busy: Callable[[int], None], platform: str
) -> None:
    """With as many buckets and photos as it ever draws."""
    busy(LISTED)
    PhotoFactory.create(poster=ben, number=99, posted_at=timezone.now() - 58 * DAY)
    be(client, ben)
    on(client, platform)
    page = client.get(f"{INSIGHTS}?days=all").content
    assert len(gzip.compress(page)) < 60_000
