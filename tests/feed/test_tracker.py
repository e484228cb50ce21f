"""The tracker's page: its report beside the truth, on each platform, and what its address asks."""

from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from feed import actions, queries
from feed.disclosure.judgement import Score
from feed.disclosure.tracker import HONEST, INTERRUPTED, PRESETS, REQUESTS_BORNE
from feed.models import Event, Person, Photo, Room
from feed.modes import platforms
from feed.tracking import (
    EVERY,
    PHOTOS,
    POLLS,
    PRESSES,
    ROWS,
    Settings,
    Tracked,
    moments,
    settings,
    tracked,
)
from tests.disclosure.cast import PINNED
from tests.factories import NOON, PersonFactory, PhotoFactory

PATH = "/feed/tracker/"
HTMX = {"HX-Request": "true"}
DAYS = 20

WHO_TELLS = {
    # platform: what its way is called, after how many names the list ends, what ends
    "instagram": ("pages", 100, "Your account was suspended"),
    "facebook": ("pages", None, "Your account was suspended"),
    "twitter": ("told", None, "Your account was suspended"),
    "twitter-2023": ("interface", None, "Your account was suspended"),
    "x": ("interface", 100, "The app lost its access"),
}


def hours(number: float) -> datetime:
    return NOON + timedelta(hours=number)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Two days after the photos, and some minutes past the full hour."""
    now = hours(48.25)
    monkeypatch.setattr(timezone, "now", lambda: now)
    return now


def be(client: Client, person: Person) -> None:
    client.post("/feed/eyes/", {"person": person.handle})


def on(client: Client, platform: str) -> None:
    client.post("/feed/mode/", {"platform": platform})


def found(client: Client, query: str = "on=all&every=6") -> Tracked:
    page = client.get(f"{PATH}?{query}")
    assert page.status_code == HTTPStatus.OK
    told: Tracked = page.context["tracked"]
    return told


def rows(told: Tracked) -> list[tuple[str, str, str]]:
    return [(row.kind, row.who.name if row.who else "", row.truth) for row in told.rows]


def press(photo: Photo, *presses: tuple[float, Person, str]) -> None:
    for hour, person, action in presses:
        getattr(actions, action)(photo=photo, person=person, at=hours(hour))


@pytest.fixture
def story(photo: Photo, ana: Person, mika: Person, zoe: Person) -> Photo:
    """Ana takes her like back; Mika's comes and goes within the hour; Zoe leaves."""
    press(photo, (1, ana, "like"), (2, zoe, "like"), (13.25, ana, "unlike"))
    press(photo, (20, mika, "like"), (20.5, mika, "unlike"))
    actions.leave(person=zoe, at=hours(30.5))
    return photo


ANA = ("hit", "Ana", "Ana took the like back, 15 March 01:15.")
MIKA = ("miss", "Mika", "Mika liked it and took it back between two checks.")
ZOE = ("false", "Zoe", "Zoe closed the account, and the like went with it. Nobody took it back.")
TOLD = ("hit", "Mika", "Mika took the like back, 15 March 08:30.")
COUNTED = ("hit", "", "Mika took the like back, 15 March 08:30.")

TWO_CHECKS = "between 15 March 00:00 and 06:00"

REPORTS = {
    "instagram": ([ZOE, MIKA, ANA], "1 of 2 accusations was true", "It found 1 of 2 unlikes"),
    "facebook": ([ZOE, MIKA, ANA], "1 of 2 accusations was true", "It found 1 of 2 unlikes"),
    "twitter": ([TOLD, ANA], "2 of 2 accusations were true", "It found 2 of 2 unlikes"),
    "twitter-2023": ([ZOE, MIKA, ANA], "1 of 2 accusations was true", "It found 1 of 2 unlikes"),
    "x": ([ZOE, COUNTED, ANA], "2 of 3 accusations were true", "It found 2 of 2 unlikes"),
}


def test_the_table_has_every_mode() -> None:
    assert REPORTS.keys() == WHO_TELLS.keys() == set(PINNED)


@pytest.mark.parametrize("platform", REPORTS)
def test_the_report_and_the_truth_on_each_platform(
    client: Client, story: Photo, ben: Person, now: datetime, platform: str
) -> None:
    told, precision, recall = REPORTS[platform]
    be(client, ben)
    on(client, platform)
    report = found(client)
    assert rows(report) == told
    assert (report.precision, report.recall) == (precision, recall)
    assert (report.since, report.until) == ("14 March 12:00", "12:00 today")
    assert (report.requests, report.blocked) == (9, "")
    between = report.rows[-1].between
    assert between == ("at 15 March 01:15" if platform == "twitter" else TWO_CHECKS)
    page = client.get(f"{PATH}?on=all&every=6").content.decode()
    assert f"<mark>{precision}.</mark> {recall}." in page
    assert page.count("Nothing reported") == sum(kind == "miss" for kind, *_ in told)


@pytest.mark.parametrize("platform", WHO_TELLS)
def test_the_terms_end_it_and_the_page_says_why(
    client: Client, story: Photo, ben: Person, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    kind, cut, ending = WHO_TELLS[platform]
    for number in (2, 3):
        PhotoFactory.create(poster=ben, number=number)
    monkeypatch.setattr(timezone, "now", lambda: hours(24 * DAYS + 0.1))
    actions.look(photo=story, person=ben, at=hours(24 * DAYS))
    be(client, ben)
    on(client, platform)
    events = Event.objects.count()
    page = client.get(f"{PATH}?on=all&every=6")
    report: Tracked = page.context["tracked"]
    assert (str(report.way.kind), report.cut) == (kind, cut)
    assert report.requests == REQUESTS_BORNE
    # Three requests a round: 66 rounds, and two requests of the 67th.
    assert report.blocked == "31 March 00:00"
    assert [r.wrong for r in report.rounds].count("refused") == len(report.rounds) - 66
    text = page.content.decode()
    assert f"{ending}, 31 March 00:00." in text
    assert "nobody is locked out of anything" in text
    for rule in ("developer-tracking", "developer-penalty", report.way.rule.replace(".", "-")):
        assert text.count(f'id="rule-{rule}"') == 1
        assert f'popovertarget="rule-{rule}"' in text
    assert platforms()[platform].developer.tracking.says in text
    assert Event.objects.count() == events
    ben.refresh_from_db()
    assert ben.left_at is None


def test_an_unlike_after_the_end_is_missed(
    client: Client, photo: Photo, ben: Person, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (2, 3):
        PhotoFactory.create(poster=ben, number=number)
    monkeypatch.setattr(timezone, "now", lambda: hours(24 * DAYS + 0.1))
    press(photo, (1, ana, "like"), (24 * (DAYS - 1), ana, "unlike"))
    be(client, ben)
    told = ("miss", "Ana", "Ana took it back when the app was locked out already.")
    assert rows(found(client)) == [told]


# What the address asks for


@pytest.mark.parametrize(
    ("address", "on", "every", "preset"),
    [
        ("", "", 6, HONEST),
        ("on=all", "all", 6, HONEST),
        ("on=1&every=24&faults=interrupted", "1", 24, INTERRUPTED),
        ("on=2&every=7&faults=none", "", 6, HONEST),
        ("on=1&every=x&faults=", "1", 6, HONEST),
        ("on=01&every=1&every=99999999999999999999", "", 6, HONEST),
        ("on=%00&every=-1&faults=%00", "", 6, HONEST),
    ],
)
def test_an_address_is_read_and_what_cannot_be_counts_as_not_there(
    photo: Photo, address: str, on: str, every: int, preset: object
) -> None:
    read = settings(QueryDict(address), [photo])
    assert read == Settings(on=on, every=every, preset=preset)  # type: ignore[arg-type]


@pytest.mark.parametrize("query", ["", "?on=2", "?on=x&every=7&faults=no", "?every=1"])
def test_it_is_off_until_it_is_switched_on_for_a_photo_of_yours(
    client: Client, story: Photo, ben: Person, ana: Person, query: str
) -> None:
    PhotoFactory.create(poster=ana, number=2)
    be(client, ben)
    page = client.get(f"{PATH}{query}")
    assert page.status_code == HTTPStatus.OK
    assert (page.context["tracked"], page.context["watched"]) == (None, [])
    text = page.content.decode()
    assert "Switch it on" in text
    assert "caught" not in text
    assert "Ana" not in text[text.index('id="feed"') :]


def test_one_photo_is_watched_alone(
    client: Client, story: Photo, ben: Person, ana: Person, now: datetime
) -> None:
    other = PhotoFactory.create(poster=ben, number=2)
    press(other, (1, ana, "like"), (8, ana, "unlike"))
    be(client, ben)
    for watched, numbers, requests in (("1", {1}, 9), ("2", {2}, 6), ("all", {1, 2}, 18)):
        report = found(client, f"on={watched}&every=6")
        assert {row.photo.number for row in report.rows} == numbers
        assert report.requests == requests


def test_the_address_keeps_everything_the_form_sets(
    client: Client, story: Photo, ben: Person, now: datetime
) -> None:
    be(client, ben)
    page = client.get(f"{PATH}?on=1&every=1&faults=missing").content.decode()
    form = page[
        page.index('class="tracker-form') : page.index("</form>", page.index("tracker-form"))
    ]
    for chosen in ('value="1" selected', 'id="every-1" value="1" checked'):
        assert chosen in form
    assert 'id="faults-missing" value="missing" checked' in form
    assert form.count("checked") == 2
    assert [f'id="every-{every}"' in form for every in EVERY] == [True] * 3
    assert [f'id="faults-{slug}"' in form for slug in PRESETS] == [True] * 5


def test_htmx_gets_the_part_alone(client: Client, story: Photo, ben: Person) -> None:
    be(client, ben)
    answer = client.get(f"{PATH}?on=all", headers=HTMX)
    assert answer.content.decode().lstrip().startswith('<div id="feed"')
    assert "HX-Request" in answer["Vary"]
    assert "no-store" in answer["Cache-Control"]
    assert client.post(PATH).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert reverse("feed:tracker") == PATH


# Nothing to show


def test_who_posted_nothing_has_nothing_to_watch(client: Client, photo: Photo, zoe: Person) -> None:
    be(client, zoe)
    page = client.get(f"{PATH}?on=all").content.decode()
    assert "There is nothing to watch" in page
    assert "Switch it on" not in page


def test_where_nothing_happened_nothing_is_reported(
    client: Client, photo: Photo, ben: Person, now: datetime
) -> None:
    be(client, ben)
    report = found(client)
    assert (report.precision, report.recall) == ("It accused nobody", "Nobody took a like back")
    page = client.get(f"{PATH}?on=all").content.decode()
    assert "There was nothing to find." in page
    assert page.count("Nothing reported") == 1


def test_before_its_first_check_it_says_so(client: Client, ben: Person, ana: Person) -> None:
    ago = timezone.now().replace(minute=59, second=59)
    PhotoFactory.create(poster=ben, number=1, posted_at=ago)
    be(client, ben)
    page = client.get(f"{PATH}?on=all&every=24").content.decode()
    assert "It has not checked yet" in page


# How far it goes


@pytest.mark.parametrize(
    ("since", "now", "every", "expected"),
    [
        (0, 0.5, 1, [0]),
        (0.1, 0.5, 1, []),
        (0, 2, 1, [0, 1, 2]),
        (0.1, 12, 6, [6, 12]),
        (0, 47, 24, [12, 36]),
        (-1000, 0.9, 6, [6 * step for step in range(1 - POLLS, 1)]),
    ],
)
def test_it_checks_on_the_hour_and_not_for_ever(
    since: float, now: float, every: int, expected: list[float]
) -> None:
    assert moments(hours(since), hours(now), every) == [hours(at) for at in expected]


def test_it_is_off_again_some_time_after_the_latest_event(
    client: Client, story: Photo, ben: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: hours(24 * 500))
    be(client, ben)
    report = found(client, "on=all&every=1")
    assert (report.since, report.until) == ("14 March 12:00", "16 March 18:00")
    assert report.score == Score(hits=2, false=1)  # seen hour by hour, Mika is caught as well


def test_it_watches_the_newest_photos_and_shows_the_latest_rows(
    client: Client, room: Room, ben: Person, ana: Person, now: datetime
) -> None:
    photos = [
        PhotoFactory.create(poster=ben, number=n, posted_at=hours(n / 10))
        for n in range(1, PHOTOS + 3)
    ]
    for photo in photos:
        press(photo, (3, ana, "like"), (7, ana, "unlike"), (13, ana, "like"), (19, ana, "unlike"))
    be(client, ben)
    report = found(client)
    assert report.score.hits == 2 * PHOTOS
    assert (len(report.rows), report.more) == (ROWS, 2 * PHOTOS - ROWS)
    times = [row.at for row in report.rows]
    assert times == sorted(times, reverse=True)
    watched = {row.photo.number for row in report.rows}
    assert watched == set(range(3, PHOTOS + 3))
    assert f"There are {report.more} more" in client.get(f"{PATH}?on=all").content.decode()


def test_several_histories_are_the_same_as_each_alone(
    story: Photo, ben: Person, ana: Person, mika: Person
) -> None:
    after = PhotoFactory.create(poster=ben, number=2, posted_at=hours(31))
    press(after, (32, ana, "like"), (33, mika, "like"), (34, mika, "unlike"))
    for photo in (story, after):
        actions.look(photo=photo, person=ben, at=hours(40))
    actions.look(photo=story, person=ana, at=hours(41))
    other = PhotoFactory.create(poster=ana, number=3, posted_at=hours(1))
    actions.look(photo=other, person=ana, at=hours(2))
    together = queries.histories([story, after, other])
    assert together == {photo.number: queries.history(photo) for photo in (story, after, other)}
    assert {number: len(h.events) for number, h in together.items()} == {1: 7, 2: 4, 3: 2}
    assert queries.histories([]) == {}


def test_a_photo_with_more_likes_than_it_can_count_is_left_out(
    client: Client, ben: Person, now: datetime
) -> None:
    for number, (likes, unlikes) in enumerate([(PRESSES, 0), (1, PRESSES), (PRESSES - 1, 1)], 1):
        PhotoFactory.create(poster=ben, number=number, like_count=likes, unlike_count=unlikes)
    be(client, ben)
    page = client.get(f"{PATH}?on=all")
    assert [photo.number for photo in page.context["photos"]] == [3, 1]
    assert client.get(f"{PATH}?on=2").context["watched"] == []
    assert f"leaves out those with more than {PRESSES} likes" in page.content.decode()


@pytest.fixture
def lively(room: Room, ben: Person) -> Callable[[int], list[Photo]]:
    """Makes so many photos, liked and unliked by as many people."""

    def make(size: int) -> list[Photo]:
        people = PersonFactory.create_batch(size, room=room)
        photos = [PhotoFactory.create(poster=ben, number=n + 1) for n in range(size)]
        for photo in photos:
            press(photo, *((1 + n / 10, person, "like") for n, person in enumerate(people)))
            press(photo, *((13 + n, person, "unlike") for n, person in enumerate(people)))
        return photos

    return make


@pytest.mark.parametrize("size", [2, 8])
def test_it_costs_as_many_queries_however_much_there_is(
    client: Client,
    ben: Person,
    lively: Callable[[int], list[Photo]],
    django_assert_num_queries: DjangoAssertNumQueries,
    now: datetime,
    size: int,
) -> None:
    lively(size)
    be(client, ben)
    with django_assert_num_queries(2 + 1 + 2):  # the visit, the photos, the report
        page = client.get(f"{PATH}?on=all&every=6")
    assert page.context["tracked"].score.hits == size * size


def test_the_report_itself_costs_two_queries(
    ben: Person,
    lively: Callable[[int], list[Photo]],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    photos = lively(3)
    with django_assert_num_queries(2):
        told = tracked(photos, platform=platforms()["x"], preset=HONEST, every=1, now=hours(30))
    assert told is not None
    assert told.score.hits == 9
