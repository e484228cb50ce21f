"""Ten ways in which real networks fail at taking a like back, each tried on every platform.

Each test first shows that there is something to fail at.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from feed import actions, queries
from feed.cards import cards
from feed.disclosure.disclose import Viewer, disclose
from feed.disclosure.platforms import Seat
from feed.models import Like, Person, Photo
from feed.notifications import Line
from feed.visits import Visit
from tests.factories import NOON, PersonFactory, PhotoFactory, RoomFactory
from tests.feed.variants import EVERY, SHIPPED, VARIANTS, offered, rules

INBOX = "/feed/notifications/"
HTMX = {"HX-Request": "true"}

SILENT = {"quiet", "hiding"}
"""Where no like is announced."""

STANDING = {"standing", "standing-grouping", "standing-once"}
"""Where a notice stays when the like goes."""

ANNOUNCING = [slug for slug in EVERY if slug not in SILENT]
WITHDRAWING = [slug for slug in ANNOUNCING if slug not in STANDING]
GROUPING = ["instagram", "grouping", "standing-grouping"]


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


def like(photo: Photo, person: Person, at: float) -> None:
    actions.like(photo=photo, person=person, at=minutes(at))


def unlike(photo: Photo, person: Person, at: float) -> None:
    actions.unlike(photo=photo, person=person, at=minutes(at))


def lines(client: Client) -> list[Line]:
    days = client.get(INBOX).context["days"]
    return [line for day in days for line in day.lines]


def told_of(client: Client, photo: Photo) -> list[str]:
    """What the inbox says of the likes of one photo, as it is read on the page."""
    page = client.get(INBOX).content.decode()
    found = re.findall(r'<a class="told[^"]*" href="([^"]+)">(.*?)</a>', page, re.DOTALL)
    texts = [" ".join(re.sub(r"<small.*|<[^>]+>", " ", text).split()) for _, text in found]
    here = [href.startswith(f"/feed/photo/{photo.number}/") for href, _ in found]
    return [text.removeprefix("New: ") for text, mine in zip(texts, here, strict=True) if mine]


@pytest.mark.parametrize("platform", EVERY)
def test_1_no_notice_outlives_its_like(
    client: Client, photo: Photo, ben: Person, ana: Person, platform: str
) -> None:
    """A notice goes with its like, on the page and in the badge, where the platform says so."""
    be(client, ben, platform)
    actions.like(photo=photo, person=ana, at=timezone.now() - timedelta(minutes=10))
    until = timezone.now() - timedelta(minutes=20)  # Ana follows Ben for longer
    client.post(f"{INBOX}read/", {"you": "ben", "until": until.isoformat()})
    told = told_of(client, photo)
    assert told == ([] if platform in SILENT else [f"Ana liked your {rules(platform).words.noun}"])
    assert (client.get(f"{INBOX}badge/").content.strip() != b"") is (platform not in SILENT)
    be(client, ana)
    client.post("/feed/photo/1/unlike/")
    be(client, ben)
    left = told_of(client, photo)
    assert [line for line in left if " liked" in line] == (told if platform in STANDING else [])
    if platform in WITHDRAWING and platform != "telling":
        assert client.get(f"{INBOX}badge/").content.strip() == b""


FLOODED = {
    # platform: notices after ten likes taken back, and after an eleventh like
    **dict.fromkeys(SILENT, (0, 0)),
    "once": (0, 0),
    "standing": (10, 11),
    "standing-once": (1, 1),
    "standing-grouping": (1, 1),
    "telling": (10, 11),
}
PUSHED = dict.fromkeys(SILENT, 0) | {"once": 1, "standing-once": 1, "telling": 21}


@pytest.mark.parametrize("platform", EVERY)
def test_2_toggling_does_not_flood(
    client: Client, photo: Photo, ben: Person, ana: Person, platform: str
) -> None:
    """However often a heart is pressed, no more stands than the rules say."""
    be(client, ben, platform)
    for step in range(10):
        like(photo, ana, 4 * step)
        unlike(photo, ana, 4 * step + 2)
    taken_back, liked = FLOODED.get(platform, (0, 1))
    assert len(told_of(client, photo)) == taken_back
    like(photo, ana, 99)
    found = told_of(client, photo)
    assert len(found) == liked
    assert {text.split(" ", 1)[0] for text in found} <= {"Ana"}
    assert not any("other" in text for text in found)
    page = client.get(INBOX)
    pushes = len(page.context["pushes"]) + page.context["more_pushes"]
    assert pushes == PUSHED.get(platform, 11)


@pytest.mark.parametrize("platform", ANNOUNCING)
def test_3_a_second_like_leaves_read_what_is_read(
    client: Client, photo: Photo, ben: Person, ana: Person, mika: Person, platform: str
) -> None:
    """Only the notice of the second like is new, if there is one at all."""
    other = PhotoFactory.create(poster=ben, number=2)
    long_ago = timezone.now() - timedelta(minutes=9)
    for liked in (photo, other):
        for person in (ana, mika):
            actions.like(photo=liked, person=person, at=long_ago)
    be(client, ben, platform)
    assert [line.quiet for line in lines(client)].count(False) >= 4
    marked = timezone.now() - timedelta(minutes=7)
    client.post(f"{INBOX}read/", {"you": "ben", "until": marked.isoformat()})
    assert all(line.quiet for line in lines(client))
    for action, at in ((actions.unlike, 6), (actions.like, 5)):
        action(photo=photo, person=ana, at=timezone.now() - timedelta(minutes=at))
    fresh = [(line.told.photo, line.name, line.told.place.kind) for line in lines(client)]
    quiet = [line.quiet for line in lines(client)]
    new = [what for what, read in zip(fresh, quiet, strict=True) if not read]
    again = [] if "once" in platform else [(photo, "Ana", "like")]
    undone = [(photo, "Ana", "unlike")] if platform == "telling" else []
    assert new == again + undone
    assert client.get(f"{INBOX}badge/").content.strip()[:30].count(b"badge") == bool(new)


@pytest.mark.parametrize("platform", GROUPING)
def test_4_no_group_keeps_a_stale_name(
    client: Client, photo: Photo, ben: Person, ana: Person, mika: Person, zoe: Person, platform: str
) -> None:
    """Whoever takes a like back or leaves is neither named nor counted in the group."""
    be(client, ben, platform)
    for at, person in enumerate((ana, mika, zoe), start=1):
        like(photo, person, at)
    assert told_of(client, photo) == ["Zoe and 2 others liked your photo"]
    newest, *_ = lines(client)
    unlike(photo, zoe, 4)
    if platform in STANDING:
        assert told_of(client, photo) == ["Zoe and 2 others liked your photo"]
        actions.leave(person=zoe, at=minutes(5))
    assert told_of(client, photo) == ["Mika and 1 other liked your photo"]
    assert lines(client)[0].told.at < newest.told.at
    assert "Zoe" not in {face.name for face in lines(client)[0].faces}
    actions.leave(person=mika, at=minutes(6))
    assert told_of(client, photo) == ["Ana liked your photo"]
    actions.leave(person=ana, at=minutes(7))
    assert told_of(client, photo) == []


@pytest.mark.parametrize("platform", WITHDRAWING)
def test_5_an_edited_caption_breaks_nothing(
    client: Client, photo: Photo, ben: Person, ana: Person, platform: str
) -> None:
    """A notice is withdrawn after its photo was edited, and until then tells of the new words."""
    be(client, ben, platform)
    like(photo, ana, 1)
    before = told_of(client, photo)
    assert len(before) == 1
    actions.edit(photo=photo, person=ben, title="Another name", alt="Else", caption="Edited")
    assert told_of(client, photo) == before
    (line, _) = lines(client)
    assert line.told.photo is not None
    assert line.told.photo.title == "Another name"
    unlike(photo, ana, 2)
    assert [text for text in told_of(client, photo) if " liked" in text] == []


PRESSES = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["like", "unlike", "leave", "look"])), max_size=14
)
COMPLETE = [
    slug
    for slug in EVERY
    if slug != "hiding"  # it has neither
]


@pytest.mark.django_db
@given(presses=PRESSES)
def test_6_count_and_list_agree(presses: list[tuple[int, str]]) -> None:
    """The number on a card is that of the names listed, whoever pressed what and left."""
    room = RoomFactory.create()
    ben, *people = PersonFactory.create_batch(4, room=room)
    photo = PhotoFactory.create(poster=ben, number=1)
    for at, (who, action) in enumerate(presses, start=1):
        person = [ben, *people][who]
        try:
            if action != "leave":
                getattr(actions, action)(photo=photo, person=person, at=minutes(at))
            elif person != ben:
                actions.leave(person=person, at=minutes(at))
        except actions.RefusedError:
            assert Person.objects.get(pk=person.pk).left_at
    now = minutes(99)
    photo.refresh_from_db()
    history = queries.history(photo)
    rows = set(Like.objects.filter(photo=photo).values_list("person__handle", flat=True))
    for slug in COMPLETE:
        visit = Visit(room=room, you=ben, present=[ben], platform=rules(slug), at=now, here="/")
        (card,) = cards(visit, [photo], turned=None)
        viewer = Viewer(Seat.POSTER, ben.handle)
        screen = disclose(history=history, platform=rules(slug), viewer=viewer, at=now)
        assert screen.likers.complete
        assert card.face.count.written == screen.face.count.written == str(len(rows))
        assert screen.likers.shown is not None
        assert len(screen.likers.shown) == len(rows) == photo.like_count
        assert set(screen.likers.shown) == rows
        if slug in WITHDRAWING and slug != "once":
            told = {notice.person for notice in screen.notices if notice.action == "like"}
            assert told == rows - {ben.handle}


LIKERS = 37
NUMBER = re.compile(rf"(?<![\w:.,%/#-]){LIKERS}(?![\w:.,%])")
NAME = re.compile("xanthe", re.IGNORECASE)
VIEWS = (
    "/feed/",
    "/feed/?turned=1",
    "/feed/photo/1/",
    "/feed/people/ben/",
    "/feed/people/ben/likes/",
    "/feed/people/ana/likes/",
    INBOX,
    f"{INBOX}?phone=asleep",
    f"{INBOX}badge/",
    "/feed/explore/",
    "/feed/search/?q=harbour",
    "/feed/insights/",
    "/feed/photo/1/insights/",
)


def shown(client: Client, viewers: dict[str, Person]) -> dict[tuple[str, str], tuple[bool, bool]]:
    """For each viewer and view, without what is around it: whether the number and a name is in it.

    What says neither is left out. The account's standing does not count: the page says of it that
    the platform shows it to nobody.
    """
    found = {}
    for who, person in viewers.items():
        be(client, person)
        for path in VIEWS:
            page = client.get(path, headers=HTMX)
            assert page.status_code in (HTTPStatus.OK, HTTPStatus.NOT_FOUND), path
            html = re.sub(
                r'<svg.*?</svg>|<section class="standing".*?</section>',
                "",
                page.content.decode(),
                flags=re.DOTALL,
            )
            says = (bool(NUMBER.search(html)), bool(NAME.search(html)))
            if any(says):
                found[who, path] = says
    return found


def test_7_no_other_view_leaks_what_is_hidden(
    client: Client, photo: Photo, ben: Person, ana: Person, mika: Person, zoe: Person
) -> None:
    """Where number and names are hidden, no page of the feed has either, for anybody."""
    people = [
        PersonFactory.create(room=ben.room, handle=f"xanthe.{number}", name=f"Xanthe {number}")
        for number in range(LIKERS - 1)
    ]
    for at, person in enumerate((ana, *people), start=1):
        like(photo, person, at)
    actions.look(photo=photo, person=ben, at=minutes(60))
    viewers = {"poster": ben, "liker": ana, "follower": mika, "stranger": zoe}
    client.post("/feed/mode/", {"platform": "facebook"})
    leaks = shown(client, viewers)
    for who in viewers:
        assert leaks[who, "/feed/photo/1/"] == (True, True)
    assert leaks["poster", INBOX][1]
    client.post("/feed/mode/", {"platform": "hiding"})
    assert shown(client, viewers) == {}
    be(client, zoe)
    foot = client.post(
        "/feed/photo/1/like/", {"next": "/feed/"}, headers={**HTMX, "HX-Target": "foot-1"}
    ).content.decode()
    assert "Number hidden" in foot
    assert str(LIKERS + 1) not in re.sub(r"<input[^>]+>|<svg.*?</svg>", "", foot)


@pytest.mark.parametrize("platform", SHIPPED)
def test_8_ones_own_history_forgets_an_unlike(
    client: Client, photo: Photo, ben: Person, ana: Person, platform: str
) -> None:
    """The list of one's likes and one's heart drop it; the log alone says what happened."""
    own = "/feed/people/ana/likes/"
    be(client, ana, platform)
    client.post("/feed/photo/1/like/")
    assert [liked.number for liked in client.get(own).context["photos"]] == [1]
    assert client.get("/feed/photo/1/").context["card"].face.liked
    client.post("/feed/photo/1/unlike/")
    assert client.get(own).context["photos"] == []
    assert photo.title not in client.get(own).content.decode()
    assert not client.get("/feed/photo/1/").context["card"].face.liked
    log = client.get("/feed/photo/1/log/").context["rows"]
    assert [(row.who.name, row.action) for row in log] == [("Ana", "unlike"), ("Ana", "like")]


@pytest.mark.parametrize("platform", EVERY)
def test_9_an_undo_survives_leaving(
    client: Client, photo: Photo, ben: Person, ana: Person, mika: Person, platform: str
) -> None:
    """Likes go with whoever leaves, and nothing is counted twice by a late press."""
    like(photo, ana, 1)
    like(photo, mika, 2)
    be(client, ben, platform)
    count = client.get("/feed/photo/1/").context["card"].face.count.written
    assert count == (None if platform == "hiding" else "2")
    actions.leave(person=ana, at=minutes(3))
    with pytest.raises(actions.RefusedError):
        actions.unlike(photo=photo, person=ana, at=minutes(4))
    photo.refresh_from_db()
    assert (photo.like_count, photo.unlike_count) == (1, 0)
    count = client.get("/feed/photo/1/").context["card"].face.count.written
    assert count == (None if platform == "hiding" else "1")
    assert [text for text in told_of(client, photo) if text.startswith("Ana")] == []
    # An outdated page of somebody who has left: they are somebody else now, and are told so.
    late = be(Client(), ben)  # which presses in a copy of the room
    answer = late.post("/feed/photo/1/unlike/", {"you": "ana", "next": "/feed/"})
    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert "You are Ben since another tab" in late.get("/feed/").content.decode()
    # The poster leaves: their photo goes from everywhere, and a late unlike still works.
    actions.leave(person=ben, at=minutes(5))
    be(client, mika)
    for path in ("/feed/", "/feed/explore/", INBOX, "/feed/people/mika/likes/"):
        page = client.get(path)
        assert (page.status_code, photo.title in page.content.decode()) == (HTTPStatus.OK, False)
    assert client.post("/feed/photo/1/unlike/").status_code == HTTPStatus.NOT_FOUND
    assert actions.unlike(photo=photo, person=mika, at=minutes(6)).changed
    photo.refresh_from_db()
    assert (photo.like_count, photo.unlike_count) == (0, 1)


@pytest.mark.parametrize("by", ["its poster", "its row alone"])
@pytest.mark.parametrize("platform", EVERY)
def test_10_no_removed_photo_notifies(
    client: Client, photo: Photo, ben: Person, zoe: Person, platform: str, by: str
) -> None:
    """With a photo go its notices, old and new, its pushes and its part of the badge."""
    like(photo, zoe, 1)
    actions.comment(photo=photo, person=zoe, text="Fine", at=minutes(2))
    actions.share(photo=photo, person=zoe, at=minutes(3))
    be(client, ben, platform)
    silent = platform in SILENT
    assert len(told_of(client, photo)) == (2 if silent else 3)
    assert len(client.get(INBOX).context["pushes"]) == (0 if silent else 1)
    assert client.get(f"{INBOX}badge/").content.strip() != b""
    if by == "its poster":
        actions.remove(photo=photo, person=ben, at=minutes(4))
    else:
        Photo.objects.filter(pk=photo.pk).update(removed_at=minutes(4))
    with pytest.raises(actions.RefusedError):
        like(photo, ben, 5)
    page = client.get(INBOX)
    assert (page.context["days"], page.context["pushes"]) == ([], [])
    assert client.get(f"{INBOX}badge/").content.strip() == b""
    assert photo.title not in page.content.decode()


def test_the_platforms_tried_are_those_there_are() -> None:
    """So that none is left out of the tables above when a file is added."""
    assert {slug for slug in EVERY if not rules(slug).inbox.like.holds} == SILENT
    assert {slug for slug in EVERY if not rules(slug).inbox.withdrawn.holds} == STANDING
    assert {slug for slug in EVERY if rules(slug).inbox.grouped.holds} == set(GROUPING)
    assert len(EVERY) == len(SHIPPED) + len(VARIANTS)
