"""``infer`` against the enumeration of all worlds."""

from __future__ import annotations

import os
from dataclasses import replace

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from feed.disclosure.disclose import Viewer, watch
from feed.disclosure.history import Action, Event, History
from feed.disclosure.infer import infer
from feed.disclosure.looks import Interval, Look, Roll, Suspects
from feed.disclosure.platforms import Seat

from .cast import START, minute, platform
from .worlds import all_people, groups_of, worlds

CASES = int(os.environ.get("WORLDS", "1000"))
POSTER = Viewer(Seat.POSTER, "ben")
PEOPLE = ("ana", "cleo", "dev", "emma")


@st.composite
def platforms(draw: st.DrawFn):
    first = draw(st.sampled_from(["all", 1, 2, 3]))
    number = first == "all" and draw(st.booleans())
    return platform(
        inbox__like=draw(st.booleans()),
        inbox__unlike=draw(st.sampled_from([False, False, False, True])),
        inbox__withdrawn=draw(st.booleans()),
        inbox__again=draw(st.booleans()),
        push__like=draw(st.booleans()),
        push__recalled=draw(st.booleans()),
        push__delay=draw(st.sampled_from([0, 150])),
        limits__delay=draw(st.sampled_from([0, 0, 150])),
        count__written=draw(st.sampled_from(["exact", "none", "fuzzed by 1", "fuzzed by 2"])),
        likers__audience=draw(st.sampled_from(["everyone", "nobody"])),
        likers__first=first,
        unlikers__audience=draw(st.sampled_from(["nobody", "nobody", "nobody", "poster"])),
        insights__unlikes=number,
    )


@st.composite
def histories(draw: st.DrawFn, most: int = 10) -> History:
    """Up to four people who come and go, and up to four looks, one event a minute."""
    people = PEOPLE[: draw(st.integers(1, 4))]
    steps = draw(
        st.lists(
            st.one_of(
                st.tuples(st.sampled_from(people), st.sampled_from(["press"] * 7 + ["leave"])),
                st.just(("ben", "look")),
                st.just(("ben", "wake")),
            ),
            min_size=1,
            max_size=most,
        )
    )
    on: set[str] = set()
    events = []
    number = 0
    for person, what in steps:
        # Now and then a look falls on the very moment of what came before.
        number += draw(st.sampled_from([1, 1, 0])) if number and what == "look" else 1
        if what == "press":
            what = "unlike" if person in on else "like"
            on ^= {person}
        if what == "look" and sum(e.action is Action.LOOK for e in events) == 3:
            what = "wake"
        events.append(Event(minute(2 * number), person, Action(what)))
    events.append(Event(minute(2 * number + 2), "ben", Action.LOOK))
    return History("ben", START, tuple(events), draw(st.booleans()))


@st.composite
def seen(draw: st.DrawFn) -> tuple[list[Look], Suspects]:
    """What a poster saw under some platform, and who could have liked."""
    past = draw(histories())
    looks = [
        screen.look
        for screen in watch(
            history=past,
            platform=draw(platforms()),
            viewer=POSTER,
            moments=past.looks("ben"),
        )
    ]
    return looks, draw(_suspects())


@st.composite
def blurred(draw: st.DrawFn) -> tuple[list[Look], Suspects]:
    """The same, but with each look blurred in its own way: shorter lists, wider counts."""
    looks, suspects = draw(seen())
    return [draw(_blur(look)) for look in looks], suspects


@st.composite
def glimpses(draw: st.DrawFn) -> tuple[list[Look], Suspects]:
    """Counts over a busy crowd, with a name or two here and there: where reasoning is hardest."""
    looks, on, gone = [], set[str](), frozenset[str]()
    for number in range(1, draw(st.integers(2, 4)) + 1):
        on ^= draw(st.sets(st.sampled_from(PEOPLE), max_size=3))
        gone |= draw(st.sampled_from([frozenset(), frozenset(), frozenset({"dev"})]))
        on -= gone
        likers = Roll(frozenset(on), True)
        if draw(st.sampled_from([True, True, True, False])):
            likers = Roll(frozenset(draw(st.sets(st.sampled_from([*sorted(on), "nobody"])))) & on)
        width = draw(st.sampled_from([0, 0, 0, 1]))
        count = Interval(max(0, len(on) - width), len(on) + width)
        looks.append(Look(at=minute(10 * number), count=count, likers=likers, gone=gone))
    return looks, draw(_suspects(everybody=True))


@st.composite
def _blur(draw: st.DrawFn, look: Look) -> Look:
    count = look.count
    if look.likers.complete and draw(st.booleans()):
        size = len(look.likers.names)
        count = Interval(max(0, size - draw(st.integers(0, 1))), size + draw(st.integers(0, 1)))
    likers, facts = look.likers, look.liked
    if draw(st.booleans()):
        likers = Roll(frozenset(p for p in sorted(likers.names) if draw(st.booleans())))
    if not look.every_first_like:
        facts = frozenset(f for f in sorted(facts) if draw(st.booleans()))
    return replace(look, count=count, likers=likers, liked=facts, unlikes=None)


@st.composite
def _suspects(draw: st.DrawFn, everybody: bool = False) -> Suspects:
    if everybody or draw(st.booleans()):
        return Suspects(
            frozenset(PEOPLE),
            open=draw(st.sampled_from([False, False, False, True])),
            strangers_leave=draw(st.booleans()),
        )
    circle = frozenset(p for p in PEOPLE if draw(st.booleans()))
    return Suspects(circle, open=True, strangers_leave=draw(st.booleans()))


def check(looks: list[Look], suspects: Suspects) -> None:
    """The finding says what all worlds share, and no more."""
    every = worlds(looks, suspects)
    assert every, "the true course of events is a world"
    finding = infer(looks, suspects)
    people = all_people(looks, suspects)
    must = frozenset.intersection(*(world.unlikers for world in every))
    may = frozenset.union(*(world.unlikers for world in every))
    assert finding.least == min(every.values())
    assert finding.must == must
    assert finding.may == may
    assert finding.cannot == people - may
    for some in groups_of(people):
        guilty = all(world.unlikers & some for world in every)
        concluded = bool(some & finding.must) or any(g.implies(some) for g in finding.groups)
        assert concluded == guilty, (sorted(some), finding.groups)
    # Somebody is suspected if and only if somebody unliked in every world.
    assert bool(finding.must or finding.groups) == bool(finding.least)
    event(f"least {finding.least}")
    event(f"groups {[len(g.people) for g in finding.groups]}")
    for person in sorted(people):
        event(f"exposure {finding.exposure(person)}")


exhaustively = settings(
    max_examples=CASES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@exhaustively
@given(seen())
def test_says_what_all_worlds_share_on_any_platform(case: tuple[list[Look], Suspects]) -> None:
    check(*case)


@exhaustively
@given(blurred())
def test_says_what_all_worlds_share_whatever_was_seen(case: tuple[list[Look], Suspects]) -> None:
    check(*case)


@exhaustively
@given(glimpses())
def test_says_what_all_worlds_share_from_glimpses(case: tuple[list[Look], Suspects]) -> None:
    check(*case)
