"""The open platforms: what each rule says, what backs it, and what one story looks like there.

Ben looks, Ana likes his photo, Ben looks, Ana takes the like back, Ben looks. Dev liked it before
her, and Eve could have. The expectations follow from what was read in each source code.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from feed.disclosure.disclose import Viewer, disclose, watch
from feed.disclosure.infer import infer
from feed.disclosure.looks import Suspects
from feed.disclosure.platforms import Platform, Seat, read_all
from feed.disclosure.post import ParcelState
from tests.disclosure.cast import history, minute
from tests.disclosure.test_platforms import written

SLUGS = (
    "mastodon",
    "gotosocial",
    "pixelfed",
    "pixelfed-2023",
    "bluesky",
    "lemmy",
    "misskey",
    "peertube",
    "takahe",
    "bookwyrm",
    "diaspora",
    "discourse",
    "forem",
)
MODES = {slug: mode for slug, mode in read_all().items() if slug in SLUGS}
POSTER = Viewer(Seat.POSTER, "ben")
CIRCLE = Suspects(frozenset({"ana", "dev", "eve"}))
STORY = history(
    (1, "dev", "like"),
    (2, "ben", "look"),
    (5, "ana", "like"),
    (6, "ben", "look"),
    (9, "ana", "unlike"),
    (12, "ben", "look"),
)

# A question mark stands for a rule that nobody documents: the value is what is assumed.
MATRIX = """
rule               mastodon gotosocial pixelfed   pixelfed-2023 bluesky  lemmy
limits.delay       0        0          0?         0?            0?       0?
limits.undo_within ever     ever       ever       ever          ever     ever
inbox.like         yes      yes        yes        yes           yes      no
inbox.unlike       no       no         no         no            no       no
inbox.withdrawn    yes      no         yes        no            yes      no
inbox.again        yes      no         yes        no            yes      no
inbox.grouped      yes      no         no?        no?           no?      no
push.like          yes      yes        yes        yes           yes      no
push.unlike        no       no         no         no            no       no
push.delay         0        0?         0?         0?            0?       0
push.stopped       yes      yes?       yes?       yes?          yes?     no
push.waits         172800   172800?    172800?    172800?       172800?  0
push.recalled      no       no         no         no            no       no
mail.like          yes      no         no         no            no       no
mail.delay         120      0          0          0             0        0
count.audience     everyone everyone   everyone   everyone      everyone everyone
count.written      exact?   exact?     exact?     exact?        exact?   exact?
count.hideable     no?      no?        no?        no?           no?      no?
likers.audience    everyone everyone   everyone   everyone      everyone nobody
likers.first       all      all        all        all           all      all
unlikers.audience  nobody   nobody     nobody     nobody        nobody   nobody
insights.audience  nobody?  nobody?    nobody?    nobody?       nobody?  nobody?
insights.likes     net?     net?       net?       net?          net?     net?
insights.unlikes   no?      no?        no?        no?           no?      no?
developer.likers   all      all        all        all           all      none
developer.count    yes      yes        yes        yes           yes      yes
developer.unlikes  none     none       none       none          names    none
developer.tracking allowed? forbidden? forbidden? forbidden?    allowed? forbidden?
developer.penalty  none?    access?    access?    access?       none?    access?
network.unlike     servers  servers    servers    nobody        everyone servers
profile.likes      liker?   liker?     liker?     liker?        everyone liker?

rule               misskey  peertube takahe   bookwyrm   diaspora   discourse  forem
limits.delay       0        0?       0?       0          0?         0?         0?
limits.undo_within ever     ever     ever     ever       ever       600        ever
inbox.like         yes      no       yes      yes        yes        yes        yes
inbox.unlike       no       no       no       no         no?        no         no
inbox.withdrawn    no       no       yes      yes        no         yes        yes
inbox.again        yes      no       yes      yes        yes        yes        yes
inbox.grouped      no?      no       no       yes        yes        yes        yes
push.like          yes      no       no       no         no?        no         no
push.unlike        no       no       no       no         no?        no         no
push.delay         2        0        0        0          0?         0          0
push.stopped       no       no       no       no         yes?       no         no
push.waits         172800?  0        0        0          172800?    0          0
push.recalled      no       no       no       no         no?        no         no
mail.like          no       no       no       no         yes        no         no
mail.delay         0        0        0        0          0?         0          0
count.audience     everyone everyone everyone nobody     everyone?  everyone   everyone
count.written      exact?   exact?   exact?   none       exact?     exact?     exact?
count.hideable     no?      no?      no?      no         no?        no?        no?
likers.audience    everyone readers  everyone nobody     everyone?  everyone   nobody
likers.first       all      all      all      all        all?       all        all
unlikers.audience  nobody   nobody   nobody   nobody     nobody?    nobody     nobody
insights.audience  nobody?  poster?  nobody?  nobody?    nobody?    nobody?    poster?
insights.likes     net?     net?     net?     net?       net?       net?       net?
insights.unlikes   no?      no?      no?      no?        no?        no?        no?
developer.likers   all      all      all      none       none?      all        none?
developer.count    yes      yes      yes      no         yes?       yes        yes?
developer.unlikes  names    none     none     none       none?      names      none?
developer.tracking allowed? allowed? allowed? forbidden? forbidden? forbidden? forbidden?
developer.penalty  none?    none?    none?    access?    access?    access?    access?
network.unlike     everyone servers  servers  servers    servers?   readers    nobody
profile.likes      everyone liker?   liker?   liker?     liker?     liker?     liker?
"""

# How many sources of each kind: c for source code, o for the platform's own words, r for one
# report; then the confidence.
EVIDENCE = """
platform      inbox.like inbox.withdrawn inbox.again mail.like likers.audience network.unlike
mastodon      2c:high    2c1r:high       1c1r:high   2c:high   3c:high         5c:high
gotosocial    2c:high    4c1o:high       1c1o:high   1c:high   2c:high         2c:high
pixelfed      1c:high    2c1o:high       2c:high     1c:high   1c:high         2c:high
pixelfed-2023 1c:medium  6c1o:high       2c:medium   1c:medium 1c:medium       2c1o:high
bluesky       2c:high    2c:high         2c:high     2c:medium 2c:high         10c:high
lemmy         1c:high    1c:high         1c:high     1c:high   2c:high         5c:high
misskey       1c:high    3c2r:high       2c:high     1c:high   1c:high         3c:high
peertube      1c:high    1c:high         1c:high     1c:high   3c:high         2c:high
takahe        3c:high    2c:high         1c:high     2c:medium 2c:high         1c:high
bookwyrm      2c:high    3c:high         1c:high     1c:high   2c:medium       3c:high
diaspora      1c:high    2c1r:high       1c:medium   1c:high   -:unknown       -:unknown
discourse     3c:medium  2c:medium       2c:medium   2c:medium 1c:medium       5c:medium
forem         1c:medium  4c1r:high       1c:medium   1c:medium 2c:medium       1c:medium
"""
KINDS = {"source code": "c", "the platform's own words": "o", "one report": "r"}

# What the poster has at the last look: whose notices, the count, whom the list names, and how far
# Ana's unlike is exposed; then whose unlikes the admin of another server and a stranger at the
# public stream are sent. A dash stands for what is not shown at all.
STORIES = """
platform      | notices | count | list | exposure   | server | reader
mastodon      | dev     | 1     | dev  | identified | ana    | -
gotosocial    | ana dev | 1     | dev  | identified | ana    | -
pixelfed      | dev     | 1     | dev  | identified | ana    | -
pixelfed-2023 | ana dev | 1     | dev  | identified | -      | -
bluesky       | dev     | 1     | dev  | identified | ana    | ana
lemmy         |         | 1     | -    | one of k   | ana    | -
misskey       | ana dev | 1     | dev  | identified | ana    | ana
peertube      |         | 1     | -    | one of k   | ana    | -
takahe        | dev     | 1     | dev  | identified | ana    | -
bookwyrm      | dev     | -     | -    | identified | ana    | -
diaspora      | ana dev | 1     | dev  | identified | ana    | -
discourse     | dev     | 1     | dev  | identified | -      | ana
forem         | dev     | 1     | -    | identified | -      | -
"""


def rows(table: str, separator: str | None = None) -> list[list[str]]:
    """The cells of a table, without its header."""
    lines = table.strip().splitlines()[1:]
    return [[cell.strip() for cell in line.split(separator)] for line in lines]


def evidence(platform: Platform, key: str) -> str:
    kinds = Counter(KINDS[source.kind] for source in platform.evidence(key))
    backed = "".join(f"{kinds[kind]}{kind}" for kind in "cor" if kinds[kind])
    return f"{backed or '-'}:{platform.rules[key].confidence or 'unknown'}"


def names(people: tuple[str, ...] | None) -> str:
    return "-" if people is None else " ".join(people)


def unlikers(platform: Platform, seat: Seat) -> str:
    screen = disclose(history=STORY, platform=platform, viewer=Viewer(seat), at=minute(12))
    facts = screen.unlikers
    return names(None if facts is None else tuple(fact.person for fact in facts))


def test_all_of_them_can_be_read_and_stand_in_this_order() -> None:
    assert [slug for slug, mode in MODES.items() if mode.open_source] == list(SLUGS)


def test_one_time_of_pixelfed_ends_where_the_other_begins() -> None:
    before, now = MODES["pixelfed-2023"].period, MODES["pixelfed"].period
    assert (before.since, before.until) == (date(2023, 10, 30), now.since)
    assert (now.since, now.until) == (date(2025, 11, 14), None)


def test_the_files_say_what_the_tables_say() -> None:
    tables = [
        [line.split() for line in table.splitlines()] for table in MATRIX.strip().split("\n\n")
    ]
    assert [slug for header, *_ in tables for slug in header[1:]] == list(MODES)
    keys = [key for key in MODES["mastodon"].rules if not re.match("figures|ranking", key)]
    for (_, *slugs), *said in tables:
        assert [[key, *(written(MODES[slug].rules[key]) for slug in slugs)] for key in keys] == said


def test_the_decisive_rules_rest_on_this_evidence() -> None:
    keys = EVIDENCE.split("\n")[1].split()[1:]
    assert [[slug, *(evidence(mode, key) for key in keys)] for slug, mode in MODES.items()] == rows(
        EVIDENCE
    )


@pytest.mark.parametrize("slug", [each for each in SLUGS if each != "pixelfed-2023"])
def test_code_that_was_old_when_it_was_read_leaves_room_for_doubt(slug: str) -> None:
    """A rule rests with high confidence on something of the three years before."""
    mode = MODES[slug]
    recent = mode.checked - timedelta(days=3 * 365)
    for key, rule in mode.rules.items():
        if rule.confidence == "high":
            assert max(mode.sources[name].date for name in rule.sources) > recent, key


def test_source_code_is_pinned_to_a_commit_except_where_none_is_known() -> None:
    loose = {
        (slug, source.url)
        for slug, mode in MODES.items()
        for source in mode.sources.values()
        if source.kind == "source code"
        and not re.search(r"/(blob|tree)/[0-9a-f]{7,40}/", source.url)
    }
    assert loose == {
        (
            "discourse",
            "https://github.com/discourse/discourse/blob/main/lib/post_action_destroyer.rb",
        ),
        ("discourse", "https://github.com/discourse/discourse/pull/14869"),
        ("discourse", "https://github.com/discourse/discourse/pull/16688"),
        ("forem", "https://github.com/forem/forem/pull/2112"),
    }


def test_one_story_leaves_this_behind_on_each() -> None:
    found = []
    for slug, mode in MODES.items():
        screens = watch(history=STORY, platform=mode, viewer=POSTER, moments=STORY.looks("ben"))
        last = screens[-1]
        finding = infer([screen.look for screen in screens], CIRCLE)
        found.append(
            [
                slug,
                " ".join(notice.person for notice in last.notices),
                last.face.count.written or "-",
                names(last.likers.shown),
                str(finding.exposure("ana")),
                unlikers(mode, Seat.SERVER),
                unlikers(mode, Seat.READER),
            ]
        )
    assert found == rows(STORIES, "|")


@pytest.mark.parametrize(
    ("seconds", "state"),
    [(119, ParcelState.CANCELLED), (121, ParcelState.DELIVERED)],
)
def test_an_unfavourite_within_two_minutes_cancels_mastodons_e_mail(
    seconds: int, state: ParcelState
) -> None:
    past = history((1, "ana", "like"), (1 + seconds / 60, "ana", "unlike"))
    screen = disclose(history=past, platform=MODES["mastodon"], viewer=POSTER, at=minute(10))
    assert [mail.state for mail in screen.mails] == [state]
    assert [push.state for push in screen.pushes] == [ParcelState.DELIVERED]


def test_misskeys_push_goes_out_although_the_reaction_was_gone_within_its_two_seconds() -> None:
    past = history((1, "ana", "like"), (1 + 1 / 60, "ana", "unlike"))
    before, after = watch(
        history=past,
        platform=MODES["misskey"],
        viewer=POSTER,
        moments=(minute(1 + 1 / 60), minute(1 + 2 / 60)),
    )
    assert [push.state for push in before.pushes] == [ParcelState.UNSENT]
    assert [(push.state, push.sent) for push in after.pushes] == [
        (ParcelState.DELIVERED, minute(1 + 2 / 60))
    ]


@pytest.mark.parametrize(
    ("slug", "notices", "pushes"),
    [
        ("mastodon", [5], [5, 1]),
        ("gotosocial", [1], [1]),
        ("pixelfed", [5], [5, 1]),
        ("pixelfed-2023", [1], [1]),
        ("misskey", [5, 1], [5, 1]),
        ("bookwyrm", [5], []),
    ],
)
def test_a_second_like_is_announced_or_silent(
    slug: str, notices: list[int], pushes: list[int]
) -> None:
    past = history((1, "ana", "like"), (3, "ana", "unlike"), (5, "ana", "like"))
    screen = disclose(history=past, platform=MODES[slug], viewer=POSTER, at=minute(9))
    assert [notice.at for notice in screen.notices] == [minute(at) for at in notices]
    assert [push.at for push in screen.pushes] == [minute(at) for at in pushes]
