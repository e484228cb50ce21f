"""Each action sets a state, once, and moves log, likes and count together."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from feed import actions
from feed.actions import Done, RefusedError
from feed.models import Event, Like, Person, Photo
from tests.factories import NOON, PersonFactory, PhotoFactory

Press = Callable[..., Done]
TICK = timedelta(microseconds=1)


def minutes(number: float) -> datetime:
    return NOON + timedelta(minutes=number)


def log() -> list[tuple[datetime, str, str]]:
    return list(Event.objects.order_by("at").values_list("at", "person__handle", "action"))


def likes(photo: Photo) -> tuple[int, list[tuple[str, datetime]]]:
    """The count, and who likes it since when."""
    photo.refresh_from_db()
    return photo.like_count, list(
        photo.likes.order_by("since").values_list("person__handle", "since")
    )


def test_a_like_is_counted_kept_and_logged(photo: Photo, ana: Person, mika: Person) -> None:
    assert actions.like(photo=photo, person=ana, at=minutes(1)) == Done(True, minutes(1))
    assert actions.like(photo=photo, person=mika, at=minutes(2)) == Done(True, minutes(2))
    assert likes(photo) == (2, [("ana", minutes(1)), ("mika", minutes(2))])
    assert log() == [(minutes(1), "ana", "like"), (minutes(2), "mika", "like")]
    assert photo.latest_at == minutes(2)


def test_a_second_like_changes_nothing(photo: Photo, ana: Person) -> None:
    actions.like(photo=photo, person=ana, at=minutes(1))
    assert actions.like(photo=photo, person=ana, at=minutes(2)) == Done(False, minutes(1))
    assert likes(photo) == (1, [("ana", minutes(1))])
    assert log() == [(minutes(1), "ana", "like")]


def test_an_unlike_takes_back_one_persons_like(photo: Photo, ana: Person, mika: Person) -> None:
    actions.like(photo=photo, person=ana, at=minutes(1))
    actions.like(photo=photo, person=mika, at=minutes(2))
    assert actions.unlike(photo=photo, person=ana, at=minutes(3)) == Done(True, minutes(3))
    assert likes(photo) == (1, [("mika", minutes(2))])
    assert log()[-1] == (minutes(3), "ana", "unlike")


def test_an_unlike_without_a_like_changes_nothing(photo: Photo, ana: Person) -> None:
    assert actions.unlike(photo=photo, person=ana, at=minutes(1)) == Done(False, NOON)
    assert likes(photo) == (0, [])
    assert log() == []


def test_a_like_can_come_back(photo: Photo, ana: Person) -> None:
    for minute, action in enumerate((actions.like, actions.unlike, actions.like), start=1):
        assert action(photo=photo, person=ana, at=minutes(minute)).changed
    assert likes(photo) == (1, [("ana", minutes(3))])
    assert [action for _, _, action in log()] == ["like", "unlike", "like"]


def test_a_photo_keeps_to_itself(photo: Photo, ben: Person, ana: Person) -> None:
    other = PhotoFactory.create(poster=ben)
    actions.like(photo=photo, person=ana, at=minutes(1))
    actions.like(photo=other, person=ana, at=minutes(2))
    actions.unlike(photo=photo, person=ana, at=minutes(3))
    assert likes(photo) == (0, [])
    assert likes(other) == (1, [("ana", minutes(2))])


@pytest.mark.parametrize("late", [timedelta(), timedelta(hours=1)])
def test_moments_rise_when_the_clock_does_not(
    photo: Photo, ana: Person, mika: Person, late: timedelta
) -> None:
    actions.like(photo=photo, person=ana, at=minutes(90))
    done = actions.like(photo=photo, person=mika, at=minutes(90) - late)
    assert done == Done(True, minutes(90) + TICK)
    actions.unlike(photo=photo, person=ana, at=minutes(90) - late)
    assert [at for at, _, _ in log()] == [minutes(90) + n * TICK for n in range(3)]
    assert likes(photo) == (1, [("mika", minutes(90) + TICK)])


def test_nothing_happens_at_the_moment_of_posting(photo: Photo, ana: Person) -> None:
    assert actions.like(photo=photo, person=ana, at=NOON).at == NOON + TICK


def test_a_look_is_logged_and_changes_no_like(photo: Photo, ben: Person, ana: Person) -> None:
    actions.like(photo=photo, person=ana, at=minutes(1))
    assert actions.look(photo=photo, person=ben, at=minutes(2)) == Done(True, minutes(2))
    assert likes(photo) == (1, [("ana", minutes(1))])
    assert log()[-1] == (minutes(2), "ben", "look")


def test_a_second_look_within_a_minute_is_the_same_look(photo: Photo, ben: Person) -> None:
    actions.look(photo=photo, person=ben, at=minutes(1))
    assert actions.look(photo=photo, person=ben, at=minutes(1.9)) == Done(False, minutes(1))
    assert actions.look(photo=photo, person=ben, at=minutes(2)) == Done(True, minutes(2))
    assert len(log()) == 2


def test_a_look_that_may_see_something_new_is_another(
    photo: Photo, ben: Person, ana: Person
) -> None:
    actions.look(photo=photo, person=ben, at=minutes(1))
    actions.like(photo=photo, person=ana, at=minutes(1.2))
    assert actions.look(photo=photo, person=ben, at=minutes(1.4)).changed


def test_whoever_leaves_takes_their_likes_along(
    photo: Photo, ben: Person, ana: Person, mika: Person
) -> None:
    other = PhotoFactory.create(poster=ben, liked_by=[mika])
    actions.like(photo=photo, person=ana, at=minutes(1))
    actions.like(photo=photo, person=mika, at=minutes(2))
    assert actions.leave(person=ana, at=minutes(3)) == Done(True, minutes(3))
    assert likes(photo) == (1, [("mika", minutes(2))])
    assert likes(other) == (1, [("mika", NOON + TICK)])
    assert log()[-1] == (minutes(3), "ana", "leave")
    ana.refresh_from_db()
    assert ana.left_at == minutes(3)


def test_leaving_comes_after_everything_in_the_room(
    photo: Photo, ben: Person, ana: Person, mika: Person
) -> None:
    other = PhotoFactory.create(poster=ben)
    actions.like(photo=photo, person=mika, at=minutes(5))
    assert actions.leave(person=ana, at=minutes(1)).at == minutes(5) + TICK
    assert actions.like(photo=other, person=mika, at=minutes(2)).at == minutes(5) + 2 * TICK


def test_nobody_leaves_twice(photo: Photo, ana: Person) -> None:
    actions.leave(person=ana, at=minutes(1))
    assert actions.leave(person=ana, at=minutes(2)) == Done(False, minutes(1))
    assert len(log()) == 1


@pytest.mark.parametrize("action", [actions.like, actions.unlike, actions.look])
def test_whoever_left_does_nothing_any_more(photo: Photo, ana: Person, action: Press) -> None:
    actions.leave(person=ana, at=minutes(1))
    with pytest.raises(RefusedError, match="Ana has left"):
        action(photo=photo, person=ana, at=minutes(2))
    assert len(log()) == 1
    assert likes(photo) == (0, [])


@pytest.mark.parametrize("action", [actions.like, actions.unlike, actions.look])
def test_nobody_reaches_into_another_room(photo: Photo, action: Press) -> None:
    outsider = PersonFactory.create(name="Ana")
    with pytest.raises(RefusedError, match="Ana is not in this photo's room"):
        action(photo=photo, person=outsider, at=minutes(1))
    assert log() == []
    assert not Like.objects.exists()


def test_an_action_takes_few_statements(
    photo: Photo,
    ana: Person,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """The test itself is one transaction, so each action's own shows as a savepoint's two."""
    with django_assert_num_queries(3 + 2):
        actions.like(photo=photo, person=ana, at=minutes(1))
    with django_assert_num_queries(3 + 2):
        actions.unlike(photo=photo, person=ana, at=minutes(2))
