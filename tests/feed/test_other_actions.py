"""Comments, shares, views, follows, blocks and posting: rows, counts and the log move together."""

from datetime import datetime, timedelta

import pytest
from django.db.models import Model

from feed import actions, queries
from feed.actions import RefusedError
from feed.auditing import audit
from feed.models import Block, Comment, Event, Follow, Person, Photo, Room, Share
from tests.factories import NOON, PersonFactory, PhotoFactory


def minutes(number: float) -> datetime:
    return NOON + timedelta(minutes=number)


def logged() -> list[tuple[str, str, int | None]]:
    return list(Event.objects.order_by("at").values_list("person__handle", "action", "seconds"))


def counts(photo: Photo) -> tuple[int, int, int]:
    """Likes, comments, shares."""
    photo.refresh_from_db()
    return photo.like_count, photo.comment_count, photo.share_count


def pairs(model: type[Model], *names: str) -> list[tuple[str, ...]]:
    return sorted(model._default_manager.values_list(*(f"{name}__handle" for name in names)))


def test_a_comment_is_kept_counted_and_logged(photo: Photo, ana: Person) -> None:
    made = actions.comment(photo=photo, person=ana, text="  Lovely.\n", at=minutes(1))
    assert (made.text, made.at) == ("Lovely.", minutes(1))
    assert (counts(photo), logged()) == ((0, 1, 0), [("ana", "comment", None)])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (" \n ", "There is nothing in the comment yet. Write a word or two."),
        ("a" * 501, "A comment may have 500 letters, and this one has 501."),
    ],
)
def test_a_comment_that_cannot_be_is_refused(
    photo: Photo, ana: Person, text: str, why: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        actions.comment(photo=photo, person=ana, text=text, at=minutes(1))
    assert (str(refused.value), counts(photo), logged()) == (why, (0, 0, 0), [])


def test_a_deleted_comment_leaves_only_its_event(photo: Photo, ana: Person) -> None:
    made = actions.comment(photo=photo, person=ana, text="Lovely.", at=minutes(1))
    assert actions.uncomment(comment=made, at=minutes(2)).changed
    assert not actions.uncomment(comment=made, at=minutes(3)).changed
    assert counts(photo) == (0, 0, 0)
    assert logged() == [("ana", "comment", None), ("ana", "uncomment", None)]


def test_a_share_stands_once(photo: Photo, ana: Person) -> None:
    assert actions.share(photo=photo, person=ana, at=minutes(1)).changed
    assert not actions.share(photo=photo, person=ana, at=minutes(2)).changed
    assert counts(photo) == (0, 0, 1)
    assert actions.unshare(photo=photo, person=ana, at=minutes(3)).changed
    assert not actions.unshare(photo=photo, person=ana, at=minutes(4)).changed
    assert counts(photo) == (0, 0, 0)
    assert logged() == [("ana", "share", None), ("ana", "unshare", None)]


@pytest.mark.parametrize(
    ("who", "seconds", "kept"),
    [("ana", 7, 7), ("ana", 86_400, 600), ("ana", 0, None), ("ben", 7, None)],
)
def test_a_view_is_somebody_elses_and_lasts(
    photo: Photo, room: Room, ana: Person, who: str, seconds: int, kept: int | None
) -> None:
    person = room.people.get(handle=who)
    assert actions.view(photo=photo, person=person, seconds=seconds, at=minutes(1)).changed is bool(
        kept
    )
    assert logged() == ([(who, "view", kept)] if kept else [])


def test_following_is_a_state(ana: Person, mika: Person) -> None:
    assert actions.follow(follower=mika, followed=ana, at=NOON)
    assert not actions.follow(follower=mika, followed=ana, at=minutes(1))
    assert Follow.objects.get(follower=mika, followed=ana).since == NOON
    assert actions.unfollow(follower=mika, followed=ana)
    assert not actions.unfollow(follower=mika, followed=ana)


def test_a_block_ends_following_both_ways_and_hides_both(
    photo: Photo, room: Room, ana: Person, ben: Person
) -> None:
    actions.follow(follower=ben, followed=ana, at=NOON)
    actions.like(photo=photo, person=ana, at=minutes(1))
    own = PhotoFactory.create(poster=ana)
    assert actions.block(blocker=ben, blocked=ana)
    assert not actions.block(blocker=ben, blocked=ana)
    assert pairs(Block, "blocker", "blocked") == [("ben", "ana")]
    assert pairs(Follow, "follower", "followed") == []
    assert list(queries.photos(room, ana)) == [own]
    assert list(queries.photos(room, ben)) == [photo]
    assert counts(photo) == (1, 0, 0)
    with pytest.raises(RefusedError, match=r"^You cannot follow Ben\.$"):
        actions.follow(follower=ana, followed=ben, at=NOON)
    assert actions.unblock(blocker=ben, blocked=ana)
    assert list(queries.photos(room, ana)) == [own, photo]


def test_nobody_follows_or_blocks_themselves_a_stranger_or_somebody_gone(
    ana: Person, mika: Person
) -> None:
    stranger = PersonFactory.create(handle="stranger")
    actions.leave(person=mika, at=NOON)
    for other, why in [
        (ana, "You cannot {} yourself."),
        (stranger, "Stranger is not in your room."),
        (mika, "Mika has left."),
    ]:
        with pytest.raises(RefusedError) as refused:
            actions.follow(follower=ana, followed=other, at=NOON)
        assert str(refused.value) == why.format("follow")
        with pytest.raises(RefusedError) as refused:
            actions.block(blocker=ana, blocked=other)
        assert str(refused.value) == why.format("block")


def test_whoever_leaves_takes_comments_and_shares_along(
    photo: Photo, room: Room, ana: Person, mika: Person
) -> None:
    other = PhotoFactory.create(poster=photo.poster)
    for number, person in enumerate((ana, mika, ana), start=1):
        actions.comment(photo=photo, person=person, text=str(number), at=minutes(number))
    for person in (ana, mika):
        actions.share(photo=other, person=person, at=minutes(9))
    actions.leave(person=ana, at=minutes(10))
    assert (counts(photo), counts(other)) == ((0, 1, 0), (0, 0, 1))
    assert pairs(Comment, "person") == pairs(Share, "person") == [("mika",)]
    assert audit(room) == []


def test_a_posted_photo_has_the_next_number(photo: Photo, ana: Person) -> None:
    Photo.objects.filter(pk=photo.pk).update(number=41)
    words = {"title": "Tea", "alt": "A cup of tea", "caption": ""}
    picture = {"image": "a/b", "widths": "480", "width": 480, "height": 360, "colour": "#112233"}
    made = actions.post(poster=ana, **words, **picture, at=minutes(1))
    assert (made.number, made.posted_at, made.latest_at) == (42, minutes(1), minutes(1))
    assert {name: getattr(made, name) for name in words | picture} == words | picture


def test_a_poster_edits_and_removes_and_nobody_else_does(
    photo: Photo, room: Room, ana: Person, ben: Person
) -> None:
    title = photo.title
    for attempt in (
        lambda: actions.edit(photo=photo, person=ana, title="", alt="", caption=""),
        lambda: actions.remove(photo=photo, person=ana, at=minutes(1)),
    ):
        with pytest.raises(RefusedError, match="is not yours to change"):
            attempt()
    actions.edit(photo=photo, person=ben, title="Dusk", alt="Towers", caption="late")
    photo.refresh_from_db()
    assert (photo.title, photo.alt, photo.caption) == ("Dusk", "Towers", "late")
    assert title != "Dusk"


def test_a_removed_photo_keeps_its_row_and_loses_its_words(
    photo: Photo, room: Room, ana: Person, ben: Person
) -> None:
    actions.like(photo=photo, person=ana, at=minutes(1))
    actions.comment(photo=photo, person=ana, text="Lovely.", at=minutes(2))
    actions.share(photo=photo, person=ana, at=minutes(3))
    actions.remove(photo=photo, person=ben, at=minutes(4))
    assert counts(photo) == (1, 0, 0)
    assert (photo.title, photo.alt, photo.caption) == ("", "", "")
    assert not Comment.objects.exists()
    assert not Share.objects.exists()
    assert list(queries.photos(room, ben)) == []
    assert audit(room) == []
    with pytest.raises(RefusedError, match="was removed a moment ago"):
        actions.unlike(photo=photo, person=ana, at=minutes(5))
