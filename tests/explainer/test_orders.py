"""Where a photo comes in your feed, and whom it reaches, on five platforms."""

from __future__ import annotations

import pytest

from explainer.accounts import AccountDemo
from explainer.cast import BEN, CAST, OTHERS
from explainer.orders import AUTHORS, FOLLOWERS, reach, sinking
from feed.disclosure import rank
from feed.disclosure.rank import Account, Candidate, Done
from tests.disclosure.cast import PINNED, pinned, platform

from .accounts import on

PLATFORMS = pinned()

# Your feed

ORDERS = """
instagram     0  Ben   Mika  Kofi  Leila Jo     +6.2 +4.5 +3.8 +0.6 −1.2
instagram     1  Mika  Ben   Kofi  Leila Jo     +4.5 +4.2 +3.8 +0.6 −1.2
instagram     3  Mika  Kofi  Leila Ben   Jo     +4.5 +3.8 +0.6 +0.2 −1.2
instagram     6  Mika  Kofi  Leila Jo    Ben    +4.5 +3.8 +0.6 −1.2 −5.8
facebook      3  Mika  Kofi  Leila Ben   Jo     +4.5 +3.8 +0.6 +0.2 −1.2
twitter       0  Kofi  Jo    Ben   Mika  Leila  +5.5 +5 +2.9 +2 −1.2
twitter       1  Kofi  Jo    Mika  Ben   Leila  +5.5 +5 +2 +1.9 −1.2
twitter       6  Kofi  Jo    Mika  Leila Ben    +5.5 +5 +2 −1.2 −3.1
twitter-2023  6  Kofi  Jo    Mika  Leila Ben    +5.5 +5 +2 −1.2 −3.1
x             0  Kofi  Ben   Mika  Leila Jo     +3 +2.9 +2 −1.2 −2.9
x             1  Kofi  Ben   Mika  Leila Jo     +3 +2.4 +2 −1.2 −2.9
x             6  Kofi  Mika  Ben   Leila Jo     +3 +2 −0.1 −1.2 −2.9
"""


@pytest.mark.parametrize("row", ORDERS.strip().splitlines(), ids=lambda row: row[:15])
def test_ben_sinks_in_your_feed_with_each_like_taken_back(row: str) -> None:
    slug, unlikes, *rest = row.split()
    drawn = sinking(AccountDemo(on=slug, unlikes=int(unlikes)), PLATFORMS)
    assert [each.author.name for each in drawn.order] == rest[:5]
    assert [each.points for each in drawn.order] == rest[5:]
    assert [each.place for each in drawn.order] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("slug", "unlikes", "said"),
    [
        ("instagram", 0, "You took nothing back, and Ben’s next photo comes first."),
        (
            "instagram",
            1,
            "You took back 1 like of Ben’s: the next photo comes 2nd, 1 place lower than before.",
        ),
        (
            "twitter",
            6,
            "You took back 6 likes of Ben’s: the next tweet comes 5th, 2 places lower than before.",
        ),
        (
            "x",
            1,
            "You took back 1 like of Ben’s: the next post still comes 2nd, with fewer points.",
        ),
    ],
)
def test_the_finding_says_by_how_many_places(slug: str, unlikes: int, said: str) -> None:
    assert sinking(AccountDemo(on=slug, unlikes=unlikes), PLATFORMS).said == said


def test_each_photo_has_its_reason() -> None:
    drawn = sinking(AccountDemo(on="instagram", unlikes=2), PLATFORMS)
    assert [each.why for each in drawn.order] == [
        "Shown first: you liked four of Mika’s photos and it is new.",
        "Shown 2nd: others responded to it and it is new.",
        "Shown 3rd, 2 places lower, because you took back two likes of Ben’s.",
        "Shown 4th: you shared one of Leila’s photos and liked one of them.",
        "Shown 5th: you liked two of Jo’s photos.",
    ]
    assert [(each.fell, each.yours) for each in drawn.order] == [
        (0, False),
        (0, False),
        (2, True),
        (0, False),
        (0, False),
    ]


@pytest.mark.parametrize(
    ("slug", "unlikes", "losses"),
    [
        ("instagram", 0, []),
        (
            "instagram",
            1,
            [
                ("−1", "for 1 like no longer there", "ranking.like"),
                ("−1", "for taking it back", "ranking.unlike"),
            ],
        ),
        (
            "x",
            4,
            [
                ("−2", "for 4 likes no longer there", "ranking.like"),
                ("0", "for taking them back", "ranking.unlike"),
            ],
        ),
    ],
)
def test_the_loss_is_that_of_the_like_and_that_of_the_unlike(
    slug: str, unlikes: int, losses: list[tuple[str, str, str]]
) -> None:
    drawn = sinking(AccountDemo(on=slug, unlikes=unlikes), PLATFORMS)
    assert [(each.points, each.label, each.rule.key) for each in drawn.losses] == losses


@pytest.mark.parametrize("slug", PINNED)
@pytest.mark.parametrize("unlikes", range(7))
def test_the_order_is_the_engines(slug: str, unlikes: int) -> None:
    """Made from the authors anew: only what you did with Ben's photos changes."""
    did = {a.person: a.yours for a in AUTHORS} | {BEN: Done(likes=6 - unlikes, unlikes=unlikes)}
    found = rank.order(
        [Candidate(n, n, a.days, *a.everybody) for n, a in enumerate(AUTHORS)],
        {n: Account(yours=did[a.person], seconds=a.seconds) for n, a in enumerate(AUTHORS)},
        PLATFORMS[slug].ranking,
    )
    drawn = sinking(AccountDemo(on=slug, unlikes=unlikes), PLATFORMS)
    people = [AUTHORS[candidate.number].person for candidate in found]
    assert [each.author for each in drawn.order] == [CAST[person] for person in people]


def test_newer_photos_come_first_among_the_authors_so_that_ties_are_broken_as_in_the_feed() -> None:
    assert [a.days for a in AUTHORS] == sorted(a.days for a in AUTHORS)
    assert {a.person for a in AUTHORS} == {BEN, *OTHERS[:4]}


# The reach of a post


@pytest.mark.parametrize("slug", PINNED)
@pytest.mark.parametrize(("unlikes", "reached"), [(0, 100), (1, 95), (3, 85), (6, 70)])
def test_a_post_reaches_fewer_with_each_unlike(slug: str, unlikes: int, reached: int) -> None:
    drawn = reach(AccountDemo(on=slug, unlikes=unlikes), PLATFORMS)
    assert drawn.reached == reached == round(100 * rank.reach(unlikes, PLATFORMS[slug].ranking))
    assert drawn.missed == FOLLOWERS - reached
    assert [drawn.there.count("M"), drawn.lost.count("M")] == [reached, 100 - reached]
    assert drawn.rule.key == "ranking.reach"
    assert drawn.rests_on == (drawn.rule,)


@pytest.mark.parametrize(
    ("lost", "steps"),
    [
        (0.0, [100, 100, 100, 100, 100, 100, 100]),
        (0.05, [100, 95, 90, 85, 80, 75, 70]),
        (0.15, [100, 85, 70, 55, 40, 25, 20]),
        (1.0, [100, 20, 20, 20, 20, 20, 20]),
    ],
)
def test_the_steps_are_those_of_the_rule(lost: float, steps: list[int]) -> None:
    drawn = reach(*on(platform(ranking__reach=lost), unlikes=2))
    assert [(step.unlikes, step.reached) for step in drawn.steps] == [*enumerate(steps)]
    assert [step.unlikes for step in drawn.steps if step.chosen] == [2]
    assert drawn.reached == steps[2]
    assert drawn.rests_on == ()


@pytest.mark.parametrize(
    ("lost", "unlikes", "said"),
    [
        (0.05, 0, "With no like taken back, the photo reaches all 100 of Ben’s followers."),
        (0.05, 1, "1 like taken back: the photo reaches 95 of Ben’s 100 followers, 5 fewer."),
        (0.05, 6, "6 likes taken back: the photo reaches 70 of Ben’s 100 followers, 30 fewer."),
        (0.0, 6, "6 likes taken back: the photo still reaches all 100 of Ben’s followers."),
    ],
)
def test_the_finding_says_how_many_it_reaches(lost: float, unlikes: int, said: str) -> None:
    assert reach(*on(platform(ranking__reach=lost), unlikes=unlikes)).said == said
