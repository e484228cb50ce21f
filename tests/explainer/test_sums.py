"""What an account's standing and a photo's score add up to, on five platforms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.accounts import MOST, AccountDemo
from explainer.sums import WEEKS, parts, standing, weeks
from feed.disclosure.figures import standing as standing_of
from feed.disclosure.rank import SIGNALS
from tests.disclosure.cast import PINNED, pinned, platform

from .accounts import on

PLATFORMS = pinned()

# The standing of an account

STANDINGS = """
instagram     0  1.6 1.6 1.6 1.6  1.6  1.6  1.6  1.6   +1   +0.4 +0.2  0
instagram     1  1.6 1.6 1.5 1.4  1.3  1.2  1.2  1.2   +0.9 +0.4 +0.2 −0.3
instagram     6  1.6 1.6 0.6 0.1 -0.2 -0.4 -0.5 -0.6   +0.6 +0.4 +0.2 −1.8
facebook      3  1.6 1.6 1.1 0.9  0.7  0.6  0.5  0.5   +0.8 +0.4 +0.2 −0.9
twitter       6  3.3 3.3 2.4 2.0  1.7  1.5  1.4  1.3   +0.3 +2.7 +0.1 −1.8
twitter-2023  1  3.3 3.3 3.2 3.1  3.1  3.0  3.0  3.0   +0.5 +2.7 +0.1 −0.3
x             6  1.6 1.6 0.7 0.3  0.0 -0.2 -0.3 -0.4   +0.3 +1   +0.1 −1.8
"""


@pytest.mark.parametrize("row", STANDINGS.strip().splitlines(), ids=lambda row: row[:15])
def test_an_account_falls_as_likes_are_taken_back(row: str) -> None:
    slug, unlikes, *rest = row.split()
    drawn = standing(AccountDemo(on=slug, unlikes=int(unlikes)), PLATFORMS)
    assert list(drawn.plot.numbers) == [float(number) for number in rest[:WEEKS]]
    assert [factor.points for factor in drawn.factors] == rest[WEEKS:]
    assert [factor.title for factor in drawn.factors] == ["Likes", "Comments", "Shares", "Unlikes"]
    assert [factor.lowers for factor in drawn.factors] == [False, False, False, unlikes != "0"]


@pytest.mark.parametrize("slug", PINNED)
@pytest.mark.parametrize("unlikes", range(7))
def test_the_standing_is_the_engines_and_the_sum_of_its_parts(slug: str, unlikes: int) -> None:
    drawn = standing(AccountDemo(on=slug, unlikes=unlikes), PLATFORMS)
    scores = [standing_of(tally, PLATFORMS[slug]) for tally in weeks(unlikes)]
    assert list(drawn.plot.numbers) == [score.points for score in scores]
    assert [factor.part for factor in drawn.factors] == list(scores[-1].parts)
    assert sum(f.part.points for f in drawn.factors) == pytest.approx(drawn.plot.numbers[-1])
    assert list(drawn.plot.others) == [
        standing_of(tally, PLATFORMS[slug]).points for tally in weeks(0)
    ]


def test_two_weeks_are_calm_and_all_weeks_add_up() -> None:
    assert [(t.likes, t.unlikes, t.views) for t in weeks(4)] == [
        (10, 0, 100),
        (20, 0, 200),
        (30, 4, 300),
        (40, 8, 400),
        (50, 12, 500),
        (60, 16, 600),
        (70, 20, 700),
        (80, 24, 800),
    ]


@pytest.mark.parametrize(
    ("weight", "unlikes", "said"),
    [
        (-4.0, 0, "Nothing is taken back: after 8 weeks the account stands at +1.6 points."),
        (
            -4.0,
            1,
            (
                "1 of each ten likes is taken back from week 3 on: after 8 weeks the account "
                "stands at +1.2 points instead of +1.6."
            ),
        ),
        (
            -4.0,
            5,
            (
                "5 of each ten likes are taken back from week 3 on: after 8 weeks the account "
                "stands at −0.3 points instead of +1.6."
            ),
        ),
    ],
)
def test_the_finding_compares_with_nothing_taken_back(
    weight: float, unlikes: int, said: str
) -> None:
    assert standing(*on(platform(ranking__standing=weight), unlikes=unlikes)).said == said


def test_where_nothing_counts_an_account_stands_as_it_stood() -> None:
    drawn = standing(*on(platform(ranking__standing=0.0, ranking__like=0.0), unlikes=6))
    assert drawn.said == (
        "6 of each ten likes are taken back, and the account still stands at +0.6 points."
    )


def test_the_table_behind_the_plot_says_the_same() -> None:
    drawn = standing(AccountDemo(on="instagram", unlikes=6), PLATFORMS)
    assert [(row.label, row.number, row.change) for row in drawn.rows] == [
        ("week 1", "1.6", "1.6"),
        ("week 2", "1.6", "1.6"),
        ("week 3", "0.6", "1.6"),
        ("week 4", "0.1", "1.6"),
        ("week 5", "−0.2", "1.6"),
        ("week 6", "−0.4", "1.6"),
        ("week 7", "−0.5", "1.6"),
        ("week 8", "−0.6", "1.6"),
    ]
    assert drawn.plot.said == "From 1.6 to −0.6; if nothing was taken back, from 1.6 to 1.6."


# The parts of one score

SUMS = """
instagram     0  +17.2  +6    0   +4  +2 +2  −0.4 +5.6  −2
instagram     1  +15.2  +5   −1   +4  +2 +2  −0.4 +5.6  −2
facebook      6  +5.2    0   −6   +4  +2 +2  −0.4 +5.6  −2
twitter       1  +59.9  +2.5 −0.5 +27 +1 +22 −0.4 +10.3 −2
twitter-2023  6  +54.9   0   −3   +27 +1 +22 −0.4 +10.3 −2
x             1  +17.5  +2.5  0   +10 +1 +1  −0.4 +5.5  −2
"""


@pytest.mark.parametrize("row", SUMS.strip().splitlines(), ids=lambda row: row[:15])
def test_a_score_is_a_sum_of_eight_parts(row: str) -> None:
    slug, unlikes, points, *each = row.split()
    drawn = parts(AccountDemo(on=slug, unlikes=int(unlikes)), PLATFORMS)
    assert drawn.points == points
    assert [line.factor.points for line in drawn.lines] == each
    assert [line.factor.rule.key for line in drawn.lines] == [*SIGNALS.values()]
    assert not any(line.off for line in drawn.lines)
    assert max(line.factor.length for line in drawn.lines) == 100


@pytest.mark.parametrize("slug", PINNED)
@given(off=st.sets(st.sampled_from([*SIGNALS])), unlikes=st.integers(0, MOST))
def test_what_is_left_out_is_not_in_the_sum(slug: str, off: set[str], unlikes: int) -> None:
    left = tuple(name for name in SIGNALS if name in off)
    drawn = parts(AccountDemo(on=slug, unlikes=unlikes, off=left), PLATFORMS)
    assert [line.factor.part.name for line in drawn.lines if line.off] == list(left)
    counted = sum(line.factor.part.points for line in drawn.lines if not line.off)
    assert float(drawn.points.replace("−", "-")) == pytest.approx(counted, abs=0.0501)


@pytest.mark.parametrize(
    ("slug", "unlikes", "off", "said"),
    [
        (
            "instagram",
            0,
            (),
            "The photo scores +17.2 points. You took nothing back, so that part of 8 is empty.",
        ),
        (
            "instagram",
            1,
            (),
            (
                "The photo scores +15.2 points. Your 1 unlike is one part of 8: 5% of all that "
                "counts for it or against it."
            ),
        ),
        (
            "twitter",
            6,
            (),
            (
                "The tweet scores +54.9 points. Your 6 unlikes are one part of 8: 5% of all that "
                "counts for it or against it."
            ),
        ),
        (
            "x",
            1,
            (),
            "The post scores +17.5 points. Your 1 unlike is one part of 8, which counts 0.",
        ),
        (
            "instagram",
            1,
            ("unlikes",),
            "Without your unlikes, the photo scores +16.2 points instead of +15.2.",
        ),
        (
            "instagram",
            1,
            ("likes", "shares", "age"),
            (
                "Without your likes, your shares and its age, the photo scores +10.2 points "
                "instead of +15.2."
            ),
        ),
        (
            "x",
            1,
            ("unlikes",),
            "Without your unlikes, the post scores +17.5 points all the same.",
        ),
    ],
)
def test_the_finding_says_how_much_of_it_the_unlike_is(
    slug: str, unlikes: int, off: tuple[str, ...], said: str
) -> None:
    assert parts(AccountDemo(on=slug, unlikes=unlikes, off=off), PLATFORMS).said == said
