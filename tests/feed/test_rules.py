"""Rules as people read them: a title for each, the answer in words, and how it is drawn."""

from __future__ import annotations

import re

import pytest

from feed.disclosure.platforms import Platform
from feed.rules import TITLES, rule_card, rule_cards
from tests.disclosure.cast import pinned, platform

MODES = pinned()

# A question mark stands for what is assumed.
ANSWERS = """
rule                 instagram       facebook        twitter    twitter-2023 x
limits.delay         None?           None?           None?      None?        None?
limits.undo_within   Ever?           Ever?           Ever?      Ever?        Ever?
inbox.like           Yes             Yes             Yes        Yes          Yes
inbox.unlike         No              No              No         No           No
inbox.withdrawn      Yes             Yes             Yes?       Yes?         Yes?
inbox.again          Yes?            Yes?            Yes?       Yes?         Yes?
inbox.grouped        Yes             No?             No?        No?          No?
push.like            Yes             Yes             Yes        Yes          Yes
push.unlike          No              No              No         No           No
push.delay           None?           None?           None?      None?        None?
push.stopped         Yes?            Yes?            Yes?       Yes?         Yes?
push.waits           2_days?         2_days?         2_days?    2_days?      2_days?
push.recalled        No?             No?             No?        No?          No?
mail.like            No?             No?             No?        No?          No?
mail.delay           None?           None?           None?      None?        None?
count.audience       Everyone        Everyone        Everyone   Everyone     Everyone
count.written        Exact?          Exact?          Exact?     Exact?       Exact?
count.hideable       Yes             Yes             No?        No?          No?
likers.audience      Everyone        Everyone        Everyone   Everyone     The_poster
likers.first         The_first_100   All?            All        All?         All?
unlikers.audience    Nobody          Nobody          The_poster Nobody       Nobody
insights.audience    The_poster      Nobody?         The_poster The_poster   The_poster
insights.likes       Net?            Net?            Net?       Net?         Gross?
insights.unlikes     No              No?             No         No           Yes
developer.likers     None            None            All        All          The_first_100
developer.count      Yes             Yes             Yes        Yes          Yes
developer.unlikes    None            None            None       None         Number
developer.tracking   Forbidden       Forbidden       Forbidden  Forbidden    Forbidden
developer.penalty    Account         Account         Account    Account      Access
network.unlike       Nobody?         Nobody?         Nobody     Nobody       Nobody
profile.likes        Whoever_likes   Whoever_likes?  Everyone   Everyone     Whoever_likes
figures.comments     Yes             No?             Yes        Yes          Yes
figures.shares       Yes             No?             Yes        Yes          Yes
figures.views        Yes             No?             Yes        Yes          Yes
figures.reach        Yes             No?             No?        No?          No
ranking.like         +1?             +1?             +0.5       +0.5         +0.5
ranking.unlike       −1?             −1?             −0.5?      −0.5?        +0
ranking.comment      +2?             +2?             +13.5      +13.5        +5
ranking.share        +2?             +2?             +1         +1           +1
ranking.time         +0.5?           +0.5?           +5.5       +5.5         +0.24
ranking.others       10%?            10%?            10%?       10%?         10%?
ranking.age          −1?             −1?             −1?        −1?          −1?
ranking.standing     −4?             −4?             −4?        −4?          −4?
ranking.reach        5%?             5%?             5%?        5%?          5%?
"""
HEADER, *ROWS = [line.split() for line in ANSWERS.strip().splitlines()]


def test_every_rule_has_a_title_and_no_other_has() -> None:
    assert list(TITLES) == list(MODES["instagram"].rules)
    assert len(set(TITLES.values())) == len(TITLES)


def test_titles_are_short_and_plain() -> None:
    for title in TITLES.values():
        assert title[0].isupper()
        assert not title.endswith((".", "!", "?"))
        assert len(title) <= 40


@pytest.mark.parametrize("mode", MODES.values(), ids=list(MODES))
def test_the_table_has_every_rule(mode: Platform) -> None:
    assert [row[0] for row in ROWS] == list(mode.rules)
    assert HEADER[1:] == list(MODES)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_shipped_modes_answer(row: list[str]) -> None:
    key, *expected = row
    cards = [rule_card(mode, key) for mode in MODES.values()]
    assert [f"{c.answer.replace(' ', '_')}{'?' * c.assumed}" for c in cards] == expected


@pytest.mark.parametrize(
    ("key", "value", "answer"),
    [
        ("inbox.unlike", True, "Yes"),
        ("inbox.unlike", False, "No"),
        ("count.audience", "nobody", "Nobody"),
        ("count.audience", "poster", "The poster"),
        ("count.audience", "liker", "Whoever likes"),
        ("count.audience", "followers", "Followers"),
        ("count.audience", "everyone", "Everyone"),
        ("count.audience", "app", "Apps"),
        ("count.written", "exact", "Exact"),
        ("count.written", "none", "None"),
        ("count.written", "rounded from 10000", "Rounded from 10000"),
        ("count.written", "fuzzed by 3", "Fuzzed by 3"),
        ("likers.first", "all", "All"),
        ("likers.first", 100, "The first 100"),
        ("likers.first", 2500, "The first 2,500"),
        ("developer.likers", 100, "The first 100"),
        ("limits.undo_within", "ever", "Ever"),
        ("limits.undo_within", 3600, "1 hour"),
        ("limits.delay", 0, "None"),
        ("limits.delay", 1, "1 second"),
        ("push.delay", 10, "10 seconds"),
        ("push.delay", 90, "90 seconds"),
        ("push.waits", 60, "1 minute"),
        ("push.waits", 86_400, "1 day"),
        ("push.waits", 172_800, "2 days"),
        ("push.waits", 7200, "2 hours"),
    ],
)
def test_any_value_is_answered_in_words(key: str, value: object, answer: str) -> None:
    assert rule_card(platform(**{key.replace(".", "__"): value}), key).answer == answer


# How an answer is drawn: red is for what tells somebody something, hatched for what keeps it from
# them, and neither for a rule that by itself does neither.
TONES = """
inbox.like           True: yes       False: no
inbox.unlike         True: yes       False: no
inbox.again          True: yes       False: no
push.like            True: yes       False: no
push.unlike          True: yes       False: no
mail.like            True: yes       False: no
count.audience       everyone: yes   poster: yes     nobody: no      liker: no
likers.audience      everyone: yes   followers: yes  nobody: no      liker: no
unlikers.audience    poster: yes     nobody: no
insights.audience    poster: yes     nobody: no
insights.unlikes     True: yes       False: no
developer.likers     all: yes        100: yes        none: no
developer.count      True: yes       False: no
developer.unlikes    names: yes      number: yes     none: no
network.unlike       servers: yes    readers: yes    nobody: no
profile.likes        everyone: yes   liker: no
inbox.withdrawn      True: no        False: plain
push.stopped         True: no        False: plain
push.recalled        True: no        False: plain
count.hideable       True: no        False: plain
count.written        none: no        exact: plain
developer.tracking   forbidden: no   allowed: plain
limits.delay         0: plain        30: plain
limits.undo_within   ever: plain     600: plain
inbox.grouped        True: plain     False: plain
push.delay           0: plain        10: plain
push.waits           0: plain        60: plain
mail.delay           0: plain        60: plain
likers.first         all: plain      100: plain
insights.likes       net: plain      gross: plain    none: plain
developer.penalty    none: plain     account: plain
figures.comments     True: plain     False: plain
figures.shares       True: plain     False: plain
figures.views        True: plain     False: plain
figures.reach        True: plain     False: plain
ranking.like         0.0: plain      1.0: plain
ranking.unlike       0.0: plain      -1.0: plain
ranking.comment      0.0: plain      2.0: plain
ranking.share        0.0: plain      2.0: plain
ranking.time         0.0: plain      0.5: plain
ranking.others       0.0: plain      0.1: plain
ranking.age          0.0: plain      -1.0: plain
ranking.standing     0.0: plain      -4.0: plain
ranking.reach        0.0: plain      0.05: plain
"""
DRAWN = {
    row.split()[0]: [part.split(": ") for part in re.split(r"\s{2,}", row)[1:]]
    for row in TONES.strip().splitlines()
}


@pytest.mark.parametrize("key", TITLES)
def test_an_answer_is_red_only_where_it_tells_somebody_something(key: str) -> None:
    for written, tone in DRAWN[key]:
        value = {"True": True, "False": False}.get(written, written)
        if re.fullmatch(r"[-\d.]+", written):
            value = float(written) if "." in written else int(written)
        mode = platform(**{key.replace(".", "__"): value})
        assert rule_card(mode, key).tone == tone, written


@pytest.mark.parametrize(
    ("mode", "key", "tone", "ink"),
    [
        ("instagram", "inbox.like", "yes", "disclosed"),
        ("instagram", "inbox.unlike", "no", "hatch"),
        ("instagram", "likers.first", "plain", "plain"),
        ("facebook", "likers.first", "assumed", "assumed"),
        ("facebook", "insights.unlikes", "assumed", "assumed"),
        ("instagram", "push.recalled", "assumed", "assumed"),
    ],
)
def test_what_is_assumed_has_a_look_of_its_own(mode: str, key: str, tone: str, ink: str) -> None:
    card = rule_card(MODES[mode], key)
    assert (card.tone, card.ink) == (tone, ink)


def test_a_card_carries_the_rule_and_its_evidence() -> None:
    mode = MODES["instagram"]
    card = rule_card(mode, "inbox.withdrawn")
    rule = mode.rules["inbox.withdrawn"]
    assert (card.key, card.id, card.title) == (
        "inbox.withdrawn",
        "inbox-withdrawn",
        "Like notice withdrawn",
    )
    assert (card.says, card.confidence, card.assumed) == (rule.says, rule.confidence, False)
    assert card.sources == (mode.sources["nexone"],)
    assert card.flip == ""


def test_a_card_of_an_assumption_says_so_and_bears_no_confidence() -> None:
    mode = MODES["facebook"]
    card = rule_card(mode, "likers.first")
    assert (card.assumed, card.confidence, card.answer) == (True, "", "All")
    flipped = rule_card(mode.flipped("likers.first"), "likers.first")
    assert (flipped.assumed, flipped.answer) == (True, "The first 100")


def test_cards_come_once_each_in_the_order_of_their_first_mention() -> None:
    keys = ["push.like", "inbox.like", "push.like", "count.audience"]
    assert [card.key for card in rule_cards(MODES["x"], keys)] == [
        "push.like",
        "inbox.like",
        "count.audience",
    ]
