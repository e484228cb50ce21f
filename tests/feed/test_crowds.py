"""Made-up crowds: as announced, the same in any steps, and with histories that make sense."""

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feed import crowds
from feed.credits import avatar_credits
from feed.crowds import Kind, Options, Shot, Totals
from feed.disclosure.history import Action
from feed.models import Pronouns
from feed.seeding import HANDLE
from feed.stills import library

NIGHT = datetime(2026, 3, 13, 23, 30, tzinfo=UTC)
SOME = Options(
    people=40, names="mixed", photos_each=3, weeks=2, likes=9, unlikes=20, looks=5, seed=7
)
CASES = {
    "some": SOME,
    "one person": replace(SOME, people=1),
    "two people, many likes": replace(SOME, people=2, likes=500),
    "everything is taken back": replace(SOME, unlikes=100),
    "nothing happens": replace(SOME, likes=0, looks=0),
    "no photos": replace(SOME, photos_each=0),
    "many photos in a week": replace(SOME, photos_each=10, weeks=1),
    "the cast": replace(SOME, people=12, names="cast"),
}
crowd = pytest.mark.parametrize("options", CASES.values(), ids=CASES)


def everything(options: Options) -> list[Shot]:
    return list(crowds.shots(options, range(crowds.photos(options)), NIGHT, library()))


@crowd
def test_it_comes_to_what_was_announced(options: Options) -> None:
    shots = everything(options)
    done = Counter(deed.action for shot in shots for deed in shot.deeds)
    assert crowds.totals(options) == Totals(
        people=len(list(crowds.figures(options, range(options.people), set()))),
        follows=sum(len(crowds.followers(options, n)) for n in range(options.people)),
        photos=len(shots),
        likes=done[Action.LIKE],
        unlikes=done[Action.UNLIKE],
        looks=done[Action.LOOK],
    )
    assert crowds.totals(options).events == sum(done.values())
    assert set(Counter(shot.poster for shot in shots).values()) <= {options.photos_each}


@crowd
def test_steps_make_everything_once_and_in_order(options: Options) -> None:
    parts = [crowds.part(options, step) for step in range(crowds.steps(options))]
    places = [(part.kind, place) for part in parts for place in part.places]
    people, photos = range(options.people), range(crowds.photos(options))
    assert places == [
        *((Kind.PEOPLE, n) for n in people),
        *((Kind.FOLLOWS, n) for n in people),
        *((Kind.PHOTOS, n) for n in photos),
    ]
    with pytest.raises(IndexError):
        crowds.part(options, len(parts))


def test_it_is_on_average_what_was_asked_for() -> None:
    total = crowds.totals(replace(SOME, people=500, photos_each=10, unlikes=7))
    assert total.likes / total.photos == pytest.approx(9, rel=0.02)
    assert total.looks / total.photos == pytest.approx(5, rel=0.02)
    assert total.unlikes / total.likes == pytest.approx(0.07, rel=0.05)


def test_a_step_is_short_whatever_is_asked_for() -> None:
    largest = Options(
        people=10_000, names="mixed", photos_each=1, weeks=3, likes=50, unlikes=10, looks=10, seed=1
    )
    for step in range(crowds.steps(largest)):
        part = crowds.part(largest, step)
        each = {Kind.PEOPLE: 1, Kind.FOLLOWS: 80, Kind.PHOTOS: 166}[part.kind]
        assert len(part.places) * each <= 1.1 * crowds.STEP


@crowd
def test_what_is_at_a_place_does_not_depend_on_the_steps(options: Options) -> None:
    shots = everything(options)
    for place in (0, len(shots) // 2, len(shots) - 1):
        if shots:
            assert list(crowds.shots(options, range(place, place + 1), NIGHT, library())) == [
                shots[place]
            ]
    whole = list(crowds.figures(options, range(options.people), set()))
    taken: set[str] = set()
    half = options.people // 2
    first = list(crowds.figures(options, range(half), taken))
    assert first + list(crowds.figures(options, range(half, options.people), taken)) == whole


@crowd
def test_the_history_makes_sense(options: Options) -> None:
    """Posted by day, liked by followers who saw it, taken back by those who liked, all in order."""
    begins = crowds.begins(options, NIGHT)
    previous = begins
    for shot in everything(options):
        assert previous <= shot.posted_at < NIGHT
        previous = latest = shot.posted_at
        fans, seen, stand = set(crowds.followers(options, shot.poster)), set(), set()
        for deed in shot.deeds:
            assert latest < deed.at <= NIGHT
            assert crowds.MORNING <= deed.at.time() <= NIGHT.time()
            latest = deed.at
            assert (deed.action is Action.VIEW) is bool(deed.seconds)
            if deed.action is Action.LOOK:
                assert deed.person == shot.poster
            elif deed.action is Action.VIEW:
                seen.add(deed.person)
            elif deed.action is Action.LIKE:
                assert deed.person in fans & seen - stand
                stand.add(deed.person)
            else:
                assert deed.action is Action.UNLIKE
                stand.remove(deed.person)
    assert begins == NIGHT - timedelta(days=7 * options.weeks) + timedelta(hours=7)


def test_people_can_be_told_apart_and_shown() -> None:
    portraits = {portrait.image: portrait.alt for portrait in avatar_credits()}
    taken = {"emma.green"}
    people = list(crowds.figures(replace(SOME, people=2_000, names="en_GB"), range(2_000), taken))
    handles = [person.handle for person in people]
    assert len(set(handles)) == 2_000
    assert taken == {"emma.green", *handles}
    assert "emma.green" not in handles
    assert [handle for handle in handles if not re.match(HANDLE, handle) or len(handle) > 30] == []
    assert any(re.fullmatch(r"[a-z.]+2", handle) for handle in handles)
    assert {person.pronouns for person in people} == set(Pronouns)
    for person in people:
        assert person.place
        beard = re.search("beard|moustache|goatee", portraits[person.avatar])
        assert not (beard and person.pronouns == Pronouns.SHE)


@pytest.mark.parametrize("names", [*crowds.LOCALES, crowds.MIXED])
def test_names_of_every_kind_make_handles(names: str) -> None:
    options = replace(SOME, people=300, names=names)
    people = list(crowds.figures(options, range(300), set()))
    assert [p.handle for p in people if not re.match(r"[a-z0-9]+\.[a-z0-9]+$", p.handle)] == []
    assert all(len(person.name) <= 80 and len(person.place) <= 80 for person in people)


def test_another_seed_makes_others() -> None:
    other = replace(SOME, seed=8)
    assert list(crowds.figures(SOME, range(3), set())) != list(
        crowds.figures(other, range(3), set())
    )
    assert everything(SOME) != everything(other)


def test_the_same_seed_tells_the_same_story_on_another_day() -> None:
    days = timedelta(days=40)
    later = crowds.shots(SOME, range(crowds.photos(SOME)), NIGHT + days, library())
    for one, other in zip(everything(SOME), later, strict=True):
        assert one.posted_at + days == other.posted_at
        assert [d._replace(at=d.at + days) for d in one.deeds] == list(other.deeds)


@pytest.mark.parametrize(
    ("now", "night"),
    [
        (datetime(2026, 3, 14, 12, tzinfo=UTC), NIGHT),
        (datetime(2026, 3, 13, 23, 30, tzinfo=UTC), NIGHT),
        (datetime(2026, 3, 13, 23, 29, tzinfo=UTC), NIGHT - timedelta(days=1)),
    ],
)
def test_the_history_ends_in_the_last_night(now: datetime, night: datetime) -> None:
    assert crowds.last_night(now) == night
