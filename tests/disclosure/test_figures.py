"""What of the figures is given, to whom and by which rule, and what an account is worth."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed.disclosure.disclose import Viewer, disclose
from feed.disclosure.figures import NAMES, Tally, figures, rate, standing, without_unlikes
from feed.disclosure.history import Action, History
from feed.disclosure.likes import Likes
from feed.disclosure.platforms import Platform, Seat, read_all
from feed.disclosure.rank import Candidate, rates

from .cast import PINNED, platform
from .test_history import histories, moments, platforms, viewers

TALLY = Tally(likes=50, unlikes=6, gone=2, comments=7, shares=5, views=200, people=90)
"""42 likes stand."""

GIVEN = {"likes": 42, "comments": 7, "shares": 5, "views": 200, "reach": 90}
counts = st.integers(0, 500)


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    likes = draw(counts)
    unlikes = draw(st.integers(0, likes))
    gone = draw(st.integers(0, likes - unlikes))
    return Tally(likes, unlikes, gone, *(draw(counts) for _ in range(4)))


def shown(platform: Platform, seat: Seat = Seat.POSTER) -> dict[str, int]:
    """The figures that are given."""
    found = figures([TALLY], platform, seat)
    assert tuple(found) == NAMES
    return {name: each.numbers[0] for name, each in found.items() if each.numbers is not None}


def decided(platform: Platform, seat: Seat = Seat.POSTER) -> dict[str, str]:
    return {name: figure.rule for name, figure in figures([TALLY], platform, seat).items()}


MODES = {
    "instagram": GIVEN,
    "facebook": {},
    "twitter": {"likes": 42, "unlikes": 6, "comments": 7, "shares": 5, "views": 200},
    "twitter-2023": {"likes": 42, "comments": 7, "shares": 5, "views": 200},
    "x": {"likes": 50, "unlikes": 6, "comments": 7, "shares": 5, "views": 200},
}


@pytest.mark.parametrize(("mode", "given"), MODES.items())
def test_each_platform_gives_its_poster_exactly_this(mode: str, given: dict[str, int]) -> None:
    assert shown(read_all()[mode]) == given


def test_every_platform_has_its_row() -> None:
    assert MODES.keys() == set(PINNED)


@pytest.mark.parametrize(
    ("rules", "changed", "rule"),
    [
        ({"insights__likes": "gross"}, {"likes": 50}, "insights.likes"),
        ({"insights__likes": "none"}, {"likes": None}, "insights.likes"),
        ({"insights__unlikes": True}, {"unlikes": 6}, "insights.unlikes"),
        ({"unlikers__audience": "poster"}, {"unlikes": 6}, "unlikers.audience"),
        ({"developer__unlikes": "number"}, {"unlikes": None}, "insights.unlikes"),
        ({"figures__comments": False}, {"comments": None}, "figures.comments"),
        ({"figures__shares": False}, {"shares": None}, "figures.shares"),
        ({"figures__views": False}, {"views": None}, "figures.views"),
        ({"figures__reach": False}, {"reach": None}, "figures.reach"),
    ],
)
def test_one_rule_decides_one_figure(
    rules: dict[str, object], changed: dict[str, int | None], rule: str
) -> None:
    ((name, number),) = changed.items()
    usual = {name: number for name, number in GIVEN.items() if name not in changed}
    assert shown(platform(**rules)) == usual | ({} if number is None else {name: number})
    assert decided(platform(**rules)) == decided(platform()) | {name: rule}


@pytest.mark.parametrize("seat", Seat)
@pytest.mark.parametrize("audience", ["nobody", "poster", "followers", "everyone", "app"])
def test_only_its_audience_gets_figures(audience: str, seat: Seat) -> None:
    mode = platform(insights__audience=audience)
    if mode.insights.audience.holds.includes(seat):
        assert shown(mode, seat) == GIVEN
        return
    assert shown(mode, seat) == {}
    unlikes = {"unlikes": "developer.unlikes"} if seat is Seat.APP else {}
    assert decided(mode, seat) == dict.fromkeys(NAMES, "insights.audience") | unlikes


@pytest.mark.parametrize(("told", "given"), [("none", {}), ("number", {"unlikes": 6})])
def test_an_app_is_told_what_the_developer_channel_tells(told: str, given: dict[str, int]) -> None:
    mode = platform(developer__unlikes=told)
    assert shown(mode, Seat.APP) == given
    assert decided(mode, Seat.APP)["unlikes"] == "developer.unlikes"


@given(past=histories(), rules=platforms(), viewer=viewers, at=moments)
def test_likes_and_unlikes_are_those_of_disclose(
    past: History, rules: Platform, viewer: Viewer, at: datetime
) -> None:
    screen = disclose(history=past, platform=rules, viewer=viewer, at=at)
    found = figures([tally(past, at)], rules, viewer.seat)
    assert found["likes"].numbers == only(screen.likes_figure)
    assert found["unlikes"].numbers == only(screen.unlikes_figure)


def only(number: int | None) -> tuple[int, ...] | None:
    return None if number is None else (number,)


def tally(past: History, at: datetime) -> Tally:
    """Counted one by one, with presses that change nothing left out."""
    likes, gone = Likes(past.poster), 0
    for event in past.until(at):
        gone += event.action is Action.LEAVE and event.person in likes.since
        likes.take(event)
    return Tally(likes=likes.likes, unlikes=len(likes.unlikes), gone=gone)


# The standing


def parts(tally: Tally, mode: Platform) -> dict[str, float]:
    return {part.name: part.points for part in standing(tally, mode).parts}


def test_the_standing_is_a_sum_of_named_parts() -> None:
    """42 likes, 7 comments and 5 shares in 200 views, and 6 of 48 likes taken back."""
    score = standing(TALLY, platform())
    assert [tuple(part) for part in score.parts] == [
        ("likes", 2.1, "ranking.like", "42 likes in 200 views"),
        ("comments", 0.7, "ranking.comment", "7 comments in 200 views"),
        ("shares", 0.5, "ranking.share", "5 shares in 200 views"),
        ("unlikes", -0.5, "ranking.standing", "6 of 48 likes taken back"),
    ]
    assert score.points == 2.8
    assert without_unlikes(score) == 3.3


@pytest.mark.parametrize(
    ("rules", "changed"),
    [
        ({"ranking__like": 2.0}, {"likes": 4.2}),
        ({"ranking__comment": 13.5}, {"comments": 4.7}),
        ({"ranking__share": 0.0}, {"shares": 0.0}),
        ({"ranking__standing": -40.0}, {"unlikes": -5.0}),
        ({"ranking__standing": 0.0}, {"unlikes": 0.0}),
        ({"ranking__unlike": -9.0}, {}),
        ({"ranking__others": 0.0}, {"likes": 0.0, "comments": 0.0, "shares": 0.0}),
    ],
)
def test_each_part_has_its_weight(rules: dict[str, float], changed: dict[str, float]) -> None:
    assert parts(TALLY, platform(**rules)) == parts(TALLY, platform()) | changed


def test_few_views_count_as_a_hundred() -> None:
    assert [parts(Tally(likes=8, views=views), platform())["likes"] for views in (0, 100, 200)] == [
        0.8,
        0.8,
        0.4,
    ]


def test_nothing_is_worth_nothing() -> None:
    score = standing(Tally(), platform())
    assert (score.points, without_unlikes(score)) == (0, 0)
    assert [f"{part.points}" for part in score.parts] == ["0.0"] * 4


@given(truth=tallies(), mode=platforms())
def test_what_is_shown_adds_up(truth: Tally, mode: Platform) -> None:
    score = standing(truth, mode)
    told = [round(part.points, 1) for part in score.parts]
    assert round(score.points, 1) == round(sum(told), 1)
    assert round(without_unlikes(score), 1) == round(sum(told[:3]), 1)


@given(truth=tallies())
def test_the_rate_of_unlikes_is_that_of_the_ranking(truth: Tally) -> None:
    photo = Candidate(
        number=1, account=7, days=0, likes=truth.net, unlikes=truth.unlikes, comments=0, shares=0
    )
    assert rate(truth) == rates([photo])[7]
