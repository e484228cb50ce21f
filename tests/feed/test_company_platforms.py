"""The platforms of companies: what their files settle, on what evidence, and what follows.

The cast: dev and ana like ben's photo, and ana takes it back. Ben looks before, between and after.
"""

from __future__ import annotations

import pytest

from feed.disclosure.disclose import Screen, Viewer, watch
from feed.disclosure.infer import infer
from feed.disclosure.looks import Interval, Suspects
from feed.disclosure.platforms import PARTS, Rule, Seat, read_all
from tests.disclosure.cast import history, minute

PLATFORMS = read_all()

# A question mark stands for a rule that nobody documents: the value is what is assumed.
MATRIX = [
    """
rule               threads   tiktok            youtube   linkedin  reddit      tumblr
limits.delay       0?        0?                0?        0?        0?          0?
limits.undo_within ever?     ever?             ever?     ever?     ever?       ever?
inbox.like         yes       yes               no        yes       no          yes
inbox.unlike       no?       no?               no        no        no          no
inbox.withdrawn    yes?      yes?              no        yes       no          yes?
inbox.again        yes?      yes?              no        yes?      no          yes?
inbox.grouped      no?       no?               no?       no?       no?         no?
push.like          yes?      yes               no        yes?      no          yes
push.unlike        no?       no?               no        no        no          no
push.delay         0?        0?                0         0?        0           0?
push.stopped       yes?      yes?              no        yes?      no          yes?
push.waits         172800?   172800?           0         172800?   0           172800?
push.recalled      no?       no?               no        no?       no          no?
mail.like          no?       no?               no        no?       no          no?
mail.delay         0?        0?                0         0?        0           0?
count.audience     everyone  everyone          everyone  everyone  everyone    everyone
count.written      exact?    rounded_from_1000 exact?    exact?    fuzzed_by_2 exact?
count.hideable     no?       no                no?       no?       no?         no?
likers.audience    everyone? poster?           nobody    everyone  nobody      everyone
likers.first       all?      all?              all       all?      all         all
unlikers.audience  nobody?   nobody?           nobody    nobody?   nobody      nobody?
insights.audience  poster    poster            poster    poster?   poster      poster?
insights.likes     net?      net?              net?      net?      none?       net?
insights.unlikes   no        no?               no        no?       no?         no?
developer.likers   none      none?             none      none      none        all
developer.count    yes       yes?              yes       yes?      no          yes
developer.unlikes  none      none?             none      none      none        none
developer.tracking forbidden forbidden         forbidden forbidden forbidden   forbidden?
developer.penalty  account   account           account   account   account     access?
network.unlike     nobody?   nobody?           nobody?   nobody?   nobody?     nobody?
profile.likes      liker     liker?            liker?    followers liker       everyone?
""",
    """
rule               flickr    vsco       whatsapp  pinterest strava
limits.delay       0?        0?         0?        0?        0?
limits.undo_within ever?     ever?      ever?     ever?     ever?
inbox.like         yes       yes        yes?      yes?      yes?
inbox.unlike       no?       no         no?       no?       no?
inbox.withdrawn    yes?      yes?       yes?      yes?      yes?
inbox.again        yes?      yes?       yes?      yes?      yes?
inbox.grouped      no?       no?        no?       no?       no?
push.like          yes?      yes?       yes?      yes?      yes?
push.unlike        no?       no         no?       no?       no?
push.delay         0?        0?         0?        0?        0?
push.stopped       yes?      yes?       yes?      yes?      yes?
push.waits         172800?   172800?    172800?   172800?   172800?
push.recalled      no?       no?        no?       no?       no?
mail.like          no?       no?        no?       no?       no?
mail.delay         0?        0?         0?        0?        0?
count.audience     everyone  nobody     nobody    everyone? everyone?
count.written      exact?    none       none      exact?    exact?
count.hideable     no?       no         no        no?       no?
likers.audience    everyone  poster     poster    everyone? everyone?
likers.first       all       all?       all?      all?      all?
unlikers.audience  nobody?   nobody?    nobody?   nobody?   nobody?
insights.audience  poster?   nobody?    nobody?   poster    poster?
insights.likes     net?      none?      none?     net?      net?
insights.unlikes   no?       no?        no?       no        no?
developer.likers   all       none?      none?     none      all
developer.count    yes       no?        no?       yes       yes
developer.unlikes  none      none?      none?     none      none
developer.tracking forbidden forbidden? forbidden forbidden forbidden?
developer.penalty  access?   access?    access?   access?   access?
network.unlike     nobody?   nobody?    nobody?   nobody?   nobody?
profile.likes      everyone  liker      liker?    liker?    liker?
""",
]

OWN, ONE, SEVERAL = "the platform's own words", "one report", "several reports"

# The rules that decide what an unlike lays open, with the kinds of their sources in order.
EVIDENCE = {
    "threads": {
        "inbox.like": [ONE],
        "count.audience": [ONE],
        "insights.unlikes": [OWN],
        "network.unlike": [OWN],
        "profile.likes": [ONE],
    },
    "tiktok": {
        "inbox.like": [ONE],
        "push.like": [ONE],
        "count.written": [ONE],
        "likers.audience": [ONE],
        "developer.tracking": [OWN],
    },
    "youtube": {
        "inbox.like": [ONE, ONE],
        "count.audience": [ONE],
        "likers.audience": [ONE, ONE, ONE],
        "unlikers.audience": [OWN, ONE],
        "insights.unlikes": [OWN],
        "developer.likers": [OWN],
    },
    "linkedin": {
        "inbox.unlike": [ONE, OWN, ONE],
        "inbox.withdrawn": [ONE, ONE],
        "likers.audience": [OWN],
        "developer.likers": [OWN],
    },
    "reddit": {
        "inbox.like": [OWN, SEVERAL],
        "count.written": [OWN, SEVERAL, ONE],
        "likers.audience": [OWN, SEVERAL, SEVERAL],
        "insights.likes": [ONE],
        "developer.count": [OWN, SEVERAL, ONE],
    },
    "tumblr": {
        "inbox.like": [OWN],
        "inbox.unlike": [OWN],
        "likers.audience": [OWN],
        "likers.first": [OWN, OWN],
        "developer.likers": [OWN],
    },
    "flickr": {
        "inbox.like": [ONE],
        "likers.audience": [OWN, OWN],
        "developer.likers": [OWN],
        "profile.likes": [OWN],
    },
    "vsco": {
        "inbox.like": [OWN],
        "inbox.unlike": [OWN],
        "push.unlike": [OWN],
        "count.audience": [OWN],
        "likers.audience": [OWN],
    },
    "whatsapp": {
        "inbox.like": [ONE],
        "count.written": [ONE],
        "likers.audience": [ONE],
        "developer.tracking": [OWN],
    },
    "pinterest": {
        "inbox.like": [],
        "likers.audience": [],
        "insights.likes": [OWN],
        "developer.likers": [OWN],
    },
    "strava": {
        "limits.undo_within": [OWN],
        "likers.audience": [OWN],
        "developer.likers": [OWN],
        "developer.unlikes": [ONE, OWN],
    },
}

STORY = history(
    (1, "dev", "like"),
    (2, "ben", "look"),
    (5, "ana", "like"),
    (6, "ben", "look"),
    (10, "ana", "unlike"),
    (12, "ben", "look"),
)
POSTER = Viewer(Seat.POSTER, "ben")
CIRCLE = Suspects(frozenset({"ana", "cleo", "dev"}))
WORLD = Suspects(frozenset({"ana"}), open=True)

# At ben's last look: the notices left, the count at his three looks, the names, and how far ana's
# unlike is exposed to him if only three people can have liked it, and if anybody can have.
OUTCOMES = """
platform  | notices | counts | names | circle       | world
threads   | dev     | 1 2 1  | dev   | identified   | identified
tiktok    | dev     | 1 2 1  | dev   | identified   | identified
youtube   | ()      | 1 2 1  | -     | one of k     | undetectable
linkedin  | dev     | 1 2 1  | dev   | identified   | identified
reddit    | ()      | 1 3 3  | -     | undetectable | undetectable
tumblr    | dev     | 1 2 1  | dev   | identified   | identified
flickr    | dev     | 1 2 1  | dev   | identified   | identified
vsco      | dev     | - - -  | dev   | identified   | identified
whatsapp  | dev     | - - -  | dev   | identified   | identified
pinterest | dev     | 1 2 1  | dev   | identified   | identified
strava    | dev     | 1 2 1  | dev   | identified   | identified
"""


def written(rule: Rule[object]) -> str:
    value = ("no", "yes")[rule.holds] if isinstance(rule.holds, bool) else f"{rule.holds}"
    return value.replace(" ", "_") + ("?" if rule.assumed else "")


def seen(slug: str) -> tuple[Screen, ...]:
    return watch(
        history=STORY,
        platform=PLATFORMS[slug],
        viewer=POSTER,
        moments=STORY.looks("ben"),
    )


@pytest.mark.parametrize("text", MATRIX, ids=["threads to tumblr", "flickr to strava"])
def test_the_files_say_what_the_table_says(text: str) -> None:
    header, *rows = [line.split() for line in text.strip().splitlines()]
    drawn = ("figures", "ranking")
    keys = [key for key in PLATFORMS["x"].rules if key.split(".")[0] not in drawn]
    assert {key.split(".")[0] for key in keys} == set(PARTS) - set(drawn)
    assert [
        [key, *(written(PLATFORMS[slug].rules[key]) for slug in header[1:])] for key in keys
    ] == rows


@pytest.mark.parametrize("slug", EVIDENCE)
def test_the_decisive_rules_stand_on_these_kinds_of_sources(slug: str) -> None:
    platform = PLATFORMS[slug]
    assert {
        key: [source.kind for source in platform.evidence(key)] for key in EVIDENCE[slug]
    } == EVIDENCE[slug]


@pytest.mark.parametrize(
    "row", OUTCOMES.strip().splitlines()[1:], ids=lambda row: str(row).split()[0]
)
def test_an_unlike_leaves_this_behind(row: str) -> None:
    slug, *expected = (cell.strip() for cell in row.split("|"))
    screens = seen(slug)
    last, looks = screens[-1], [screen.look for screen in screens]
    assert [
        " ".join(notice.person for notice in last.notices) or "()",
        " ".join(screen.face.count.written or "-" for screen in screens),
        "-" if last.likers.shown is None else " ".join(last.likers.shown),
        *(infer(looks, suspects).exposure("ana") for suspects in (CIRCLE, WORLD)),
    ] == expected


def test_a_blurred_number_differs_from_the_true_one_and_stands_for_it() -> None:
    """Nobody votes in these minutes, and the number moves all the same."""
    story = history(*((number, f"voter{number}", "like") for number in range(5)))
    moments = tuple(minute(number) for number in range(10, 40))
    screens = watch(history=story, platform=PLATFORMS["reddit"], viewer=POSTER, moments=moments)
    counts = [screen.face.count for screen in screens]
    assert {count.written for count in counts} == {"3", "4", "5", "6", "7"}
    assert [count for count in counts if 5 not in count.stands_for] == []
    assert {count.stands_for for count in counts if count.written == "3"} == {Interval(1, 5)}


def test_a_rounded_number_hides_one_unlike_among_many() -> None:
    """On TikTok one of 1,240 likes is taken back, and 1.2K stays 1.2K."""
    crowd = [(1, f"fan{number}", "like") for number in range(1_240)]
    screens = watch(
        history=history(*crowd, (5, "fan7", "unlike")),
        platform=PLATFORMS["tiktok"],
        viewer=Viewer(Seat.STRANGER, "zoe"),
        moments=(minute(3), minute(9)),
    )
    assert [screen.face.count.written for screen in screens] == ["1.2K", "1.2K"]
    assert [screen.likers.shown for screen in screens] == [None, None]


def test_to_take_kudos_back_may_not_be_possible_at_all() -> None:
    strava = PLATFORMS["strava"]
    assert strava.limits.undo_within.holds == "ever"
    assert strava.flipped("limits.undo_within").limits.undo_within.holds == 0
