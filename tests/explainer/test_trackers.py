"""How right an app is that claims to know who unliked, on five platforms."""

from __future__ import annotations

from typing import Any

import pytest

from explainer.accounts import AccountDemo
from explainer.trackers import ENDS, HISTORY, POSTED, ROWS, WATCHED, tracker
from feed.disclosure.judgement import judge
from feed.disclosure.tracker import PRESETS, poll
from tests.disclosure.cast import PINNED, pinned, platform

from .accounts import on

PLATFORMS = pinned()

REPORTS = """
platform     every preset      hits false misses requests blocked precision recall
instagram        1 honest         3     1      2      200 9_June        75%    60%
instagram        6 honest         2     1      3       41 -             67%    40%
instagram       24 honest         1     1      4       11 -             50%    20%
facebook         6 missing        2     3      3       41 -             40%    40%
facebook         6 off            2     5      3       41 -             29%    40%
twitter          1 honest         4     0      1      200 9_June       100%    80%
twitter         24 honest         5     0      0       11 -            100%   100%
twitter          6 everything     5     0      0       41 -            100%   100%
twitter-2023     6 interrupted    2     8      3       41 -             20%    40%
x                1 honest         4     1      1      200 9_June        80%    80%
x                6 honest         5     1      0       41 -             83%   100%
x                6 everything     4     9      1       41 -             31%    80%
"""


@pytest.mark.parametrize("row", REPORTS.strip().splitlines()[1:], ids=lambda row: row[:30])
def test_an_app_is_right_and_wrong(row: str) -> None:
    slug, every, preset, *rest = row.split()
    drawn = tracker(AccountDemo(on=slug, every=int(every), preset=preset), PLATFORMS)
    score = drawn.score
    assert [
        str(score.hits),
        str(score.false),
        str(score.misses),
        str(drawn.requests),
        drawn.blocked.replace(" ", "_") or "-",
        drawn.precision,
        drawn.recall,
    ] == rest


@pytest.mark.parametrize("slug", PINNED)
@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("every", [1, 6, 24])
def test_the_report_is_the_engines(slug: str, preset: str, every: int) -> None:
    hours = int(WATCHED.total_seconds()) // 3600
    polling = poll(
        histories={1: HISTORY},
        platform=PLATFORMS[slug],
        moments=[POSTED + WATCHED * at / hours for at in range(0, hours + 1, every)],
        preset=PRESETS[preset],
    )
    judged = judge(history=HISTORY, polls=polling.polls[1], since=POSTED, until=ENDS)
    drawn = tracker(AccountDemo(on=slug, preset=preset, every=every), PLATFORMS)
    assert drawn.score == judged.score
    assert drawn.score.unlikes == 5
    told = len(judged.claims) + len(judged.misses)
    assert (len(drawn.latest), drawn.earlier) == (min(told, ROWS), max(told - ROWS, 0))
    assert [e.at for e in drawn.entries] == sorted(e.at for e in drawn.entries)


def test_each_claim_stands_beside_what_happened() -> None:
    drawn = tracker(AccountDemo(on="instagram"), PLATFORMS)
    assert [(e.kind, e.who and e.who.name, e.when, e.truth) for e in drawn.entries] == [
        ("hit", "Leila", "2 June 12:00", "Leila took the like back, 2 June 09:24."),
        ("miss", None, "2 June 14:30", "Kofi liked it and took it back between two checks."),
        ("miss", None, "3 June 22:42", "Vera liked it and took it back between two checks."),
        (
            "false",
            "Mateo",
            "5 June 18:00",
            "Mateo closed the account, and the like went with it. Nobody took it back.",
        ),
        (
            "miss",
            None,
            "6 June 13:12",
            "Nadia took it back and liked it again before the next check.",
        ),
        ("hit", "Priya", "10 June 18:00", "Priya took the like back, 10 June 13:30."),
    ]


MISSED_LAST = "Priya took it back when the app was locked out already."


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        (
            "instagram",
            (
                "Of 4 accusations 3 were true. It found 3 of 5 unlikes. On 9 June your account was "
                "suspended."
            ),
        ),
        (
            "x",
            "Of 5 accusations 4 were true. It found 4 of 5 unlikes. On 9 June it lost its access.",
        ),
    ],
)
def test_who_checks_most_is_locked_out_and_misses_the_last(slug: str, said: str) -> None:
    drawn = tracker(AccountDemo(on=slug, every=1), PLATFORMS)
    assert drawn.said == said
    assert drawn.entries[-1].truth == MISSED_LAST
    assert drawn.penalty.key == "developer.penalty"
    assert tracker(AccountDemo(on=slug, every=6), PLATFORMS).blocked == ""


@pytest.mark.parametrize(
    ("rules", "said", "borne"),
    [
        (
            {"developer__tracking": "allowed", "developer__penalty": "none"},
            "Of 5 accusations 4 were true. It found 4 of 5 unlikes.",
            None,
        ),
        (
            {
                "developer__likers": "none",
                "developer__count": False,
                "likers__audience": "nobody",
                "count__audience": "nobody",
            },
            "It accused nobody. It found 0 of 5 unlikes.",
            200,
        ),
        (
            {"developer__likers": "none", "likers__audience": "nobody"},
            (
                "Of 4 accusations 3 were true. It found 3 of 5 unlikes. On 9 June your account was "
                "suspended."
            ),
            200,
        ),
    ],
)
def test_other_rules_make_another_report(
    rules: dict[str, Any], said: str, borne: int | None
) -> None:
    """Nobody punishes it; it is given nothing; it is given a number only."""
    drawn = tracker(*on(platform(**rules), every=1))
    assert (drawn.said, drawn.borne) == (said, borne)


def test_a_platform_of_the_same_name_with_other_rules_is_not_mistaken_for_it() -> None:
    """What is kept of a report is kept for the very platform."""
    free = platform(developer__tracking="allowed", developer__penalty="none")
    assert tracker(*on(platform(), every=1)).requests == 200
    assert tracker(*on(free, every=1)).requests == 241
    assert tracker(*on(platform(), every=1)).requests == 200
