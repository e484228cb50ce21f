"""What reaches somebody on each platform, what of it is new, and the pushes on their phone."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from feed import actions
from feed.cards import clock
from feed.models import Comment, Event, Follow, Person, Photo, Room, Share
from feed.notifications import PAGE, PHOTOS, PUSHES, Day, Line, Place, _day, place
from tests.factories import NOON, PersonFactory, PhotoFactory
from tests.feed.variants import offered

PATH = "/feed/notifications/"
BADGE = f"{PATH}badge/"
READ = f"{PATH}read/"
HTMX = {"HX-Request": "true"}
LIKED = "liked your photo"


@pytest.fixture(autouse=True)
def _variants(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield from offered(monkeypatch)


def minutes(number: float) -> datetime:
    return NOON + timedelta(minutes=number)


def be(client: Client, person: Person, platform: str = "") -> Client:
    client.post("/feed/eyes/", {"person": person.handle})
    if platform:
        client.post("/feed/mode/", {"platform": platform})
    return client


def lines(client: Client, path: str = PATH) -> list[Line]:
    days: list[Day] = client.get(path).context["days"]
    return [line for day in days for line in day.lines]


def said(client: Client, path: str = PATH) -> list[str]:
    return [f"{line.name} {line.says}" for line in lines(client, path)]


def press(photo: Photo, *presses: tuple[float, Person, str]) -> None:
    """Presses on the photo, each so many minutes after noon."""
    for at, person, action in presses:
        getattr(actions, action)(photo=photo, person=person, at=minutes(at))


def mark(client: Client, you: Person, **changed: str) -> str:
    """Presses what the page has there to be pressed, and returns where that leads to."""
    page = client.get(PATH)
    sent = {"you": you.handle, "until": page.context["until"]} | changed
    answer = client.post(READ, sent)
    assert answer.status_code == 303
    return answer["Location"]


# What is told of likes

TOLD = {
    # after: Ana likes, Mika likes, Ana unlikes | Ana likes again
    "instagram": ([f"Mika {LIKED}"], [f"Ana and 1 other {LIKED}"]),
    "facebook": ([f"Mika {LIKED}"], [f"Ana {LIKED}", f"Mika {LIKED}"]),
    "twitter": (["Mika liked your tweet"], ["Ana liked your tweet", "Mika liked your tweet"]),
    "twitter-2023": (["Mika liked your tweet"], ["Ana liked your tweet", "Mika liked your tweet"]),
    "x": (["Mika liked your post"], ["Ana liked your post", "Mika liked your post"]),
    "standing": (
        [f"Mika {LIKED}", f"Ana {LIKED}"],
        [f"Ana {LIKED}", f"Mika {LIKED}", f"Ana {LIKED}"],
    ),
    "standing-grouping": ([f"Mika and 1 other {LIKED}"], [f"Ana and 1 other {LIKED}"]),
    "once": ([f"Mika {LIKED}"], [f"Mika {LIKED}"]),
    "standing-once": ([f"Mika {LIKED}", f"Ana {LIKED}"], [f"Mika {LIKED}", f"Ana {LIKED}"]),
    "telling": (
        ["Ana unliked your photo", f"Mika {LIKED}"],
        [f"Ana {LIKED}", "Ana unliked your photo", f"Mika {LIKED}"],
    ),
    "quiet": ([], []),
}


@pytest.mark.parametrize("platform", TOLD)
def test_the_inbox_tells_of_likes_as_the_platform_has_it(
    client: Client, photo: Photo, ben: Person, ana: Person, mika: Person, platform: str
) -> None:
    Follow.objects.all().delete()
    before, after = TOLD[platform]
    be(client, ben, platform)
    press(photo, (1, ana, "like"), (2, mika, "like"), (3, ana, "unlike"))
    assert said(client) == before
    press(photo, (4, ana, "like"))
    assert said(client) == after


def test_a_group_is_of_one_photo_and_dated_by_its_newest_standing_like(
    client: Client, photo: Photo, ben: Person, ana: Person, mika: Person, zoe: Person
) -> None:
    other = PhotoFactory.create(poster=ben, number=2)
    press(photo, (1, ana, "like"), (2, mika, "like"), (9, zoe, "like"), (10, zoe, "unlike"))
    press(other, (5, zoe, "like"))
    be(client, ben, "instagram")
    first, second = lines(client)[:2]
    assert (first.told.photo, first.told.people, first.at) == (other, ("zoe",), "12:05")
    assert (second.told.photo, second.told.people, second.at) == (photo, ("mika", "ana"), "12:02")
    assert first.href == "/feed/photo/2/"


def test_a_like_is_announced_only_after_the_platforms_delay(
    client: Client, photo: Photo, ben: Person, ana: Person, mika: Person
) -> None:
    Follow.objects.all().delete()
    now = timezone.now()
    actions.like(photo=photo, person=ana, at=now - timedelta(seconds=61))
    actions.like(photo=photo, person=mika, at=now - timedelta(seconds=20))
    assert said(be(client, ben, "delaying")) == [f"Ana {LIKED}"]
    assert said(be(client, ben, "facebook")) == [f"Mika {LIKED}", f"Ana {LIKED}"]


def test_nobody_is_told_what_happens_to_photos_of_others(
    client: Client, photo: Photo, ben: Person, ana: Person, mika: Person
) -> None:
    press(photo, (1, mika, "like"))
    actions.comment(photo=photo, person=mika, text="Fine", at=minutes(2))
    actions.share(photo=photo, person=mika, at=minutes(3))
    assert len(said(be(client, ben))) == 5
    assert said(be(client, ana)) == []


def test_your_own_presses_are_no_news(client: Client, photo: Photo, ben: Person) -> None:
    press(photo, (1, ben, "like"))
    actions.comment(photo=photo, person=ben, text="Mine", at=minutes(2))
    actions.share(photo=photo, person=ben, at=minutes(3))
    assert said(be(client, ben)) == []


def test_no_platform_says_what_it_never_announces_but_in_one_hatched_row(
    client: Client, photo: Photo, ben: Person, ana: Person
) -> None:
    press(photo, (1, ana, "like"), (2, ana, "unlike"))
    page = be(client, ben, "instagram").get(PATH)
    assert said(client) == ["Ana follows you"]
    assert page.context["withheld"].rule == "inbox.unlike"
    html = page.content.decode()
    row = html.index("A like that is taken back is never announced here")
    assert 'popovertarget="rule-inbox-unlike"' in html[row - 400 : row]
    assert 'id="rule-inbox-unlike" popover' in html
    assert be(client, ben, "quiet").get(PATH).context["withheld"].rule == "inbox.like"
    assert be(client, ben, "telling").get(PATH).context["withheld"] is None


# Comments, shares, followers


def test_comments_shares_and_followers_are_told_while_they_stand(
    client: Client, photo: Photo, ben: Person, zoe: Person
) -> None:
    be(client, ben)
    comment = actions.comment(photo=photo, person=zoe, text="Which camera? " * 9, at=minutes(1))
    actions.share(photo=photo, person=zoe, at=minutes(2))
    actions.follow(follower=zoe, followed=ben, at=minutes(3))
    told = ["Zoe follows you", "Zoe shared your photo", "Zoe commented on your photo"]
    assert said(client) == told
    follow, share, said_ = lines(client)
    assert [line.href for line in (follow, share, said_)] == [
        "/feed/people/zoe/",
        "/feed/photo/1/",
        "/feed/photo/1/#comments",
    ]
    assert said_.told.quote.startswith("Which camera? ")
    assert said_.told.quote.endswith("…")
    actions.uncomment(comment=comment, at=minutes(4))
    actions.unshare(photo=photo, person=zoe, at=minutes(5))
    actions.unfollow(follower=zoe, followed=ben)
    assert said(client) == []


@pytest.mark.parametrize("gone", ["left", "blocked", "blocking"])
def test_whoever_is_gone_is_not_told_of(
    client: Client, photo: Photo, ben: Person, ana: Person, mika: Person, gone: str
) -> None:
    for person in (ana, mika):
        press(photo, (1, person, "like"), (2, person, "share"))
        actions.comment(photo=photo, person=person, text="Fine", at=minutes(3))
    be(client, ben, "standing")
    assert len(said(client)) == 8
    if gone == "left":
        actions.leave(person=ana, at=minutes(4))
    else:
        pair = (ben, ana) if gone == "blocked" else (ana, ben)
        actions.block(blocker=pair[0], blocked=pair[1])
    assert said(client) == [
        "Mika commented on your photo",
        "Mika shared your photo",
        f"Mika {LIKED}",
        "Mika follows you",
    ]
    names = {push.row.who.name for push in client.get(PATH).context["pushes"] if push.row.who}
    assert names == ({"Ana", "Mika"} if gone == "left" else {"Mika"})


# Pages of it


def everything(client: Client) -> tuple[list[Place], list[int]]:
    """All places page by page, and how many each page had."""
    found, sizes, path = [], [], PATH
    while path:
        page = client.get(path)
        held = [line.told.place for day in page.context["days"] for line in day.lines]
        found += held
        sizes.append(len(held))
        older = page.context["older"]
        path = f"{PATH}?before={older.address.replace('+', '%2B')}" if older else ""
    return found, sizes


@pytest.mark.parametrize("at", ["one moment", "many moments"])
def test_older_ones_follow_page_by_page_and_each_is_there_once(
    client: Client, ben: Person, at: str
) -> None:
    photos = [PhotoFactory.create(poster=ben, number=number) for number in range(1, 4)]
    for number in range(PAGE):
        person = PersonFactory.create(room=ben.room, handle=f"p{number:02}")
        moment = NOON if at == "one moment" else minutes(number)
        Follow.objects.create(follower=person, followed=ben, since=moment)
        photo = photos[number % 3]
        Comment.objects.create(photo=photo, person=person, text="Hm", at=moment)
        Share.objects.create(photo=photo, person=person, since=moment)
        actions.like(photo=photo, person=person, at=moment)
    found, sizes = everything(be(client, ben, "facebook"))
    assert sizes == [PAGE] * 4
    assert len(set(found)) == 4 * PAGE
    assert found == sorted(found, reverse=True)


def test_days_are_named_as_people_name_them() -> None:
    today = date(2026, 3, 1)
    days = [today, date(2026, 2, 28), date(2026, 2, 27), date(2025, 12, 31)]
    assert [_day(day, today) for day in days] == [
        "Today",
        "Yesterday",
        "27 February",
        "31 December 2025",
    ]


def test_lines_stand_under_their_day(
    client: Client, photo: Photo, ben: Person, zoe: Person
) -> None:
    press(photo, (1, zoe, "like"))
    actions.share(photo=photo, person=zoe, at=minutes(24 * 60))
    days = be(client, ben).get(PATH).context["days"]
    assert [(day.name[:8], len(day.lines)) for day in days] == [("15 March", 1), ("14 March", 1)]


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "x",
        ",,,",
        "2026-03-14,like,1,ana",
        "2026-99-99T00:00:00Z,like,1,a",
        "2026-03-14T12:00:00Z,hug,1,a",
        "2026-03-14T12:00:00Z,like,one,a",
        "0001-01-01T00:00:00+23:00,like,1,a",
        "9999-12-31T23:59:59-23:00,like,1,a",
    ],
)
def test_a_place_that_says_nothing_is_the_top(
    client: Client, photo: Photo, ben: Person, zoe: Person, wrong: str
) -> None:
    press(photo, (1, zoe, "like"))
    be(client, ben)
    asked = {"before": wrong, "phone": wrong, "was": wrong}
    page = client.get(PATH, asked)
    assert (page.status_code, page.context["newest"], page.context["was"]) == (200, True, "")
    assert len(page.context["days"]) == 1


def test_a_place_goes_into_an_address_and_back() -> None:
    for kind in ("like", "comment"):
        there = Place(minutes(0.123456), kind, 12, "a.b")
        assert place(there.address) == there


# New or read


def new(client: Client, path: str = PATH) -> list[str]:
    return [f"{line.name} {line.says}" for line in lines(client, path) if not line.quiet]


def test_only_a_press_marks_as_read_and_it_can_be_taken_back(
    client: Client, photo: Photo, ben: Person, ana: Person
) -> None:
    press(photo, (1, ana, "like"))
    be(client, ben)
    for _ in range(2):
        assert new(client) == [f"Ana {LIKED}", "Ana follows you"]
    undo = mark(client, ben)
    assert undo == f"{PATH}?was=never"
    page = client.get(undo)
    assert (page.context["new"], page.context["was"]) == (0, "never")
    assert said(client, undo) == [f"Ana {LIKED}", "Ana follows you"]
    assert mark(client, ben, until="never", undo="1") == PATH
    assert new(client) == [f"Ana {LIKED}", "Ana follows you"]


def test_taking_it_back_restores_what_was_new_before(
    client: Client, photo: Photo, ben: Person, ana: Person
) -> None:
    be(client, ben)
    mark(client, ben, until=minutes(1).isoformat())
    press(photo, (2, ana, "like"))
    undo = mark(client, ben)
    assert new(client) == []
    was = client.get(undo).context["was"]
    mark(client, ben, until=was, undo="1")
    assert new(client) == [f"Ana {LIKED}"]


def test_what_arrived_since_the_page_was_read_stays_new(
    client: Client, photo: Photo, ben: Person, ana: Person, mika: Person
) -> None:
    press(photo, (1, ana, "like"), (3, mika, "like"))
    be(client, ben, "facebook")
    for until, left in ((1, [f"Mika {LIKED}"]), (2, [f"Mika {LIKED}"]), (3, [])):
        mark(client, ben, until=minutes(until).isoformat())
        assert new(client) == left
        assert badge(client) == (str(len(left)) if left else "")


def test_a_delayed_notice_is_new_when_it_arrives(
    client: Client, photo: Photo, ben: Person, ana: Person
) -> None:
    now = timezone.now()
    actions.like(photo=photo, person=ana, at=now - timedelta(seconds=70))
    be(client, ben, "delaying")
    mark(client, ben, until=(now - timedelta(seconds=30)).isoformat())
    assert new(client) == [f"Ana {LIKED}"]
    assert badge(client) == "1"
    mark(client, ben, until=(now - timedelta(seconds=5)).isoformat())
    assert new(client) == []
    assert badge(client) == ""


def test_each_person_reads_for_themselves(
    client: Client, room: Room, photo: Photo, ben: Person, ana: Person, zoe: Person
) -> None:
    theirs = PhotoFactory.create(poster=ana, number=2)
    press(photo, (1, zoe, "like"))
    press(theirs, (1, zoe, "like"))
    mark(be(client, ben), ben)
    assert new(client) == []
    assert new(be(client, ana)) == [f"Zoe {LIKED}"]
    assert new(be(client, ben)) == []


def test_the_future_cannot_be_read(client: Client, photo: Photo, ben: Person, ana: Person) -> None:
    be(client, ben)
    mark(client, ben, until="9999-01-01T00:00:00+00:00")
    actions.like(photo=photo, person=ana, at=timezone.now())
    assert new(client) == [f"Ana {LIKED}"]


def test_a_page_of_somebody_else_marks_nothing(
    client: Client, photo: Photo, ben: Person, ana: Person
) -> None:
    press(photo, (1, ana, "like"))
    be(client, ben)
    assert mark(client, ana) == PATH
    assert "You are Ben since another tab" in client.get(PATH).content.decode()
    assert len(new(client)) == 2


def test_the_session_keeps_a_few_moments_and_no_notice(client: Client, ben: Person) -> None:
    people = PersonFactory.create_batch(12, room=ben.room)
    for person in people:
        mark(be(client, person), person)
    assert list(client.session["read"]) == [person.handle for person in people[-8:]]


def test_looking_changes_nothing(client: Client, photo: Photo, ben: Person, ana: Person) -> None:
    press(photo, (1, ana, "like"))
    be(client, ben)
    before = (dict(client.session), Event.objects.count(), Room.objects.count())
    for path in (PATH, f"{PATH}?phone=asleep", f"{PATH}?was=never", BADGE):
        client.get(path)
    assert (dict(client.session), Event.objects.count(), Room.objects.count()) == before
    mark(client, ben)
    assert (Event.objects.count(), Room.objects.count()) == before[1:]
    assert client.get(READ).status_code == 405
    assert client.post(PATH).status_code == 405


# The badge


def badge(client: Client) -> str:
    """What it says, without the words for a screen reader."""
    html = client.get(BADGE, headers=HTMX).content.decode().strip()
    if not html:
        return ""
    number, words = html.removeprefix('<span class="badge number">').split("<span", 1)
    assert words == ' class="visually-hidden"> new</span></span>'
    return number


@pytest.mark.parametrize("platform", ["instagram", "facebook", "standing", "quiet"])
def test_the_badge_has_the_number_that_the_page_has(
    client: Client, photo: Photo, ben: Person, ana: Person, mika: Person, platform: str
) -> None:
    press(photo, (1, ana, "like"), (2, mika, "like"))
    be(client, ben, platform)
    assert badge(client) == str(len(new(client)))
    mark(client, ben)
    assert badge(client) == ""
    actions.comment(photo=photo, person=ana, text="Still fine", at=timezone.now())
    actions.like(photo=photo, person=PersonFactory.create(room=ben.room), at=timezone.now())
    assert badge(client) == str(len(new(client))) != "0"


def test_the_badge_stops_counting_where_the_page_ends(client: Client, ben: Person) -> None:
    for person in PersonFactory.create_batch(PAGE + 1, room=ben.room):
        Follow.objects.create(follower=person, followed=ben, since=NOON)
    assert badge(be(client, ben)) == f"{PAGE}+"


# The lock screen

Press = tuple[float, str]

PARCELS: dict[tuple[str, str], list[tuple[Sequence[Press], list[str]]]] = {
    # platform, phone: minutes ago that Ana presses or Ben looks → the pushes, the latest first
    ("facebook", "on"): [
        ([(5, "like")], ["delivered"]),
        ([(5, "like"), (3, "unlike")], ["delivered"]),
    ],
    ("slow", "on"): [
        ([(0.3, "like")], ["not sent yet"]),
        ([(0.6, "like"), (0.3, "unlike")], ["never sent"]),
        ([(5, "like")], ["delivered"]),
    ],
    ("recalling", "on"): [
        ([(5, "like"), (3, "unlike")], ["recalled"]),
        ([(5, "like"), (3, "unlike"), (2, "like")], ["delivered", "recalled"]),
    ],
    ("facebook", "asleep"): [
        ([(5, "like")], ["on its way"]),
        ([(3 * 24 * 60, "like")], ["lost on its way"]),
        ([(5, "like"), (3, "look")], ["delivered"]),
    ],
    ("facebook", "silent"): [([(5, "like")], [])],
    ("quiet", "on"): [([(5, "like")], [])],
    ("telling", "on"): [([(5, "like"), (3, "unlike")], ["delivered", "delivered"])],
}
CASES = [
    (platform, phone, presses, states)
    for (platform, phone), cases in PARCELS.items()
    for presses, states in cases
]
HIDDEN = {"never sent", "lost on its way", "recalled"}


@pytest.mark.parametrize(("platform", "phone", "presses", "states"), CASES)
def test_pushes_lie_on_the_lock_screen_as_parcels(
    client: Client,
    ben: Person,
    ana: Person,
    platform: str,
    phone: str,
    presses: Sequence[Press],
    states: list[str],
) -> None:
    now = timezone.now()
    photo = PhotoFactory.create(poster=ben, number=1)
    for ago, action in presses:
        who = ben if action == "look" else ana
        getattr(actions, action)(photo=photo, person=who, at=now - timedelta(minutes=ago))
    page = be(client, ben, platform).get(f"{PATH}?phone={phone}")
    pushes = page.context["pushes"]
    assert [push.state for push in pushes] == states
    assert [push.row.hidden for push in pushes] == [state in HIDDEN for state in states]
    if (phone, states) == ("asleep", ["delivered"]):
        assert pushes[0].at == clock(now - timedelta(minutes=3), now)  # when Ben looked
    screen = page.content.decode().split('<details class="lock ink" open')[1].split("</details>")[0]
    for push in pushes:
        assert push.state.capitalize() in screen
        assert f'id="rule-{push.row.rule_id}" popover' in page.content.decode()
    assert screen.count('class="parcel hatch"') == len([s for s in states if s in HIDDEN])


def test_the_latest_pushes_of_all_photos_are_shown_and_the_rest_counted(
    client: Client, ben: Person
) -> None:
    photos = [PhotoFactory.create(poster=ben, number=number) for number in (1, 2)]
    people = PersonFactory.create_batch(PUSHES + 2, room=ben.room)
    for number, person in enumerate(people):
        actions.like(photo=photos[number % 2], person=person, at=minutes(number))
    page = be(client, ben).get(PATH)
    shown = [push.row.who.name for push in page.context["pushes"]]
    assert shown == [person.name for person in people[::-1][:PUSHES]]
    assert page.context["more_pushes"] == 2
    assert "and 2 earlier" in page.content.decode()


# What it costs, and where it ends


def test_photos_with_too_many_presses_are_named_and_not_listed(
    client: Client, photo: Photo, ben: Person, ana: Person
) -> None:
    press(photo, (1, ana, "like"))
    other = PhotoFactory.create(poster=ben, number=2, liked_by=[ana])
    Photo.objects.filter(pk=photo.pk).update(like_count=4000)
    page = be(client, ben, "facebook").get(PATH)
    assert [line.told.photo for line in lines(client)] == [other, None]
    assert page.context["busy"] == (photo,)
    assert "have too many likes to list them here" in page.content.decode()


def test_likes_are_told_of_the_photos_to_which_something_happened_last(
    client: Client, ben: Person, ana: Person
) -> None:
    for number in range(PHOTOS + 1):
        photo = PhotoFactory.create(poster=ben, number=number)
        press(photo, (1 if number else 99, ana, "like"))
    numbers = {line.told.photo.number for line in lines(be(client, ben)) if line.told.photo}
    assert len(numbers) == PHOTOS
    assert 0 in numbers


@pytest.mark.parametrize("size", [1, 40])
def test_the_page_and_the_badge_take_the_same_number_of_queries(
    client: Client,
    room: Room,
    ben: Person,
    size: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    photos = [PhotoFactory.create(poster=ben, number=number) for number in range(size)]
    for number, person in enumerate(PersonFactory.create_batch(size, room=room)):
        actions.follow(follower=person, followed=ben, at=minutes(number))
        for photo in photos[:3]:
            press(photo, (number, person, "like"), (number, person, "share"))
            actions.comment(photo=photo, person=person, text="Fine", at=minutes(number))
    be(client, ben, "facebook")
    with django_assert_num_queries(9):
        page = client.get(PATH)
    assert (page.context["older"] is None) is (size == 1)
    with django_assert_num_queries(8):
        client.get(BADGE)


def test_the_part_is_sent_to_htmx_and_the_page_to_everybody(client: Client, ben: Person) -> None:
    be(client, ben)
    assert b"<!doctype" in client.get(PATH).content
    assert b"<!doctype" not in client.get(PATH, headers=HTMX).content
    assert reverse("feed:notifications") == PATH


def test_without_any_news_the_page_says_what_would_be_there(client: Client, zoe: Person) -> None:
    page = be(client, zoe, "x").get(PATH).content.decode()
    assert "Nothing has reached Zoe yet" in page
    assert "Mark all as read" not in page
    assert "Pick whose eyes" in page
