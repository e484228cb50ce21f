"""Histories, and what holds of every history under every platform."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import timedelta

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from feed.disclosure.disclose import (
    UNSEEN_BY_THE_POSTER,
    Screen,
    Viewer,
    disclose,
    face,
    summarise,
    watch,
)
from feed.disclosure.history import Action, Event, History, Summary, in_order
from feed.disclosure.looks import Fact
from feed.disclosure.platforms import NETWORK, Platform, Seat, read_all
from feed.disclosure.post import ParcelState
from feed.disclosure.trace import Outcome, Trace, trace

from .cast import START, history, minute, platform

MODES = read_all()
PEOPLE = ("ana", "cleo", "dev", "emma")
VIEWERS = [
    Viewer(Seat.POSTER, "ben"),
    Viewer(Seat.LIKER, "ana"),
    Viewer(Seat.FRIEND, "cleo"),
    Viewer(Seat.STRANGER, "zoe"),
    Viewer(Seat.STRANGER),
    Viewer(Seat.APP, "ben"),
    Viewer(Seat.SERVER),
    Viewer(Seat.READER),
]
POSTER = VIEWERS[0]
AUDIENCES = ["nobody", "poster", "liker", "followers", "servers", "readers", "everyone", "app"]


@st.composite
def platforms(draw: st.DrawFn) -> Platform:
    """One of the shipped modes, or any other set of rules."""
    if draw(st.integers(0, 3)) == 0:
        mode = draw(st.sampled_from(list(MODES.values())))
        return mode.flipped(*(key for key in mode.assumptions if draw(st.booleans())))
    first = draw(st.sampled_from(["all", "all", 1, 2, 3]))
    seconds = st.sampled_from([0, 0, 90, 600])
    return platform(
        limits__delay=draw(seconds),
        inbox__like=draw(st.booleans()),
        inbox__unlike=draw(st.booleans()),
        inbox__withdrawn=draw(st.booleans()),
        inbox__again=draw(st.booleans()),
        push__like=draw(st.booleans()),
        push__unlike=draw(st.booleans()),
        push__delay=draw(seconds),
        push__stopped=draw(st.booleans()),
        mail__like=draw(st.booleans()),
        mail__delay=draw(seconds),
        push__waits=draw(seconds),
        push__recalled=draw(st.booleans()),
        count__audience=draw(st.sampled_from(AUDIENCES)),
        count__written=draw(
            st.sampled_from(["exact", "none", "rounded from 1000", "fuzzed by 1", "fuzzed by 3"])
        ),
        likers__audience=draw(st.sampled_from(AUDIENCES)),
        likers__first=first,
        unlikers__audience=draw(st.sampled_from(AUDIENCES)),
        insights__audience=draw(st.sampled_from(AUDIENCES)),
        insights__likes=draw(st.sampled_from(["net", "gross", "none"])),
        insights__unlikes=first == "all" and draw(st.booleans()),
        developer__likers=draw(st.sampled_from(["all", "none", 1, 2])),
        developer__count=draw(st.booleans()),
        developer__unlikes=draw(st.sampled_from(["names", "number", "none"])),
        network__unlike=draw(st.sampled_from(AUDIENCES)),
    )


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Anything that can happen, one event a minute, with presses that change nothing as well."""
    actions = st.sampled_from([*["like"] * 5, *["unlike"] * 4, "leave", "comment", "view"])
    steps = draw(
        st.lists(
            st.one_of(
                st.tuples(st.sampled_from(PEOPLE), actions),
                st.sampled_from([("ben", "look"), ("ben", "wake"), ("ben", "like")]),
            ),
            max_size=14,
        )
    )
    made = history(
        *((number, *step) for number, step in enumerate(steps, 1)), asleep=draw(st.booleans())
    )
    return replace(made, alerts=draw(st.sampled_from([True, True, True, False])))


moments = st.integers(-1, 32).map(lambda half: minute(half / 2))
viewers = st.sampled_from(VIEWERS)


class TestOneMeaning:
    @given(past=histories(), rules=platforms(), viewer=viewers, at=moments)
    def test_a_card_from_a_summary_is_the_face_of_the_screen(
        self, past: History, rules: Platform, viewer: Viewer, at
    ) -> None:
        card = face(summary=summarise(past, viewer, at), platform=rules, viewer=viewer, at=at)
        screen = disclose(history=past, platform=rules, viewer=viewer, at=at)
        assert card == screen.face
        event(f"names {len(card.named)}, count {card.count.rule}")

    @given(past=histories(), rules=platforms(), viewer=viewers, at=moments)
    def test_a_card_names_whom_the_list_begins_with(
        self, past: History, rules: Platform, viewer: Viewer, at
    ) -> None:
        screen = disclose(history=past, platform=rules, viewer=viewer, at=at)
        assert screen.face.named == (screen.likers.shown or ())[:2]

    @given(
        past=histories(),
        rules=platforms(),
        viewer=viewers,
        at=st.lists(moments, min_size=1, max_size=5, unique=True).map(sorted),
    )
    def test_a_watcher_sees_what_each_moment_shows(
        self, past: History, rules: Platform, viewer: Viewer, at
    ) -> None:
        screens = watch(history=past, platform=rules, viewer=viewer, moments=at)
        assert [screen.at for screen in screens] == at
        liked, unliked = frozenset[Fact](), frozenset[Fact]()
        for screen in screens:
            alone = disclose(history=past, platform=rules, viewer=viewer, at=screen.at)
            assert replace(screen, look=alone.look) == alone
            # Pushes count in the look that they came before, and are not told again.
            same = {"liked": alone.look.liked, "unliked": alone.look.unliked}
            assert replace(screen.look, **same) == alone.look
            assert screen.look.liked <= alone.look.liked
            assert screen.look.unliked <= alone.look.unliked
            liked, unliked = liked | screen.look.liked, unliked | screen.look.unliked
            assert alone.look.liked <= liked
            assert alone.look.unliked <= unliked

    @given(past=histories(), rules=platforms(), viewer=viewers, at=moments)
    def test_what_comes_later_changes_nothing_now(
        self, past: History, rules: Platform, viewer: Viewer, at
    ) -> None:
        now = replace(past, events=past.until(at))
        shown = [disclose(history=h, platform=rules, viewer=viewer, at=at) for h in (past, now)]
        assert shown[0] == shown[1]
        traced = [trace(history=h, platform=rules, viewer=viewer, at=at) for h in (past, now)]
        assert traced[0] == traced[1]


def told(traced: tuple[Trace, ...], channel: str) -> dict[tuple[object, ...], Trace]:
    """The traces of one channel by press; each press has one."""
    mine = [t for t in traced if t.channel == channel]
    by_press = {(t.event.at, t.event.person, t.event.action): t for t in mine}
    assert len(by_press) == len(mine)
    return by_press


def keys(traces: dict[tuple[object, ...], Trace], *outcomes: Outcome) -> set[tuple[object, ...]]:
    return {key for key, one in traces.items() if one.outcome in outcomes}


@given(past=histories(), mode=st.sampled_from(list(MODES.values())), at=moments)
def test_some_rules_settle_nothing_for_the_poster(past: History, mode: Platform, at) -> None:
    unseen = [key for key in mode.assumptions if key in UNSEEN_BY_THE_POSTER]
    for key in unseen:
        looks = [
            disclose(history=past, platform=rules, viewer=POSTER, at=at).look
            for rules in (mode, mode.flipped(key))
        ]
        assert looks[0] == looks[1]
    event(f"{len(unseen)} rules")


class TestTraceAndScreenAgree:
    """What the trace calls shown is on the screen, and all that is on the screen is called so."""

    @given(past=histories(), rules=platforms(), viewer=viewers, at=moments)
    def test_in_each_channel(self, past: History, rules: Platform, viewer: Viewer, at) -> None:
        screen = disclose(history=past, platform=rules, viewer=viewer, at=at)
        traced = trace(history=past, platform=rules, viewer=viewer, at=at)
        for one in traced:
            assert one.rule in rules.rules
        self.inbox(screen, told(traced, "inbox"))
        self.push(screen, told(traced, "push"))
        self.mail(screen, told(traced, "mail"))
        self.unlikers(screen, told(traced, "unlikers"))
        self.likers(screen, told(traced, "likers"))
        for one in told(traced, "count").values():
            assert one.outcome is (
                Outcome.WITHHELD if screen.face.count.written is None else Outcome.SHOWN
            )
        event(f"{viewer.seat}: {len(traced)} traces")

    def inbox(self, screen: Screen, traces: dict[tuple[object, ...], Trace]) -> None:
        on_screen = {(n.at, n.person, n.action) for n in screen.notices}
        assert keys(traces, Outcome.SHOWN) == on_screen

    def push(self, screen: Screen, traces: dict[tuple[object, ...], Trace]) -> None:
        states = {
            Outcome.SHOWN: {ParcelState.DELIVERED},
            Outcome.COMING: {ParcelState.UNSENT, ParcelState.TRANSIT},
            Outcome.WITHDRAWN: {ParcelState.RECALLED},
        }
        for outcome, these in states.items():
            parcels = {(p.at, p.person, p.action) for p in screen.pushes if p.state in these}
            assert keys(traces, outcome) == parcels
        assert {(p.at, p.person, p.action) for p in screen.pushes} <= traces.keys()

    def mail(self, screen: Screen, traces: dict[tuple[object, ...], Trace]) -> None:
        states = {Outcome.SHOWN: ParcelState.DELIVERED, Outcome.COMING: ParcelState.UNSENT}
        for outcome, state in states.items():
            mails = {(m.at, m.person, m.action) for m in screen.mails if m.state is state}
            assert keys(traces, outcome) == mails
        assert {(m.at, m.person, m.action) for m in screen.mails} <= traces.keys()

    def unlikers(self, screen: Screen, traces: dict[tuple[object, ...], Trace]) -> None:
        if screen.viewer.seat in (Seat.APP, *NETWORK):
            return  # its list is traced as what an app may read, or as what was sent to it
        listed = {(f.at, f.person, Action.UNLIKE) for f in screen.unlikers or ()}
        assert keys(traces, Outcome.SHOWN) == listed
        assert keys(traces, Outcome.WITHHELD) == traces.keys() - listed

    def likers(self, screen: Screen, traces: dict[tuple[object, ...], Trace]) -> None:
        likes = {key: one for key, one in traces.items() if key[2] is Action.LIKE}
        names = {person for _, person, _ in keys(likes, Outcome.SHOWN)}
        assert names == set(screen.likers.shown or ())
        assert not names & {
            person for _, person, _ in keys(likes, Outcome.WITHHELD, Outcome.WITHDRAWN)
        }

    @given(past=histories(), rules=platforms(), at=moments)
    def test_an_app_is_traced_by_what_it_can_read(self, past: History, rules: Platform, at) -> None:
        viewer = Viewer(Seat.APP, "ben")
        screen = disclose(history=past, platform=rules, viewer=viewer, at=at)
        for one in told(
            trace(history=past, platform=rules, viewer=viewer, at=at), "developer"
        ).values():
            can = screen.unlikers is not None or screen.unlikes_figure is not None
            assert one.outcome is (Outcome.SHOWN if can else Outcome.WITHHELD)

    @given(past=histories(), rules=platforms(), at=moments)
    def test_every_press_that_counts_is_accounted_for(
        self, past: History, rules: Platform, at
    ) -> None:
        on: set[str] = set()
        presses, gone = [], set()
        for one in past.until(at):
            if one.action is Action.LEAVE:
                on.discard(one.person)
                gone.add(one.person)
            counts = one.action is (Action.UNLIKE if one.person in on else Action.LIKE)
            if counts and one.person not in gone:
                on ^= {one.person}
                presses.append((one.at, one.person, one.action))
        traced = trace(history=past, platform=rules, viewer=POSTER, at=at)
        for channel in ("count", "likers"):
            assert list(told(traced, channel)) == presses
        for channel in ("inbox", "push"):
            others = [press for press in presses if press[1] != past.poster]
            assert list(told(traced, channel)) == others
        unlikes = [press for press in presses if press[2] is Action.UNLIKE]
        for channel in ("unlikers", "insights"):
            assert list(told(traced, channel)) == unlikes


class TestThePlatformChangesNothing:
    @given(past=histories(), viewer=viewers, at=moments)
    def test_that_happened(self, past: History, viewer: Viewer, at) -> None:
        before = repr(past)
        for mode in MODES.values():
            disclose(history=past, platform=mode, viewer=viewer, at=at)
            trace(history=past, platform=mode, viewer=viewer, at=at)
        assert repr(past) == before

    def test_because_records_are_frozen(self) -> None:
        past = history((1, "ana", "like"))
        with pytest.raises(FrozenInstanceError):
            past.poster = "ana"  # type: ignore[misc]
        with pytest.raises(FrozenInstanceError):
            past.events[0].person = "dev"  # type: ignore[misc]

    def test_and_no_record_has_a_place_for_one(self) -> None:
        assert History.__slots__ == ("poster", "posted", "events", "asleep", "alerts")
        assert Event.__slots__ == ("at", "person", "action")
        assert Summary.__slots__ == ("poster", "likes", "newest", "liked")


class TestWhatChangesNothing:
    @given(
        past=histories(),
        rules=platforms(),
        viewer=viewers,
        at=moments,
        number=st.integers(0, 13),
        action=st.sampled_from([Action.LIKE, Action.UNLIKE]),
    )
    def test_the_same_press_twice_in_a_row(
        self, past: History, rules: Platform, viewer: Viewer, at, number: int, action: Action
    ) -> None:
        presses = [e for e in past.events if e.action is action]
        if not presses:
            return
        first = presses[number % len(presses)]
        second = replace(first, at=first.at + timedelta(seconds=20))
        more = replace(past, events=in_order([*past.events, second]))
        assert more != past
        for show in (disclose, trace):
            assert show(history=more, platform=rules, viewer=viewer, at=at) == show(
                history=past, platform=rules, viewer=viewer, at=at
            )

    @pytest.mark.parametrize(
        "one",
        [
            ("ana", "unlike"),
            ("dev", "comment"),
            ("dev", "share"),
            ("dev", "follow"),
            ("dev", "block"),
            ("dev", "view"),
            ("dev", "look"),
            ("dev", "wake"),
        ],
        ids=" ".join,
    )
    @pytest.mark.parametrize("viewer", VIEWERS, ids=lambda v: f"{v.seat}-{v.person}")
    def test_what_is_no_press(self, viewer: Viewer, one: tuple[str, str]) -> None:
        without = history((1, "dev", "like"))
        past = history((1, "dev", "like"), (2, *one))
        for mode in MODES.values():
            for show in (disclose, trace):
                assert show(history=past, platform=mode, viewer=viewer, at=minute(3)) == show(
                    history=without, platform=mode, viewer=viewer, at=minute(3)
                )

    def test_the_like_of_an_account_that_is_gone(self) -> None:
        past = history((1, "ana", "leave"), (2, "ana", "like"))
        assert summarise(past, POSTER, minute(3)) == Summary("ben", 0)


class TestHistory:
    def test_refuses_events_out_of_order(self) -> None:
        with pytest.raises(ValueError, match="events go in order of time"):
            history((2, "ana", "like"), (1, "dev", "like"))

    def test_refuses_events_before_the_photo(self) -> None:
        with pytest.raises(ValueError, match="comes before 2026-06-01 14:00:00"):
            history((-1, "ana", "like"))

    def test_takes_several_events_at_one_moment(self) -> None:
        past = history((0, "ana", "like"), (0, "dev", "like"))
        assert summarise(past, POSTER, START).newest == ("dev", "ana")

    @pytest.mark.parametrize(("at", "number"), [(0, 0), (1, 1), (1.5, 1), (2, 3), (9, 3)])
    def test_runs_up_to_and_including_a_moment(self, at: float, number: int) -> None:
        past = history((1, "ana", "like"), (2, "dev", "like"), (2, "ana", "unlike"))
        assert past.until(minute(at)) == past.events[:number]

    def test_knows_the_looks_of_one_person_each_moment_once(self) -> None:
        past = history(
            (1, "ben", "look"),
            (2, "cleo", "look"),
            (3, "ben", "look"),
            (3, "ben", "look"),
            (4, "ben", "wake"),
        )
        assert past.looks("ben") == (minute(1), minute(3))
        assert past.looks("cleo") == (minute(2),)
        assert past.looks("ana") == ()

    def test_in_order_keeps_the_order_of_one_moment(self) -> None:
        a, b, c = (Event(minute(n), p, Action.LIKE) for n, p in ((2, "a"), (1, "b"), (1, "c")))
        assert in_order([a, b, c]) == (b, c, a)


class TestSummary:
    @pytest.mark.parametrize(
        ("at", "summary"),
        [
            (0, Summary("ben", 0)),
            (1, Summary("ben", 1, ("dev",))),
            (2, Summary("ben", 2, ("ana", "dev"), liked=True)),
            (3, Summary("ben", 3, ("cleo", "ana"), liked=True)),
            (4, Summary("ben", 2, ("cleo", "dev"))),
            (5, Summary("ben", 3, ("ana", "cleo"), liked=True)),
            (6, Summary("ben", 2, ("ana", "dev"), liked=True)),
        ],
    )
    def test_counts_and_names_the_latest(self, at: float, summary: Summary) -> None:
        past = history(
            (1, "dev", "like"),
            (2, "ana", "like"),
            (3, "cleo", "like"),
            (4, "ana", "unlike"),
            (5, "ana", "like"),
            (6, "cleo", "leave"),
        )
        assert summarise(past, Viewer(Seat.LIKER, "ana"), minute(at)) == summary

    def test_of_nobody_in_particular_is_not_liked(self) -> None:
        assert not summarise(history((1, "ana", "like")), Viewer(Seat.STRANGER), minute(2)).liked
