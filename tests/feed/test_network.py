"""The photo network as a browser without script gets it: who finds what, in every mode."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db.models import Q
from django.test import Client

from feed import actions
from feed.models import Block, Comment, Event, Follow, Person, Photo, Room, Share
from feed.views.pages import PEOPLE, TILES
from tests.disclosure.cast import PINNED
from tests.factories import NOON, PersonFactory, PhotoFactory

MODES = [*PINNED]
HTMX = {"HX-Request": "true"}


def minutes(number: float) -> datetime:
    return NOON + timedelta(minutes=number)


@pytest.fixture
def be(client: Client) -> Callable[[Person], None]:
    def become(person: Person) -> None:
        client.post("/feed/eyes/", {"person": person.handle})

    return become


def own(client: Client) -> Room:
    """The visitor's own copy of the room, once they have pressed anything."""
    return Room.objects.get(key=client.session["room"])


def tiles(client: Client, path: str) -> list[int]:
    return [photo.number for photo in client.get(path).context["photos"]]


# The Likes tab

SEES_LIKES = {
    # platform: whether oneself, a follower and a stranger are shown what somebody likes
    "instagram": (True, False, False),
    "facebook": (True, False, False),
    "twitter": (True, True, True),
    "twitter-2023": (True, True, True),
    "x": (True, False, False),
}


@pytest.mark.parametrize("mode", MODES)
def test_the_likes_tab_is_for_whom_the_platform_has_it(
    client: Client,
    photo: Photo,
    ana: Person,
    mika: Person,
    zoe: Person,
    be: Callable[[Person], None],
    mode: str,
) -> None:
    actions.like(photo=photo, person=ana, at=minutes(1))
    actions.follow(follower=mika, followed=ana, at=minutes(2))
    client.post("/feed/mode/", {"platform": mode})
    for person, sees in zip((ana, mika, zoe), SEES_LIKES[mode], strict=True):
        be(person)
        page = client.get("/feed/people/ana/likes/")
        assert [photo.number for photo in page.context["photos"]] == ([1] if sees else [])
        assert ("does not show you what Ana likes" in page.content.decode()) is not sees


def test_the_likes_tab_forgets_what_was_taken_back_or_removed(
    client: Client, photo: Photo, ana: Person, ben: Person, be: Callable[[Person], None]
) -> None:
    other, third = (PhotoFactory.create(poster=ben, number=number) for number in (2, 3))
    for number, liked in enumerate((photo, other, third), start=1):
        actions.like(photo=liked, person=ana, at=minutes(number))
    be(ana)
    assert tiles(client, "/feed/people/ana/likes/") == [3, 2, 1]
    actions.unlike(photo=other, person=ana, at=minutes(9))
    actions.remove(photo=third, person=ben, at=minutes(9))
    assert tiles(client, "/feed/people/ana/likes/") == [1]


def test_the_likes_tab_goes_on_where_it_ends(
    client: Client, photo: Photo, ana: Person, ben: Person, be: Callable[[Person], None]
) -> None:
    for number in range(2, TILES + 3):
        other = PhotoFactory.create(poster=ben, number=number)
        actions.like(photo=other, person=ana, at=minutes(number))
    be(ana)
    assert tiles(client, "/feed/people/ana/likes/") == [*range(TILES + 2, 2, -1)]
    first = client.get("/feed/people/ana/likes/").content.decode()
    assert f'href="?skip={TILES}"' in first
    assert tiles(client, f"/feed/people/ana/likes/?skip={TILES}") == [2]


@pytest.mark.parametrize("which", ["followers", "following"])
def test_long_lists_of_people_go_on_where_they_end(
    client: Client, ana: Person, be: Callable[[Person], None], which: str
) -> None:
    others = PersonFactory.create_batch(PEOPLE + 1, room=ana.room)
    pairs = [(other, ana) if which == "followers" else (ana, other) for other in others]
    Follow.objects.filter(Q(follower=ana) | Q(followed=ana)).delete()
    Follow.objects.bulk_create(
        Follow(follower=one, followed=other, since=minutes(1)) for one, other in pairs
    )
    be(ana)
    path = f"/feed/people/ana/{which}/"
    first, rest = (client.get(f"{path}?skip={at}") for at in (0, PEOPLE))
    listed = [each.handle for page in (first, rest) for each in page.context["listed"]]
    assert sorted(listed) == sorted(other.handle for other in others)
    assert [page.content.decode().count("More people") for page in (first, rest)] == [1, 0]


# Finding people and photos


def test_explore_shows_what_everybody_posts(
    client: Client, photo: Photo, zoe: Person, ana: Person, be: Callable[[Person], None]
) -> None:
    PhotoFactory.create(poster=zoe, number=2, posted_at=minutes(1))
    be(ana)
    assert tiles(client, "/feed/explore/") == [2, 1]
    assert tiles(client, "/feed/explore/?before=2") == [1]
    assert "There are no older photos" in client.get("/feed/explore/?before=1").content.decode()


@pytest.mark.parametrize(
    ("words", "people", "photos"),
    [
        ("mika", ["mika"], []),
        ("TOWERS dusk", [], [1]),
        ("ferry", [], [1]),
        ("towers noon", [], []),
        ("  ", [], []),
        ("", [], []),
        ("%", [], []),
        ("_", [], []),
        ("\0", [], []),
        ("a" * 1000, [], []),
        ("e", ["ben", "zoe"], [1]),
    ],
)
def test_search_needs_every_word(
    client: Client,
    photo: Photo,
    mika: Person,
    zoe: Person,
    ben: Person,
    words: str,
    people: list[str],
    photos: list[int],
) -> None:
    page = client.get("/feed/search/", {"q": words})
    assert [person.handle for person in page.context["found"]] == people
    assert [photo.number for photo in page.context["photos"]] == photos


def test_a_blocked_person_finds_nothing_of_the_other_and_the_other_nothing_of_theirs(
    client: Client, photo: Photo, ana: Person, ben: Person, be: Callable[[Person], None]
) -> None:
    PhotoFactory.create(poster=ana, number=2)
    actions.block(blocker=ben, blocked=ana)
    for person, other, mine, theirs in ((ana, ben, 2, 1), (ben, ana, 1, 2)):
        be(person)
        assert tiles(client, "/feed/explore/") == [mine]
        assert tiles(client, "/feed/search/?q=dusk") == [mine]
        found = client.get(f"/feed/search/?q={other.handle}").context["found"]
        assert other not in found
        assert client.get(f"/feed/photo/{theirs}/").status_code == 404
        assert client.post(f"/feed/photo/{theirs}/like/").status_code == 404
    be(ana)
    assert client.get("/feed/people/ben/").status_code == 404
    be(ben)
    page = client.get("/feed/people/ana/").content.decode()
    assert "You have blocked Ana" in page
    assert "Unblock Ana" in page


# Presses


def test_follow_and_block_set_states(
    client: Client, photo: Photo, ana: Person, zoe: Person, be: Callable[[Person], None]
) -> None:
    be(ana)
    path = "/feed/people/zoe/"
    for press, model, count in (
        ("follow", Follow, 2),
        ("follow", Follow, 2),
        ("unfollow", Follow, 1),
        ("unfollow", Follow, 1),
        ("block", Block, 1),
        ("block", Block, 1),
        ("unblock", Block, 0),
    ):
        answer = client.post(f"{path}{press}/", {"next": path})
        assert (answer.status_code, answer["Location"]) == (303, path)
        ana_here = own(client).people.get(handle="ana")
        side = "follower" if model is Follow else "blocker"
        assert model.objects.filter(**{side: ana_here}).count() == count


@pytest.mark.parametrize("press", ["follow", "block"])
def test_nobody_follows_or_blocks_themselves_or_nobody(
    client: Client, photo: Photo, ana: Person, be: Callable[[Person], None], press: str
) -> None:
    be(ana)
    page = client.post(f"/feed/people/ana/{press}/", {"next": "/feed/"}, follow=True)
    assert f"You cannot {press} yourself." in page.content.decode()
    assert client.post(f"/feed/people/nobody/{press}/").status_code == 404


def test_a_comment_is_written_and_only_ones_own_is_deleted(
    client: Client, photo: Photo, ana: Person, mika: Person, be: Callable[[Person], None]
) -> None:
    actions.comment(photo=photo, person=mika, text="First", at=minutes(1))
    be(ana)
    path = "/feed/photo/1/"
    answer = client.post(f"{path}comment/", {"text": "<b>Second</b>", "next": path})
    assert answer["Location"] == f"{path}#comments"
    page = client.get(path)
    assert [comment.text for comment in page.context["comments"]] == ["First", "<b>Second</b>"]
    assert "&lt;b&gt;Second" in page.content.decode()
    first, second = page.context["comments"]
    client.post(f"{path}uncomment/", {"comment": first.pk, "next": path})
    client.post(f"{path}uncomment/", {"comment": second.pk, "next": path})
    client.post(f"{path}uncomment/", {"comment": "x", "next": path})
    assert [c.text for c in Comment.objects.filter(photo__room=own(client))] == ["First"]
    refused = client.post(f"{path}comment/", {"text": " ", "next": path}, follow=True)
    assert "There is nothing in the comment yet." in refused.content.decode()


def test_many_comments_are_shown_on_demand(
    client: Client, photo: Photo, ana: Person, be: Callable[[Person], None]
) -> None:
    for number in range(33):
        actions.comment(photo=photo, person=ana, text=str(number), at=minutes(number))
    be(ana)
    page = client.get("/feed/photo/1/")
    assert [c.text for c in page.context["comments"]] == [str(n) for n in range(3, 33)]
    assert "3 earlier" in page.content.decode()
    assert len(client.get("/feed/photo/1/?comments=all").context["comments"]) == 33


def test_a_share_brings_a_photo_to_ones_followers_with_ones_name(
    client: Client, photo: Photo, ana: Person, zoe: Person, be: Callable[[Person], None]
) -> None:
    strange = PhotoFactory.create(
        poster=PersonFactory.create(room=photo.room, handle="quinn"), number=2
    )
    actions.follow(follower=zoe, followed=ana, at=NOON)
    be(zoe)
    assert client.get("/feed/").context["cards"] == []
    actions.share(photo=strange, person=ana, at=minutes(1))
    for path in ("/feed/", "/feed/?order=time"):
        (card,) = client.get(path).context["cards"]
        assert (card.photo.number, card.shared_by) == (2, "Ana")
    be(ana)
    client.post("/feed/photo/2/unshare/")
    client.post("/feed/photo/2/unshare/")
    assert not Share.objects.filter(photo__room=own(client)).exists()


@pytest.mark.parametrize("press", ["like", "unlike", "share", "unshare"])
def test_a_press_on_a_front_is_answered_with_its_foot(
    client: Client, photo: Photo, ana: Person, be: Callable[[Person], None], press: str
) -> None:
    """It says what the page says once it is loaded anew."""
    if press.startswith("un"):
        act = actions.like if press == "unlike" else actions.share
        act(photo=photo, person=ana, at=minutes(1))
    be(ana)
    sent = {"next": "/feed/?order=time", "you": "ana"}
    headers = HTMX | {"HX-Target": "foot-1"}
    answer = client.post(f"/feed/photo/1/{press}/", sent, headers=headers)
    foot = answer.content.decode()
    page = client.get("/feed/?order=time").content.decode()
    start = page.index('id="foot-1">') + len('id="foot-1">')

    def plain(html: str) -> str:
        token = html.index('csrfmiddlewaretoken" value="') + len('csrfmiddlewaretoken" value="')
        return (html[:token] + html[html.index('"', token) :]).strip()

    assert plain(page[start : start + len(foot)]) == plain(foot)


def test_a_refused_press_on_a_front_loads_the_page_anew(
    client: Client, photo: Photo, ana: Person, mika: Person, be: Callable[[Person], None]
) -> None:
    be(ana)
    client.post("/feed/photo/1/like/")
    actions.leave(person=own(client).people.get(handle="ben"), at=minutes(9))
    answer = client.post(
        "/feed/photo/1/like/", {"you": "ana"}, headers=HTMX | {"HX-Target": "foot-1"}
    )
    assert answer.status_code == 404


@pytest.mark.parametrize("seconds", ["", "x", "-1", "0", "99999999999999"])
def test_a_view_that_says_nothing_is_not_kept(
    client: Client, photo: Photo, ana: Person, be: Callable[[Person], None], seconds: str
) -> None:
    be(ana)
    client.post("/feed/photo/1/like/")
    answer = client.post("/feed/photo/1/view/", {"seconds": seconds, "you": "ana"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert not Event.objects.filter(action="view").exists()


def test_a_view_makes_no_copy_of_the_room(
    client: Client, photo: Photo, ana: Person, be: Callable[[Person], None]
) -> None:
    be(ana)
    client.post("/feed/photo/1/view/", {"seconds": "5", "you": "ana"})
    assert Room.objects.count() == 1
    client.post("/feed/photo/1/like/")
    client.post("/feed/photo/1/view/", {"seconds": "5", "you": "ana"})
    view = Event.objects.get(action="view")
    assert (view.seconds, view.person.handle, view.room) == (5, "ana", own(client))


# What comes out of no page of ours


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("people/a%00b/follow/", {}),
        ("people/a%00b/block/", {}),
        ("people/a%00b/", {}),
        ("photo/1/comment/", {"text": "a\0b"}),
        ("photo/1/comment/", {"text": "\u200b\u2060"}),
        ("photo/1/uncomment/", {"comment": "9" * 5000}),
        ("eyes/", {"person": "a\0b"}),
        ("mode/", {"platform": "\0"}),
        ("notifications/read/", {"until": "0001-01-01T00:00:00+00:00"}),
    ],
)
def test_what_no_page_sends_is_no_error_of_the_site(
    client: Client,
    photo: Photo,
    ana: Person,
    be: Callable[[Person], None],
    path: str,
    sent: dict[str, str],
) -> None:
    be(ana)
    assert client.post(f"/feed/{path}", sent).status_code in (303, 404, 405)
    assert not Comment.objects.exclude(text="ab").exists()
    assert client.get("/feed/notifications/badge/").status_code == 200


def test_an_address_of_any_length_is_no_error_of_the_site(client: Client, photo: Photo) -> None:
    for path in (f"/media/{'a' * 300}/x.webp", f"/feed/people/{'a' * 3000}/", "/feed/people/%00/"):
        assert client.get(path).status_code == 404
    assert client.get("/feed/photo/1/", {"then": "9" * 5000}).status_code == 200


def test_the_same_comment_at_once_is_a_second_press(
    client: Client, photo: Photo, ana: Person, be: Callable[[Person], None]
) -> None:
    be(ana)
    for text in ("Hello", "Hello", "Hello again"):
        client.post("/feed/photo/1/comment/", {"text": text})
    assert [c.text for c in Comment.objects.order_by("at")] == ["Hello", "Hello again"]


PAGES = (
    "",
    "?order=time",
    "?turned=1",
    "explore/",
    "search/?q=a",
    "photo/1/",
    "photo/1/?then=1",
    "photo/1/log/",
    "photo/1/insights/",
    "people/ben/",
    "people/ben/likes/",
    "people/ben/followers/",
    "people/ana/following/",
    "notifications/",
    "insights/",
    "order/",
    "tracker/",
    "post/",
    "leave/",
)


@pytest.mark.parametrize("mode", MODES)
def test_every_button_opens_something(
    client: Client, photo: Photo, ana: Person, be: Callable[[Person], None], mode: str
) -> None:
    """And no two elements of a page have one id."""
    be(ana)
    client.post("/feed/mode/", {"platform": mode})
    for press in ("like", "look", "unlike", "look"):
        client.post(f"/feed/photo/1/{press}/")
    for path in PAGES:
        html = client.get(f"/feed/{path}").content.decode()
        ids = re.findall(r'\sid="([^"]+)"', html)
        targets = set(re.findall(r'(?:popovertarget|for|aria-labelledby)="([^"]+)"', html))
        assert (path, sorted(targets - set(ids))) == (path, [])
        assert (path, [name for name, times in Counter(ids).items() if times > 1]) == (path, [])


# Leaving


def test_leaving_takes_a_second_press_and_somebody_stays(
    client: Client, photo: Photo, ana: Person, ben: Person, be: Callable[[Person], None]
) -> None:
    be(ana)
    assert "Leave as Ana?" in client.get("/feed/leave/").content.decode()
    client.post("/feed/leave/")
    client.post("/feed/leave/", {"you": "ben"})
    assert not own(client).people.filter(left_at__isnull=False).exists()
    client.post("/feed/leave/", {"you": "ana"})
    assert [p.handle for p in own(client).people.filter(left_at=None)] == ["ben"]
    page = client.post("/feed/leave/", {"you": "ben"}, follow=True)
    assert "You are the last one here. Somebody has to stay." in page.content.decode()


# The past

REPLAYED = {
    # platform: what the poster, a liker, a friend and a stranger saw of two likers' names
    "instagram": (True, True, True, True),
    "facebook": (True, True, True, True),
    "twitter": (True, True, True, True),
    "twitter-2023": (True, True, True, True),
    "x": (True, False, False, False),
}


@pytest.mark.parametrize("mode", MODES)
def test_the_past_is_what_each_seat_saw_then(
    client: Client,
    photo: Photo,
    ana: Person,
    mika: Person,
    be: Callable[[Person], None],
    mode: str,
) -> None:
    actions.like(photo=photo, person=mika, at=minutes(1))
    actions.like(photo=photo, person=ana, at=minutes(2))
    actions.view(photo=photo, person=ana, seconds=3, at=minutes(3))
    actions.unlike(photo=photo, person=mika, at=minutes(4))
    client.post("/feed/mode/", {"platform": mode})
    be(ana)
    counts = {}
    for step in (0, 1, 2, 3, 99):
        page = client.get(f"/feed/photo/1/?then={step}")
        seats = page.context["replay"].seats
        counts[step] = [seat.count for seat in seats]
        assert page.context["card"].face.count.written == counts[step][1]
        assert tuple(seat.names is not None for seat in seats) == REPLAYED[mode]
        assert 'photo-actions" action' not in page.content.decode()
    assert counts == {0: ["0"] * 4, 1: ["1"] * 4, 2: ["2"] * 4, 3: ["1"] * 4, 99: ["1"] * 4}
    then = client.get("/feed/photo/1/?then=2").context["replay"]
    assert then.seats[0].names == ("Ana", "Mika")
    assert (then.said, then.steps, then.before, then.after) == (
        f"Ana {client.get('/feed/').context['platform'].words.liked} it.",
        3,
        1,
        3,
    )


def test_the_log_tells_the_whole_truth(
    client: Client, photo: Photo, ana: Person, mika: Person, be: Callable[[Person], None]
) -> None:
    actions.like(photo=photo, person=mika, at=minutes(1))
    actions.view(photo=photo, person=ana, seconds=3, at=minutes(2))
    made = actions.comment(photo=photo, person=ana, text="Secret words", at=minutes(3))
    actions.uncomment(comment=made, at=minutes(4))
    actions.unlike(photo=photo, person=mika, at=minutes(5))
    actions.look(photo=photo, person=photo.poster, at=minutes(6))
    actions.leave(person=mika, at=minutes(7))
    be(ana)
    page = client.get("/feed/photo/1/log/")
    assert [(row.who.name, row.did, row.small, row.step) for row in page.context["rows"]] == [
        ("Mika", "closed the account", "", 4),
        ("Ben", "looked", "", 3),
        ("Mika", "unliked it", "", 2),
        ("Ana", "deleted a comment", "", None),
        ("Ana", "commented on it", "", None),
        ("Ana", "saw it", "for 3 s", None),
        ("Mika", "liked it", "", 1),
    ]
    assert "Secret words" not in page.content.decode()


def test_a_long_log_goes_on_further_down(
    client: Client, photo: Photo, ana: Person, be: Callable[[Person], None]
) -> None:
    for number in range(1, 131):
        actions.view(photo=photo, person=ana, seconds=1, at=minutes(number))
    be(ana)
    first = client.get("/feed/photo/1/log/")
    assert (len(first.context["rows"]), first.context["older"]) == (100, 100)
    assert len(client.get("/feed/photo/1/log/?skip=100").context["rows"]) == 30
