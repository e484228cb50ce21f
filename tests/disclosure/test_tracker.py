"""The careless observer: what it gets, what it says of it, and how that compares with the truth."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed.disclosure.history import Action, Event, History
from feed.disclosure.judgement import FALSE, MISSED, Judgement, Score, judge
from feed.disclosure.likes import Likes
from feed.disclosure.looks import Fact
from feed.disclosure.platforms import Platform, Seat
from feed.disclosure.tracker import (
    EVERYTHING,
    HONEST,
    INTERRUPTED,
    MISSING,
    OFF,
    PRESETS,
    REQUESTS_BORNE,
    Accusation,
    Channel,
    Kind,
    Polling,
    Preset,
    Snapshot,
    Why,
    channel,
    names_cut_at,
    poll,
    report,
)
from tests.disclosure.cast import history, minute, platform

FREE: dict[str, Any] = {"developer__tracking": "allowed", "developer__penalty": "none"}
PAGES: dict[str, Any] = {"developer__likers": "none"}
SECRET: dict[str, Any] = {**PAGES, "likers__audience": "nobody"}
NUMBER: dict[str, Any] = SECRET
SHORT: dict[str, Any] = {"developer__likers": 2, "developer__count": False}
X: dict[str, Any] = {"developer__likers": 2, "developer__unlikes": "number"}
STREAM: dict[str, Any] = {"developer__unlikes": "names"}
LIST: dict[str, Any] = {"unlikers__audience": "poster"}
NOTHING: dict[str, Any] = {
    **SECRET,
    "developer__count": False,
    "count__audience": "nobody",
}

ALL_LOSE = Preset(slug="t", name="t", says="t", source="t", missing=1)
BREAKS = Preset(slug="t", name="t", says="t", source="t", interrupted=1)


def polled(
    events: History, rules: Platform, at: tuple[float, ...], preset: Preset = HONEST
) -> Polling:
    moments = [minute(number) for number in at]
    return poll(histories={1: events}, platform=rules, moments=moments, preset=preset)


def judged(
    events: History, rules: Platform, at: tuple[float, ...], preset: Preset = HONEST
) -> Judgement:
    polls = polled(events, rules, at, preset).polls[1]
    return judge(history=events, polls=polls, since=minute(at[0]), until=minute(at[-1]))


def told(judgement: Judgement) -> list[str]:
    """Each accusation and miss in a line: whom, and whether it is true or why not."""
    claims = [
        f"{claim.accusation.person or 'somebody'}: {claim.why or 'hit'}"
        for claim in judgement.claims
    ]
    return claims + [f"{miss.unlike.person} missed: {miss.why}" for miss in judgement.misses]


# What it gets

WAYS = {
    "told by a stream": (STREAM, Channel(Kind.TOLD, Seat.APP, "developer.unlikes"), None),
    "a list of unlikers": (LIST, Channel(Kind.TOLD, Seat.POSTER, "unlikers.audience"), None),
    "names": ({}, Channel(Kind.INTERFACE, Seat.APP, "developer.likers"), None),
    "a few names": (SHORT, Channel(Kind.INTERFACE, Seat.APP, "developer.likers"), 2),
    "pages": (PAGES, Channel(Kind.PAGES, Seat.POSTER, "likers.audience"), None),
    "short pages": (
        {**PAGES, "likers__first": 3},
        Channel(Kind.PAGES, Seat.POSTER, "likers.audience"),
        3,
    ),
    "unlikes in a number": (
        {**SECRET, "developer__unlikes": "number"},
        Channel(Kind.NUMBER, Seat.APP, "developer.unlikes"),
        None,
    ),
    "a number": (NUMBER, Channel(Kind.NUMBER, Seat.APP, "developer.count"), None),
    "the poster's number": (
        {**SECRET, "developer__count": False},
        Channel(Kind.NUMBER, Seat.POSTER, "count.audience"),
        None,
    ),
    "no number is written": (
        {**SECRET, "developer__count": False, "count__written": "none"},
        Channel(Kind.NOTHING, Seat.APP, "developer.likers"),
        None,
    ),
    "nothing": (NOTHING, Channel(Kind.NOTHING, Seat.APP, "developer.likers"), None),
}


@pytest.mark.parametrize(("rules", "way", "cut"), WAYS.values(), ids=WAYS.keys())
def test_it_takes_the_best_way_in(rules: dict[str, Any], way: Channel, cut: int | None) -> None:
    assert channel(platform(**rules)) == way
    assert names_cut_at(platform(**rules)) == cut


STORY = history((1, "ana", "like"), (2, "jo", "like"), (3, "mika", "like"), (11, "ana", "unlike"))

GOT = {
    "names": ({}, [(("mika", "jo", "ana"), 3, None), (("mika", "jo"), 2, None)]),
    "a few names": (SHORT, [(("mika", "jo"), None, None), (("mika", "jo"), None, None)]),
    "names and a number of unlikes": (X, [(("mika", "jo"), 3, 0), (("mika", "jo"), 2, 1)]),
    "pages": (PAGES, [(("mika", "jo", "ana"), 3, None), (("mika", "jo"), 2, None)]),
    "a number": (NUMBER, [(None, 3, None), (None, 2, None)]),
}


@pytest.mark.parametrize(("rules", "got"), GOT.values(), ids=GOT.keys())
def test_a_snapshot_holds_what_the_platform_gives(rules: dict[str, Any], got: list[Any]) -> None:
    polls = polled(STORY, platform(**rules), (10, 20)).polls[1]
    assert [poll.snapshot for poll in polls] == [
        Snapshot(minute(at), names, count, None, unlikes)
        for at, (names, count, unlikes) in zip((10, 20), got, strict=True)
    ]


def test_unlikes_told_by_name_need_no_names_of_likers() -> None:
    polls = polled(STORY, platform(**STREAM), (10, 20), EVERYTHING).polls[1]
    ana = Fact(minute(11), "ana")
    assert [poll.snapshot for poll in polls] == [
        Snapshot(minute(10), told=frozenset()),
        Snapshot(minute(20), told=frozenset({ana})),
    ]


def test_a_photo_is_not_polled_before_it_is_posted_nor_where_there_is_nothing() -> None:
    late = History("ben", minute(15))
    moments = [minute(10), minute(20)]
    both = {1: STORY, 2: late}
    rules = platform(**FREE)
    polling = poll(histories=both, platform=rules, moments=moments, preset=HONEST)
    assert {key: [p.at for p in polls] for key, polls in polling.polls.items()} == {
        1: moments,
        2: moments[1:],
    }
    assert (polling.requests, polling.blocked) == (3, None)
    polling = polled(STORY, platform(**NOTHING), (10, 20))
    assert polling == Polling({1: ()}, 0, None)


# Faults


def test_faults_lose_names_and_are_the_same_each_time() -> None:
    rules = platform()
    names = [
        poll.snapshot and poll.snapshot.names
        for poll in polled(STORY, rules, (10, 20), ALL_LOSE).polls[1]
    ]
    assert names == [(), ()]
    for preset in PRESETS.values():
        assert polled(STORY, rules, (10, 20), preset) == polled(STORY, rules, (10, 20), preset)


def test_an_interrupted_scan_keeps_the_head_of_the_list() -> None:
    for once in polled(STORY, platform(), tuple(range(10, 60)), BREAKS).polls[1]:
        assert once.snapshot is not None
        whole = ("mika", "jo", "ana") if once.at < minute(11) else ("mika", "jo")
        kept = once.snapshot.names
        assert kept is not None
        assert kept == whole[: len(kept)] != whole
        assert once.lost == dict.fromkeys(whole[len(kept) :], Why.INTERRUPTED)


FANS = [f"fan.{number:03}" for number in range(400)]
CROWD = history(*((number / 400, fan, "like") for number, fan in enumerate(FANS)))
POLLS = tuple(range(10, 210))

SHARES = {
    # preset: of 200 polls of 400 names the share of names lost, from and to, and how far a
    # number is off at most, in likes
    "honest": (HONEST, 0.0, 0.0, 0, 0),
    "missing": (MISSING, 0.008, 0.012, 0, 0),
    "interrupted": (INTERRUPTED, 0.02, 0.09, 0, 0),
    "off": (OFF, 0.0, 0.0, 4, 20),
    "everything": (EVERYTHING, 0.03, 0.1, 4, 20),
}


@pytest.mark.parametrize("slug", SHARES)
def test_faults_come_as_often_and_go_as_far_as_they_say(slug: str) -> None:
    preset, low, high, least, most = SHARES[slug]
    assert PRESETS[slug] == preset
    polls = polled(CROWD, platform(**FREE), POLLS, preset).polls[1]
    lost = sum(len(poll.lost) for poll in polls) / (len(polls) * len(FANS))
    assert low <= lost <= high
    off = [(poll.snapshot.count or 0) - len(FANS) for poll in polls if poll.snapshot]
    assert {abs(amount) for amount in off} <= set(range(least, most + 2))
    assert len(off) == len(POLLS)
    assert (min(off) < 0 < max(off)) is (most > 0)


def test_a_small_number_errs_as_often_as_a_share_of_it_says() -> None:
    polls = polled(STORY, platform(**FREE), tuple(range(12, 2012)), OFF).polls[1]
    off = [(poll.snapshot.count or 0) - 2 for poll in polls if poll.snapshot]
    assert set(off) == {-1, 0, 1}
    assert 0.04 < sum(map(abs, off)) / len(off) < 0.08  # 3 % of two likes


# What it says


def test_the_report_is_made_of_snapshots_alone() -> None:
    one = Snapshot(minute(0), ("jo", "ana", "mika"), 5)
    other = Snapshot(minute(60), ("kai", "jo"), 2)
    assert list(report([one, other], minute(0))) == [
        Accusation(minute(0), minute(60), "ana"),
        Accusation(minute(0), minute(60), "mika"),
        Accusation(minute(0), minute(60), None),
    ]
    assert list(report([one], minute(0))) == list(report([], minute(0))) == []


def test_a_number_of_unlikes_goes_before_the_fall_of_the_count() -> None:
    one = Snapshot(minute(0), ("jo", "ana"), 5, unlikes=1)
    other = Snapshot(minute(60), ("jo",), 2, unlikes=3)
    assert [each.person for each in report([one, other], minute(0))] == ["ana", None]


def test_what_was_told_is_repeated_with_its_moment_once_and_from_the_first_poll_on() -> None:
    kai, ana, jo = Fact(minute(1), "kai"), Fact(minute(5), "ana"), Fact(minute(7), "jo")
    snapshots = [
        Snapshot(minute(2), told=frozenset({kai})),
        Snapshot(minute(6), told=frozenset({kai, ana})),
        Snapshot(minute(9), told=frozenset({kai, ana, jo})),
    ]
    repeated = [
        Accusation(minute(2), minute(6), "ana", minute(5)),
        Accusation(minute(6), minute(9), "jo", minute(7)),
    ]
    assert list(report(snapshots, minute(2))) == repeated
    # A photo that was posted after it was switched on is news from the start.
    first = Accusation(minute(0), minute(2), "kai", minute(1))
    assert list(report(snapshots, minute(0))) == [first, *repeated]


NEW_PHOTO = {
    "stream": ["ana: hit"],
    "list": ["ana: hit"],
    "names": ["ana missed: between two polls"],
    "x": ["ana missed: between two polls"],
    "number": ["ana missed: between two polls"],
    "nothing": ["ana missed: nothing to go by"],
}


@pytest.mark.parametrize("which", NEW_PHOTO)
def test_what_came_and_went_before_the_first_poll_of_a_new_photo(which: str) -> None:
    new = [Event(minute(11), "ana", Action.LIKE), Event(minute(12), "ana", Action.UNLIKE)]
    photo = History("ben", minute(10.5), tuple(new))
    assert told(judged(photo, platform(**PLATFORMS[which]), (10, 20, 30))) == NEW_PHOTO[which]


# How right it is: cast × platform → the exact report, polled at 10, 20 and 30

LIKED = ((1, "ana", "like"), (2, "jo", "like"), (3, "mika", "like"))

REPORTS: dict[str, tuple[tuple[tuple[float, str, str], ...], dict[str, list[str]]]] = {
    "one unlike": (
        ((11, "ana", "unlike"),),
        {
            "names": ["ana: hit"],
            "short": ["ana missed: the list was cut"],
            "x": ["somebody: hit"],
            "pages": ["ana: hit"],
            "number": ["somebody: hit"],
            "stream": ["ana: hit"],
            "list": ["ana: hit"],
            "nothing": ["ana missed: nothing to go by"],
        },
    ),
    "came and went between two polls": (
        ((11, "kai", "like"), (12, "kai", "unlike")),
        {
            "names": ["kai missed: between two polls"],
            "short": ["kai missed: between two polls"],
            "x": ["somebody: hit"],
            "pages": ["kai missed: between two polls"],
            "number": ["kai missed: between two polls"],
            "stream": ["kai: hit"],
            "list": ["kai: hit"],
            "nothing": ["kai missed: nothing to go by"],
        },
    ),
    "unlikes and likes again between two polls": (
        ((21, "mika", "unlike"), (22, "mika", "like")),
        {
            "names": ["mika missed: liked again"],
            "short": ["mika missed: liked again"],
            "x": ["somebody: hit"],
            "pages": ["mika missed: liked again"],
            "number": ["mika missed: the number hid it"],
            "stream": ["mika: hit"],
            "list": ["mika: hit"],
            "nothing": ["mika missed: nothing to go by"],
        },
    ),
    "unlikes twice between two polls": (
        ((21, "mika", "unlike"), (22, "mika", "like"), (23, "mika", "unlike")),
        {
            "names": ["mika: hit", "mika missed: between two polls"],
            # Ana moves up as Mika goes.
            "short": ["mika: hit", "mika missed: between two polls"],
            "x": ["mika: hit", "somebody: hit"],
            "pages": ["mika: hit", "mika missed: between two polls"],
            "number": ["somebody: hit", "mika missed: between two polls"],
            "stream": ["mika: hit", "mika: hit"],
            "list": ["mika: hit", "mika: hit"],
            "nothing": ["mika missed: nothing to go by", "mika missed: nothing to go by"],
        },
    ),
    "an account is closed": (
        ((11, "mika", "leave"),),
        {
            "names": ["mika: the account was closed"],
            "short": ["mika: the account was closed"],
            "x": ["mika: the account was closed"],
            "pages": ["mika: the account was closed"],
            "number": ["somebody: the account was closed"],
            "stream": [],
            "list": [],
            "nothing": [],
        },
    ),
    "a new like pushes a name off a short list": (
        ((11, "kai", "like"),),
        {
            "names": [],
            "short": ["jo: the list was cut"],
            "x": ["jo: the list was cut"],
            "pages": [],
            "number": [],
            "stream": [],
            "list": [],
            "nothing": [],
        },
    ),
    "an unlike that a new like hides in the number": (
        ((11, "mika", "unlike"), (12, "kai", "like")),
        {
            "names": ["mika: hit"],
            "short": ["mika: hit"],
            "x": ["mika: hit"],
            "pages": ["mika: hit"],
            "number": ["mika missed: the number hid it"],
            "stream": ["mika: hit"],
            "list": ["mika: hit"],
            "nothing": ["mika missed: nothing to go by"],
        },
    ),
}
PLATFORMS = {
    "names": {},
    "short": SHORT,
    "x": X,
    "pages": PAGES,
    "number": NUMBER,
    "stream": STREAM,
    "list": LIST,
    "nothing": NOTHING,
}


@pytest.mark.parametrize("which", PLATFORMS)
@pytest.mark.parametrize("story", REPORTS)
def test_the_report_of_each_story_on_each_platform(story: str, which: str) -> None:
    events, expected = REPORTS[story]
    judgement = judged(history(*LIKED, *events), platform(**PLATFORMS[which]), (10, 20, 30))
    assert told(judgement) == expected[which]


def with_one_bad_poll(events: History, preset: Preset) -> Judgement:
    """Polls at 10, 20 and 30, of which the second gets no name at all, and no number."""
    rules, at = platform(developer__count=False), (10, 20, 30)
    moments = [minute(number) for number in at]
    clean = polled(events, rules, at).polls[1]
    for key in range(100):  # chance breaks off one of the scans ahead of the first name
        photo = {key: events}
        bad = poll(histories=photo, platform=rules, moments=moments, preset=preset).polls[key]
        if bad[1].snapshot == Snapshot(minute(20), ()):
            break
    polls = (clean[0], bad[1], clean[2])
    assert [p.snapshot and p.snapshot.names == () for p in polls] == [False, True, False]
    return judge(history=events, polls=polls, since=moments[0], until=moments[-1])


def test_an_accusation_is_of_the_like_that_the_app_had_seen() -> None:
    events, _ = REPORTS["unlikes twice between two polls"]
    judgement = judged(history(*LIKED, *events), platform(), (10, 20, 30))
    assert [c.unlike and c.unlike.until for c in judgement.claims] == [minute(21)]
    assert [(m.unlike.since, m.unlike.until) for m in judgement.misses] == [
        (minute(22), minute(23))
    ]


def test_what_happens_at_the_moment_of_a_poll_is_in_it() -> None:
    events = history(
        *((1, person, "like") for person in ("ana", "jo", "mika")),
        (10, "ana", "unlike"),  # at the first poll: before it was switched on
        (20, "jo", "unlike"),
        (20, "kai", "like"),
        (20, "lee", "like"),
        (21, "lee", "unlike"),
        (22, "lee", "like"),
        (25, "kai", "unlike"),
        (30, "mika", "unlike"),  # at the last
        (31, "mika", "like"),
    )
    judgement = judged(events, platform(), (10, 20, 30))
    assert told(judgement) == ["jo: hit", "kai: hit", "mika: hit", "lee missed: liked again"]


FAULTY = {
    # All names are lost at 20 alone: those who like it are accused by then, and whoever unlikes
    # after it is missed.
    "lost names": (
        ALL_LOSE,
        ["mika: a name was missing", "jo: a name was missing", "ana: hit"],
        ["jo missed: a name was missing"],
    ),
    "a scan that broke off": (
        BREAKS,
        ["mika: the scan broke off", "jo: the scan broke off", "ana: hit"],
        ["jo missed: the scan broke off"],
    ),
}


@pytest.mark.parametrize("fault", FAULTY)
def test_a_fault_accuses_whoever_still_likes_it_and_hides_whoever_goes_next(fault: str) -> None:
    preset, accused, missed = FAULTY[fault]
    events = history(*LIKED, (11, "ana", "unlike"), (21, "jo", "unlike"))
    judgement = with_one_bad_poll(events, preset)
    assert told(judgement) == accused + missed


def test_an_unlike_makes_no_accusation_true_that_was_made_before_it() -> None:
    judgement = with_one_bad_poll(history(*LIKED, (25, "ana", "unlike")), ALL_LOSE)
    assert told(judgement)[2:] == ["ana: a name was missing", "ana missed: a name was missing"]


def test_an_account_closed_later_explains_nothing() -> None:
    judgement = with_one_bad_poll(history(*LIKED, (25, "mika", "leave")), ALL_LOSE)
    assert told(judgement)[0] == "mika: a name was missing"


def test_a_number_that_is_off_accuses_somebody() -> None:
    snapshots = polled(CROWD, platform(**NUMBER, **FREE), POLLS, OFF).polls[1]
    judgement = judge(history=CROWD, polls=snapshots, since=minute(10), until=minute(209))
    assert {claim.why for claim in judgement.claims} == {Why.MISCOUNTED}
    assert judgement.score.precision == 0
    assert judgement.score.recall is None


def test_each_reason_has_its_sentence() -> None:
    assert FALSE.keys() | MISSED.keys() == set(Why)
    assert FALSE.keys() & MISSED.keys() == {Why.CUT, Why.MISSING, Why.INTERRUPTED}


def test_shares_of_nothing_are_no_numbers() -> None:
    assert (Score().precision, Score().recall) == (None, None)
    assert (Score(misses=1).precision, Score(misses=1).recall) == (None, 0)
    assert (Score(false=1).precision, Score(false=1).recall) == (0, None)
    three = Score(hits=3, misses=1, false=2) + Score(hits=0, misses=2, false=1)
    assert three == Score(hits=3, misses=3, false=3)
    assert (three.accusations, three.unlikes, three.precision, three.recall) == (6, 6, 0.5, 0.5)


# The terms

TERMS = {
    # tracking, penalty: whether it ends
    ("allowed", "none"): False,
    ("allowed", "account"): False,
    ("forbidden", "none"): False,
    ("forbidden", "access"): True,
    ("forbidden", "account"): True,
}


@pytest.mark.parametrize(("terms", "ends"), TERMS.items(), ids=map(str, TERMS))
def test_a_platform_that_forbids_it_locks_the_app_out(terms: tuple[str, str], ends: bool) -> None:
    rules = platform(developer__tracking=terms[0], developer__penalty=terms[1])
    last = REQUESTS_BORNE + 5
    events = history(
        *LIKED, (REQUESTS_BORNE - 1.5, "ana", "unlike"), (REQUESTS_BORNE - 0.5, "jo", "unlike")
    )
    at = tuple(range(last))
    polling = polled(events, rules, at)
    got = [poll.snapshot is not None for poll in polling.polls[1]]
    judgement = judge(history=events, polls=polling.polls[1], since=minute(0), until=minute(last))
    if ends:
        assert got == [True] * REQUESTS_BORNE + [False] * 5
        assert (polling.requests, polling.blocked) == (REQUESTS_BORNE, minute(REQUESTS_BORNE))
        assert told(judgement) == ["ana: hit", "jo missed: locked out"]
    else:
        assert got == [True] * last
        assert (polling.requests, polling.blocked) == (last, None)
        assert told(judgement) == ["ana: hit", "jo: hit"]


def test_each_photo_costs_a_request_and_all_are_locked_out_at_once() -> None:
    photos = dict.fromkeys(range(1, 4), STORY)
    moments = [minute(10 + number) for number in range(REQUESTS_BORNE)]
    polling = poll(histories=photos, platform=platform(), moments=moments, preset=HONEST)
    got = [sum(p.snapshot is not None for p in polls) for polls in polling.polls.values()]
    assert got == [67, 67, 66]
    assert (sum(got), polling.requests) == (REQUESTS_BORNE, REQUESTS_BORNE)
    assert polling.blocked == moments[66]


# Properties

PEOPLE = ("ana", "jo", "kai", "mika")
ACTIONS = ("like", "unlike", "like", "unlike", "leave")
stories = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(ACTIONS)), max_size=14).map(
    lambda steps: history(*((2 * n + 1, p, a) for n, (p, a) in enumerate(steps)))
)
modes = st.sampled_from([platform(**rules, **FREE) for rules in PLATFORMS.values()])
times = st.lists(st.integers(0, 32), min_size=1, max_size=12, unique=True).map(
    lambda at: tuple(sorted(at))
)


def unlikes(events: History, since: datetime, until: datetime) -> list[Fact]:
    likes = Likes(events.poster)
    for event in events.events:
        likes.take(event)
    return [fact for fact in likes.unlikes if since < fact.at <= until]


@given(events=stories)
def test_with_a_whole_list_before_and_after_each_event_it_is_right(events: History) -> None:
    """Where nobody leaves: a closed account looks the same to it."""
    stay = History(
        events.poster,
        events.posted,
        tuple(event for event in events.events if event.action is not Action.LEAVE),
    )
    judgement = judged(stay, platform(**FREE), tuple(range(0, 34, 2)))
    real = unlikes(stay, minute(0), minute(32))
    assert judgement.score == Score(hits=len(real))
    assert [claim.accusation.person for claim in judgement.claims] == [f.person for f in real]


@given(events=stories, at=times)
def test_a_like_that_came_and_went_between_two_polls_is_always_missed(
    events: History, at: tuple[float, ...]
) -> None:
    judgement = judged(events, platform(**FREE), at)
    came_and_went = [miss.unlike.until for miss in judgement.misses if miss.why is Why.BETWEEN]
    likes, expected = Likes(events.poster), []
    for event in events.events:
        since = likes.since.get(event.person)
        if likes.take(event) and event.action is Action.UNLIKE and since is not None:
            unseen = not any(since <= minute(number) < event.at for number in at)
            if unseen and minute(at[0]) < event.at <= minute(at[-1]):
                expected.append(event.at)
    assert came_and_went == expected


@given(
    events=stories,
    at=times,
    rules=modes,
    preset=st.sampled_from([*PRESETS.values(), ALL_LOSE, BREAKS]),
)
def test_every_unlike_is_a_hit_or_a_miss_and_every_accusation_a_hit_or_false(
    events: History, at: tuple[float, ...], rules: Platform, preset: Preset
) -> None:
    judgement = judged(events, rules, at, preset)
    real = unlikes(events, minute(at[0]), minute(at[-1]))
    hit = [Fact(c.unlike.until, c.unlike.person) for c in judgement.claims if c.unlike]
    missed = [Fact(m.unlike.until, m.unlike.person) for m in judgement.misses]
    assert sorted(hit + missed) == sorted(real)
    for claim in judgement.claims:
        assert (claim.unlike is None) is (claim.why in FALSE)
        if claim.unlike:
            assert claim.accusation.after < claim.unlike.until <= claim.accusation.by
            assert claim.accusation.person in (None, claim.unlike.person)
    assert {miss.why for miss in judgement.misses} <= MISSED.keys()
