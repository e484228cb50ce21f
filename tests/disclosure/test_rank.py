"""Scores as sums of parts, the order that follows, whom a photo reaches, and the reasons told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed.disclosure.platforms import Platform, read_all
from feed.disclosure.rank import (
    LEAST_REACH,
    SIGNALS,
    Account,
    Candidate,
    Done,
    Off,
    Part,
    Signals,
    order,
    ordinal,
    rates,
    reach,
    reaches,
    reason,
    score,
)
from tests.disclosure.cast import PINNED, platform

PLATFORMS = read_all()
ALL = frozenset(SIGNALS)

FOND = Signals(
    account=Account(yours=Done(likes=3, unlikes=1, comments=2, shares=1), seconds=240, rate=0.25),
    everybody=Done(likes=7, unlikes=1, comments=2, shares=0),
    days=2.0,
)
"""Somebody who did a bit of everything with Ben's photos, before one of them."""

POINTS = """
signal    instagram facebook twitter twitter-2023 x
likes      3         3        1.5     1.5         1.5
unlikes   -1        -1       -0.5    -0.5         0
comments   4         4       27      27          10
shares     2         2        1       1           1
time       2         2       22      22           0.96
standing  -1        -1       -1      -1          -1
others     1         1        3       3           1.35
age       -2        -2       -2      -2          -2
"""


def table() -> list[tuple[Platform, dict[str, float]]]:
    (_, *slugs), *rows = (line.split() for line in POINTS.strip().splitlines())
    columns = zip(slugs, zip(*(map(float, row[1:]) for row in rows), strict=True), strict=True)
    names = [row[0] for row in rows]
    return [(PLATFORMS[slug], dict(zip(names, each, strict=True))) for slug, each in columns]


@pytest.mark.parametrize(("rules", "points"), table(), ids=lambda each: getattr(each, "slug", ""))
def test_a_score_is_the_sum_of_its_parts(rules: Platform, points: dict[str, float]) -> None:
    """As the platform files are shipped; all platforms but X count the unlike."""
    found = score(FOND, rules)
    assert {part.name: part.points for part in found.parts} == pytest.approx(points)
    assert found.points == pytest.approx(sum(points.values()))


def test_the_table_has_every_platform_and_every_signal() -> None:
    assert [rules.slug for rules, _ in table()] == [*PINNED]
    assert {name for _, points in table() for name in points} == ALL


def test_a_part_names_its_rule_and_what_it_counts() -> None:
    assert score(FOND, platform()).parts == (
        Part("likes", 3.0, "ranking.like", "3 likes"),
        Part("unlikes", -1.0, "ranking.unlike", "1 unlike"),
        Part("comments", 4.0, "ranking.comment", "2 comments"),
        Part("shares", 2.0, "ranking.share", "1 share"),
        Part("time", 2.0, "ranking.time", "4 minutes"),
        Part("standing", -1.0, "ranking.standing", "25% of its likes taken back"),
        Part("others", pytest.approx(1.0), "ranking.others", "7 likes, 1 unlike, 2 comments"),
        Part("age", -2.0, "ranking.age", "2 days old"),
    )


def test_nothing_done_counts_nothing() -> None:
    assert [part.of for part in score(Signals(days=0.5), platform()).parts] == [
        "0 likes",
        "0 unlikes",
        "0 comments",
        "0 shares",
        "0 seconds",
        "0% of its likes taken back",
        "nothing yet",
        "12 hours old",
    ]


@pytest.mark.parametrize("name", SIGNALS)
def test_what_is_left_out_has_no_part_and_changes_no_other(name: str) -> None:
    whole = score(FOND, platform()).parts
    left = score(FOND, platform(), frozenset({name})).parts
    assert left == tuple(part for part in whole if part.name != name)


def test_with_everything_left_out_all_score_nothing_and_the_newest_comes_first() -> None:
    newest_first = [candidate(number, likes=9 - number) for number in (3, 1, 2)]
    accounts = {1: FOND.account}
    assert score(FOND, platform(), ALL).points == 0
    assert order(newest_first, accounts, platform().ranking, ALL) == newest_first


def test_with_everything_but_age_left_out_the_newest_comes_first() -> None:
    mixed = [candidate(1, days=2.0, likes=900), candidate(2, days=1.0), candidate(3, days=3.0)]
    found = order(mixed, {1: FOND.account}, platform().ranking, ALL - {"age"})
    assert [each.number for each in found] == [2, 1, 3]


def candidate(number: int, *, account: int = 1, days: float = 1.0, likes: int = 0) -> Candidate:
    return Candidate(number, account, days, likes, 0, 0, 0)


# Any signals, candidates and platforms

few = st.integers(0, 30)
someone = st.sampled_from(list(PLATFORMS.values()))
dones = st.builds(Done, few, few, few, few)
accounts = st.builds(
    Account, yours=dones, seconds=st.integers(0, 5000), rate=st.floats(0, 1, width=32)
)
ages = st.floats(0, 400, width=32)
signals = st.builds(Signals, account=accounts, everybody=dones, days=ages)
switches = st.frozensets(st.sampled_from(list(SIGNALS)))
rooms = st.lists(
    st.builds(Candidate, st.integers(0, 999), st.integers(1, 3), ages, few, few, few, few),
    max_size=12,
    unique_by=lambda each: each.number,
)


@given(signals, someone, switches)
def test_taking_a_like_back_never_raises(before: Signals, rules: Platform, off: Off) -> None:
    """Nor does it lower anything where an unlike counts nothing but the like that is gone."""
    yours, everybody = before.account.yours, before.everybody
    liked = replace(
        before,
        account=replace(before.account, yours=yours._replace(likes=yours.likes + 1)),
        everybody=everybody._replace(likes=everybody.likes + 1),
    )
    taken_back = replace(
        before,
        account=replace(before.account, yours=yours._replace(unlikes=yours.unlikes + 1)),
        everybody=everybody._replace(unlikes=everybody.unlikes + 1),
    )
    assert score(taken_back, rules, off).points <= score(before, rules, off).points
    assert score(taken_back, rules, off).points <= score(liked, rules, off).points


@given(rooms, st.lists(accounts, min_size=3, max_size=3), someone, switches)
def test_the_order_is_that_of_the_scores_and_of_equals_the_first_stays_first(
    room: list[Candidate], three: list[Account], rules: Platform, off: Off
) -> None:
    known = dict(enumerate(three, start=1))

    def points(each: Candidate) -> float:
        made_from = Signals(account=known[each.account], everybody=each.everybody, days=each.days)
        return score(made_from, rules, off).points

    found = order(room, known, rules.ranking, off)
    assert found == sorted(room, key=lambda each: -points(each))
    assert found == order(found, known, rules.ranking, off)


@given(rooms, st.lists(accounts, min_size=3, max_size=3), someone)
def test_one_more_unlike_of_an_account_moves_none_of_its_photos_up(
    room: list[Candidate], three: list[Account], rules: Platform
) -> None:
    known = dict(enumerate(three, start=1))
    yours = known[1].yours
    lower = known | {1: replace(known[1], yours=yours._replace(unlikes=yours.unlikes + 1))}
    before, after = (order(room, each, rules.ranking) for each in (known, lower))
    for each in room:
        if each.account == 1:
            assert after.index(each) >= before.index(each)


def test_an_accounts_rate_is_over_all_its_photos() -> None:
    photos = [
        Candidate(1, 1, 0.0, 6, 2, 0, 0),
        Candidate(2, 1, 0.0, 0, 2, 0, 0),
        Candidate(3, 2, 0.0, 5, 0, 0, 0),
        Candidate(4, 3, 0.0, 0, 0, 0, 0),
    ]
    assert rates(photos) == {1: 0.4, 2: 0.0, 3: 0.0}


# Whom a photo reaches


@pytest.mark.parametrize(
    ("unlikes", "share"), [(0, 1), (1, 0.95), (4, 0.8), (16, LEAST_REACH), (400, LEAST_REACH)]
)
def test_each_unlike_costs_reach_down_to_a_floor(unlikes: int, share: float) -> None:
    assert reach(unlikes, platform().ranking) == pytest.approx(share)


def test_an_unlike_costs_no_reach_where_none_is_lost() -> None:
    assert reach(400, platform(ranking__reach=0.0).ranking) == 1


@given(st.integers(0, 10**6), st.text(max_size=30), st.floats(0, 1), st.floats(0, 1))
def test_who_is_reached_by_a_small_share_is_reached_by_a_larger_one(
    number: int, person: str, one: float, other: float
) -> None:
    small, large = sorted((one, other))
    assert reaches(number, person, 1.0)
    assert not reaches(number, person, 0.0)
    assert reaches(number, person, large) or not reaches(number, person, small)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.85])
@pytest.mark.parametrize("photos", [range(1), range(40)], ids=["one photo", "many photos"])
def test_a_share_reaches_about_as_many_as_it_says(share: float, photos: range) -> None:
    people = [f"person.{number}" for number in range(4000 // len(photos))]
    reached = sum(reaches(photo, person, share) for photo in photos for person in people)
    assert reached / 4000 == pytest.approx(share, abs=0.03)


# What is told


@pytest.mark.parametrize(
    ("place", "name"),
    [(1, "first"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (21, "21st"), (112, "112th")],
)
def test_places_are_named(place: int, name: str) -> None:
    assert ordinal(place) == name


def told(
    yours: Done = Done(),  # noqa: B008
    *,
    seconds: int = 0,
    everybody: Done = Done(),  # noqa: B008
    days: float = 9.0,
    place: int = 1,
    lowered: int = 0,
    on: str = "instagram",
) -> str:
    made_from = Signals(
        account=Account(yours=yours, seconds=seconds), everybody=everybody, days=days
    )
    return reason(
        place=place, lowered=lowered, signals=made_from, platform=PLATFORMS[on], whose="Ben’s"
    )


def test_a_reason_is_the_biggest_part_and_another_that_comes_near() -> None:
    assert told(Done(likes=3)) == "Shown first: you liked three of Ben’s photos."
    assert told(Done(likes=1), on="x") == "Shown first: you liked one of Ben’s posts."
    assert told(Done(comments=2)) == "Shown first: you commented twice on Ben’s photos."
    assert told(Done(shares=12)) == "Shown first: you shared 12 of Ben’s photos."
    assert told(seconds=240) == "Shown first: you spent 4 minutes on Ben’s photos."
    assert told(everybody=Done(likes=7)) == "Shown first: others responded to it."
    assert told(days=0.5, place=4) == "Shown 4th: it is new."
    assert told(place=17) == "Shown 17th: it is 9 days old."
    assert told(Done(likes=3, comments=1)) == (
        "Shown first: you liked three of Ben’s photos and commented once on them."
    )
    assert told(Done(likes=3), days=0.0) == (
        "Shown first: you liked three of Ben’s photos and it is new."
    )
    assert told(Done(likes=5, comments=1)) == "Shown first: you liked five of Ben’s photos."


def test_an_unlike_is_told_with_the_places_it_cost() -> None:
    assert told(Done(likes=3, unlikes=1), place=5, lowered=2) == (
        "Shown 5th, 2 places lower, because you took back a like of Ben’s."
    )
    assert told(Done(likes=3, unlikes=2), place=5, lowered=1, on="twitter") == (
        "Shown 5th, 1 place lower, because you took back two likes of Ben’s."
    )
    assert "took back" not in told(Done(likes=3, unlikes=2), lowered=0)
