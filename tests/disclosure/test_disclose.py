"""What each seat is shown of one photo, under each shipped mode, and which rule decided it.

The cast: ana likes ben's photo, takes the like back, likes it again and closes her account; dev
liked it before her; cleo follows ana and ben; zoe follows nobody. Claims such as A7 are those of
the source article.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed.disclosure.disclose import Names, Screen, Viewer, disclose, watch
from feed.disclosure.history import Action, Event, History
from feed.disclosure.infer import Exposure, infer
from feed.disclosure.looks import Fact, Interval, Suspects
from feed.disclosure.platforms import Audience, Seat
from feed.disclosure.post import ParcelState
from feed.disclosure.trace import Outcome, Trace, trace

from .cast import START, history, minute, pinned, platform

MODES = pinned()
VIEWERS = {
    "poster": Viewer(Seat.POSTER, "ben"),
    "liker": Viewer(Seat.LIKER, "ana"),
    "friend": Viewer(Seat.FRIEND, "cleo"),
    "stranger": Viewer(Seat.STRANGER, "zoe"),
    "app": Viewer(Seat.APP, "ben"),
}
STORY = history(
    (2, "dev", "like"),
    (5, "ana", "like"),
    (10, "ana", "unlike"),
    (15, "ana", "like"),
    (20, "ana", "leave"),
)
EVENTS = {"like": minute(5), "unlike": minute(10), "again": minute(15), "leave": minute(20)}

# A + is a like and a - an unlike, with its minute; “-” alone stands for what is not given at all
# and “()” for what is given and empty. The name comes with * where the viewer likes the photo.
SCREENS = [
    (
        "A2 A3 A4 A5 A7 A19",
        "instagram",
        "poster",
        """
event  | count | card    | list    | notices       | pushes               | unlikers | figures
like   | 2     | ana dev | ana dev | ana+05 dev+02 | ana+05 dev+02        | -        | 2 -
unlike | 1     | dev     | dev     | dev+02        | ana+05 dev+02        | -        | 1 -
again  | 2     | ana dev | ana dev | ana+15 dev+02 | ana+15 ana+05 dev+02 | -        | 2 -
leave  | 1     | dev     | dev     | dev+02        | ana+15 ana+05 dev+02 | -        | 1 -
""",
    ),
    (
        "A2 A3 A4 A5 A8 A19",
        "facebook",
        "poster",
        """
event  | count | card    | list    | notices       | pushes               | unlikers | figures
like   | 2     | ana dev | ana dev | ana+05 dev+02 | ana+05 dev+02        | -        | - -
unlike | 1     | dev     | dev     | dev+02        | ana+05 dev+02        | -        | - -
again  | 2     | ana dev | ana dev | ana+15 dev+02 | ana+15 ana+05 dev+02 | -        | - -
leave  | 1     | dev     | dev     | dev+02        | ana+15 ana+05 dev+02 | -        | - -
""",
    ),
    (
        "A2 A3 A4 A5 A9",
        "twitter",
        "poster",
        """
event  | count | card    | list    | notices       | pushes               | unlikers | figures
like   | 2     | ana dev | ana dev | ana+05 dev+02 | ana+05 dev+02        | ()       | 2 0
unlike | 1     | dev     | dev     | dev+02        | ana+05 dev+02        | ana-10   | 1 1
again  | 2     | ana dev | ana dev | ana+15 dev+02 | ana+15 ana+05 dev+02 | ana-10   | 2 1
leave  | 1     | dev     | dev     | dev+02        | ana+15 ana+05 dev+02 | ana-10   | 1 1
""",
    ),
    (
        "A9 A19",
        "twitter-2023",
        "poster",
        """
event  | count | card    | list    | notices       | pushes               | unlikers | figures
like   | 2     | ana dev | ana dev | ana+05 dev+02 | ana+05 dev+02        | -        | 2 -
unlike | 1     | dev     | dev     | dev+02        | ana+05 dev+02        | -        | 1 -
again  | 2     | ana dev | ana dev | ana+15 dev+02 | ana+15 ana+05 dev+02 | -        | 2 -
leave  | 1     | dev     | dev     | dev+02        | ana+15 ana+05 dev+02 | -        | 1 -
""",
    ),
    (
        "A9 A19",
        "x",
        "poster",
        """
event  | count | card    | list    | notices       | pushes               | unlikers | figures
like   | 2     | ana dev | ana dev | ana+05 dev+02 | ana+05 dev+02        | -        | 2 0
unlike | 1     | dev     | dev     | dev+02        | ana+05 dev+02        | -        | 2 1
again  | 2     | ana dev | ana dev | ana+15 dev+02 | ana+15 ana+05 dev+02 | -        | 3 1
leave  | 1     | dev     | dev     | dev+02        | ana+15 ana+05 dev+02 | -        | 3 1
""",
    ),
    (
        "A2 A3",
        "instagram facebook twitter twitter-2023",
        "liker",
        """
event  | count | card    | list    | notices       | pushes               | unlikers | figures
like   | 2*    | ana dev | ana dev | ()            | ()                   | -        | - -
unlike | 1     | dev     | dev     | ()            | ()                   | -        | - -
again  | 2*    | ana dev | ana dev | ()            | ()                   | -        | - -
leave  | 1     | dev     | dev     | ()            | ()                   | -        | - -
""",
    ),
    (
        "A2 A15",
        "instagram facebook twitter twitter-2023",
        "friend stranger",
        """
event  | count | card    | list    | notices       | pushes               | unlikers | figures
like   | 2     | ana dev | ana dev | ()            | ()                   | -        | - -
unlike | 1     | dev     | dev     | ()            | ()                   | -        | - -
again  | 2     | ana dev | ana dev | ()            | ()                   | -        | - -
leave  | 1     | dev     | dev     | ()            | ()                   | -        | - -
""",
    ),
    (
        "A2 A3",
        "x",
        "liker",
        """
event  | count | card    | list    | notices       | pushes               | unlikers | figures
like   | 2*    | ()      | -       | ()            | ()                   | -        | - -
unlike | 1     | ()      | -       | ()            | ()                   | -        | - -
again  | 2*    | ()      | -       | ()            | ()                   | -        | - -
leave  | 1     | ()      | -       | ()            | ()                   | -        | - -
""",
    ),
    (
        "A2 A15",
        "x",
        "friend stranger",
        """
event  | count | card    | list    | notices       | pushes               | unlikers | figures
like   | 2     | ()      | -       | ()            | ()                   | -        | - -
unlike | 1     | ()      | -       | ()            | ()                   | -        | - -
again  | 2     | ()      | -       | ()            | ()                   | -        | - -
leave  | 1     | ()      | -       | ()            | ()                   | -        | - -
""",
    ),
    (
        "A7 A8 A19",
        "instagram facebook",
        "app",
        """
event  | count | card    | list    | notices       | pushes               | unlikers | figures
like   | 2     | ()      | -       | ()            | ()                   | -        | - -
unlike | 1     | ()      | -       | ()            | ()                   | -        | - -
again  | 2     | ()      | -       | ()            | ()                   | -        | - -
leave  | 1     | ()      | -       | ()            | ()                   | -        | - -
""",
    ),
    (
        "A9 A19",
        "twitter twitter-2023",
        "app",
        """
event  | count | card    | list    | notices       | pushes               | unlikers | figures
like   | 2     | ana dev | ana dev | ()            | ()                   | -        | - -
unlike | 1     | dev     | dev     | ()            | ()                   | -        | - -
again  | 2     | ana dev | ana dev | ()            | ()                   | -        | - -
leave  | 1     | dev     | dev     | ()            | ()                   | -        | - -
""",
    ),
    (
        "A19",
        "x",
        "app",
        """
event  | count | card    | list    | notices       | pushes               | unlikers | figures
like   | 2     | ana dev | ana dev | ()            | ()                   | -        | - 0
unlike | 1     | dev     | dev     | ()            | ()                   | -        | - 1
again  | 2     | ana dev | ana dev | ()            | ()                   | -        | - 1
leave  | 1     | dev     | dev     | ()            | ()                   | -        | - 1
""",
    ),
]

# What became of each of ana's presses. A rule is that of the column's channel unless it is
# written in full.
TRACES = [
    (
        "A4 A5 A16",
        "instagram facebook twitter twitter-2023 x",
        "poster",
        """
event  | press  | inbox               | push            | count          | likers
like   | ana+05 | shown like          | shown like      | shown audience | shown audience
unlike | ana+05 | withdrawn withdrawn | shown like      | shown audience | withdrawn audience
unlike | ana-10 | withheld unlike     | withheld unlike | shown audience | shown audience
again  | ana+05 | withdrawn withdrawn | shown like      | shown audience | shown audience
again  | ana-10 | withheld unlike     | withheld unlike | shown audience | shown audience
again  | ana+15 | shown like          | shown like      | shown audience | shown audience
leave  | ana+05 | withdrawn withdrawn | shown like      | shown audience | withdrawn audience
leave  | ana-10 | withheld unlike     | withheld unlike | shown audience | shown audience
leave  | ana+15 | withdrawn like      | shown like      | shown audience | withdrawn audience
""",
    ),
    (
        "A7 A8 A9 A19",
        "facebook",
        "poster",
        """
event  | press  | unlikers          | insights
unlike | ana-10 | withheld audience | withheld audience
again  | ana-10 | withheld audience | withheld audience
leave  | ana-10 | withheld audience | withheld audience
""",
    ),
    (
        "A7 A8 A9 A19",
        "instagram twitter-2023",
        "poster",
        """
event  | press  | unlikers          | insights
unlike | ana-10 | withheld audience | withheld unlikes
again  | ana-10 | withheld audience | withheld unlikes
leave  | ana-10 | withheld audience | withheld unlikes
""",
    ),
    (
        "A9",
        "twitter",
        "poster",
        """
event  | press  | unlikers       | insights
unlike | ana-10 | shown audience | withheld unlikes
again  | ana-10 | shown audience | withheld unlikes
leave  | ana-10 | shown audience | withheld unlikes
""",
    ),
    (
        "A9 A19",
        "x",
        "poster",
        """
event  | press  | unlikers          | insights
unlike | ana-10 | withheld audience | shown unlikes
again  | ana-10 | withheld audience | shown unlikes
leave  | ana-10 | withheld audience | shown unlikes
""",
    ),
    (
        "A2 A3 A9 A15 A19",
        "instagram facebook twitter twitter-2023",
        "liker friend stranger",
        """
event  | press  | count          | likers             | unlikers
like   | ana+05 | shown audience | shown audience     |
unlike | ana+05 | shown audience | withdrawn audience |
unlike | ana-10 | shown audience | shown audience     | withheld audience
again  | ana+05 | shown audience | shown audience     |
again  | ana-10 | shown audience | shown audience     | withheld audience
again  | ana+15 | shown audience | shown audience     |
leave  | ana+05 | shown audience | withdrawn audience |
leave  | ana-10 | shown audience | shown audience     | withheld audience
leave  | ana+15 | shown audience | withdrawn audience |
""",
    ),
    (
        "A2 A3 A15 A19",
        "x",
        "liker friend stranger",
        """
event  | press  | count          | likers            | unlikers
like   | ana+05 | shown audience | withheld audience |
unlike | ana+05 | shown audience | withheld audience |
unlike | ana-10 | shown audience | withheld audience | withheld audience
again  | ana+05 | shown audience | withheld audience |
again  | ana-10 | shown audience | withheld audience | withheld audience
again  | ana+15 | shown audience | withheld audience |
leave  | ana+05 | shown audience | withheld audience |
leave  | ana-10 | shown audience | withheld audience | withheld audience
leave  | ana+15 | shown audience | withheld audience |
""",
    ),
    (
        "A7 A8 A19",
        "instagram facebook",
        "app",
        """
event  | press  | count                 | likers                    | developer
like   | ana+05 | shown developer.count | withheld developer.likers |
unlike | ana+05 | shown developer.count | withheld developer.likers |
unlike | ana-10 | shown developer.count | withheld developer.likers | withheld unlikes
again  | ana+05 | shown developer.count | withheld developer.likers |
again  | ana-10 | shown developer.count | withheld developer.likers | withheld unlikes
again  | ana+15 | shown developer.count | withheld developer.likers |
leave  | ana+05 | shown developer.count | withheld developer.likers |
leave  | ana-10 | shown developer.count | withheld developer.likers | withheld unlikes
leave  | ana+15 | shown developer.count | withheld developer.likers |
""",
    ),
    (
        "A9 A19",
        "twitter twitter-2023",
        "app",
        """
event  | press  | count                 | likers                     | developer
like   | ana+05 | shown developer.count | shown developer.likers     |
unlike | ana+05 | shown developer.count | withdrawn developer.likers |
unlike | ana-10 | shown developer.count | shown developer.likers     | withheld unlikes
again  | ana+05 | shown developer.count | shown developer.likers     |
again  | ana-10 | shown developer.count | shown developer.likers     | withheld unlikes
again  | ana+15 | shown developer.count | shown developer.likers     |
leave  | ana+05 | shown developer.count | withdrawn developer.likers |
leave  | ana-10 | shown developer.count | shown developer.likers     | withheld unlikes
leave  | ana+15 | shown developer.count | withdrawn developer.likers |
""",
    ),
    (
        "A19",
        "x",
        "app",
        """
event  | press  | count                 | likers                     | developer
like   | ana+05 | shown developer.count | shown developer.likers     |
unlike | ana+05 | shown developer.count | withdrawn developer.likers |
unlike | ana-10 | shown developer.count | shown developer.likers     | shown unlikes
again  | ana+05 | shown developer.count | shown developer.likers     |
again  | ana-10 | shown developer.count | shown developer.likers     | shown unlikes
again  | ana+15 | shown developer.count | shown developer.likers     |
leave  | ana+05 | shown developer.count | withdrawn developer.likers |
leave  | ana-10 | shown developer.count | shown developer.likers     | shown unlikes
leave  | ana+15 | shown developer.count | withdrawn developer.likers |
""",
    ),
]

Cell = tuple[str, str, str]
EVERY_CELL = [(mode, seat, event) for mode in MODES for seat in VIEWERS for event in EVENTS]


def table(text: str) -> list[dict[str, str]]:
    header, *rows = [
        [cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()
    ]
    return [dict(zip(header, row, strict=True)) for row in rows]


def rows(blocks: list[tuple[str, str, str, str]]) -> Iterator[tuple[str, Cell, dict[str, str]]]:
    """Each row of the tables with the claims that it shows and its mode, seat and event."""
    for claims, modes, seats, text in blocks:
        for row in table(text):
            event = row.pop("event")
            for mode in modes.split():
                for seat in seats.split():
                    yield claims.replace(" ", "+"), (mode, seat, event), row.copy()


def press(event: Event | Fact, action: Action) -> str:
    sign = "+" if action is Action.LIKE else "-"
    return f"{event.person}{sign}{(event.at - START).seconds // 60:02}"


def line(items: tuple[str, ...] | None) -> str:
    return "-" if items is None else " ".join(items) or "()"


def figure(number: int | None) -> str:
    return "-" if number is None else str(number)


def drawn(screen: Screen) -> dict[str, str]:
    """A screen in the words of the table. Its looks have tests of their own."""
    assert {parcel.state for parcel in screen.pushes} <= {ParcelState.DELIVERED}
    assert screen.likers.shown is None or screen.likers.complete
    unlikers = screen.unlikers
    return {
        "count": f"{screen.face.count.written}{'*' if screen.face.liked else ''}",
        "card": line(screen.face.named),
        "list": line(screen.likers.shown),
        "notices": line(tuple(press(n, n.action) for n in screen.notices)),
        "pushes": line(tuple(press(p, p.action) for p in screen.pushes)),
        "unlikers": line(
            None if unlikers is None else tuple(press(f, Action.UNLIKE) for f in unlikers)
        ),
        "figures": f"{figure(screen.likes_figure)} {figure(screen.unlikes_figure)}",
    }


def shown(mode: str, seat: str, event: str = "leave", past: History = STORY) -> Screen:
    at = EVENTS[event]
    return disclose(history=past, platform=MODES[mode], viewer=VIEWERS[seat], at=at)


def traced(mode: str, seat: str, event: str) -> dict[str, list[tuple[str, str, str]]]:
    """The channel, outcome and rule of each trace, by the press that it is about.

    None of these modes sends e-mail.
    """
    found: dict[str, list[tuple[str, str, str]]] = {}
    for one in trace(history=STORY, platform=MODES[mode], viewer=VIEWERS[seat], at=EVENTS[event]):
        about = found.setdefault(press(one.event, one.event.action), [])
        if one.channel == "mail":
            assert (one.outcome, one.rule) == (Outcome.WITHHELD, "mail.like")
            continue
        about.append((one.channel, str(one.outcome), one.rule))
    return found


def expected_traces() -> dict[Cell, tuple[str, dict[str, list[tuple[str, str, str]]]]]:
    every: dict[Cell, tuple[str, dict[str, list[tuple[str, str, str]]]]] = {}
    for claims, cell, row in rows(TRACES):
        before, presses = every.get(cell, ("", {}))
        about = presses.setdefault(row.pop("press"), [])
        for channel, words in row.items():
            if words:
                outcome, rule = words.split()
                about.append((channel, outcome, rule if "." in rule else f"{channel}.{rule}"))
        joined = dict.fromkeys([*filter(None, before.split("+")), *claims.split("+")])
        every[cell] = "+".join(joined), presses
    return every


class TestTheTable:
    """Platform × seat × event → exactly what is shown, and why."""

    def test_has_every_cell_once(self) -> None:
        cells = [cell for _, cell, _ in rows(SCREENS)]
        assert sorted(cells) == sorted(EVERY_CELL)
        assert sorted(expected_traces()) == sorted(EVERY_CELL)

    def test_shows_every_claim_that_is_about_what_is_shown(self) -> None:
        claims = {c for claims, *_ in [*rows(SCREENS), *rows(TRACES)] for c in claims.split("+")}
        assert claims == {"A2", "A3", "A4", "A5", "A7", "A8", "A9", "A15", "A16", "A19"}

    @pytest.mark.parametrize(
        ("cell", "row"),
        [
            pytest.param(cell, row, id=f"{'-'.join(cell)}-{claims}")
            for claims, cell, row in rows(SCREENS)
        ],
    )
    def test_shows(self, cell: Cell, row: dict[str, str]) -> None:
        mode, seat, event = cell
        screen = shown(mode, seat, event)
        assert drawn(screen) == row
        assert (screen.at, screen.viewer) == (EVENTS[event], VIEWERS[seat])
        assert screen.look.at == EVENTS[event]

    @pytest.mark.parametrize(
        ("cell", "presses"),
        [
            pytest.param(cell, presses, id=f"{'-'.join(cell)}-{claims}")
            for cell, (claims, presses) in expected_traces().items()
        ],
    )
    def test_says_why(self, cell: Cell, presses: dict[str, list[tuple[str, str, str]]]) -> None:
        mode, seat, event = cell
        found = traced(mode, seat, event)
        found.pop("dev+02")
        assert found == presses


class TestTheArticle:
    """Each claim that something does not leak begins with a seat or a mode in which it does."""

    @pytest.mark.parametrize("mode", ["instagram", "facebook"])
    def test_a7_a8_the_poster_is_not_told_who_took_a_like_back(self, mode: str) -> None:
        leaks = shown("twitter", "poster", "unlike")
        assert leaks.unlikers == (Fact(minute(10), "ana"),)
        assert leaks.unlikes_figure == 1
        screen = shown(mode, "poster", "unlike")
        assert (screen.unlikers, screen.unlikes_figure) == (None, None)
        assert {n.action for n in screen.notices} == {Action.LIKE}
        assert {p.action for p in screen.pushes} == {Action.LIKE}
        assert screen.look.unliked == frozenset()

    @pytest.mark.parametrize("seat", ["liker", "friend", "stranger", "app"])
    def test_a9_the_list_of_twitter_as_told_is_for_the_poster_alone(self, seat: str) -> None:
        assert shown("twitter", "poster", "unlike").unlikers == (Fact(minute(10), "ana"),)
        screen = shown("twitter", seat, "unlike")
        assert (screen.unlikers, screen.unlikes_figure) == (None, None)
        assert screen.look.unliked == frozenset()

    @pytest.mark.parametrize("event", EVENTS)
    def test_a9_told_and_by_the_evidence_differ_in_that_list_alone(self, event: str) -> None:
        told, evidence = shown("twitter", "poster", event), shown("twitter-2023", "poster", event)
        assert told != evidence
        same = replace(told, unlikers=None, unlikes_figure=None, look=evidence.look)
        assert same == evidence

    @pytest.mark.parametrize("seat", ["liker", "friend", "stranger"])
    def test_a9_names_on_x_are_for_the_poster_alone(self, seat: str) -> None:
        assert shown("twitter", seat, "like").likers.shown == ("ana", "dev")
        assert shown("x", "poster", "like").likers.shown == ("ana", "dev")
        screen = shown("x", seat, "like")
        assert screen.likers == Names(None, False, "likers.audience")
        assert screen.face.named == ()

    @pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "twitter"])
    @pytest.mark.parametrize("seat", VIEWERS)
    def test_a19_no_seat_is_told_who_took_a_like_back(self, mode: str, seat: str) -> None:
        assert shown("twitter", "poster").unlikers == (Fact(minute(10), "ana"),)
        assert shown(mode, seat).unlikers is None

    @pytest.mark.parametrize("mode", MODES)
    def test_a6_alerts_that_are_off_keep_pushes_away_and_nothing_else(self, mode: str) -> None:
        on, off = shown(mode, "poster"), shown(mode, "poster", past=replace(STORY, alerts=False))
        assert len(on.pushes) == 3
        assert off == replace(on, pushes=(), look=off.look)

    @pytest.mark.parametrize("mode", MODES)
    def test_a15_a_watcher_of_the_number_sees_it_fall(self, mode: str) -> None:
        counts = [
            screen.face.count.stands_for
            for screen in watch(
                history=STORY,
                platform=MODES[mode],
                viewer=VIEWERS["stranger"],
                moments=(minute(6), minute(12)),
            )
        ]
        assert counts == [Interval(2, 2), Interval(1, 1)]

    @pytest.mark.parametrize(
        ("mode", "looked", "unlooked"),
        [
            ("instagram", "identified", "undetectable"),
            ("facebook", "identified", "undetectable"),
            ("twitter", "disclosed", "disclosed"),
            ("twitter-2023", "identified", "undetectable"),
            ("x", "identified", "one of k"),
        ],
    )
    def test_a16_a25_who_does_not_look_in_between_may_never_know(
        self, mode: str, looked: str, unlooked: str
    ) -> None:
        """The poster has pushes off. The same like and unlike, with and without a look between."""
        found = []
        for moments in ((minute(3), minute(6), minute(12)), (minute(3), minute(12))):
            screens = watch(
                history=replace(STORY, alerts=False),
                platform=MODES[mode],
                viewer=VIEWERS["poster"],
                moments=moments,
            )
            finding = infer([s.look for s in screens], Suspects(frozenset({"ana", "dev", "cleo"})))
            found.append(finding.exposure("ana"))
        assert found == [Exposure(looked), Exposure(unlooked)]

    @pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "twitter"])
    def test_a25_a_push_that_arrived_gives_an_unlike_away(self, mode: str) -> None:
        screens = watch(
            history=STORY, platform=MODES[mode], viewer=VIEWERS["poster"], moments=(minute(12),)
        )
        finding = infer([s.look for s in screens], Suspects(frozenset({"ana", "dev"})))
        assert finding.exposure("ana") is Exposure.IDENTIFIED


def pushes(*events: tuple[float, str, str], at: float, asleep: bool = False, **rules: object):
    screen = disclose(
        history=history(*events, asleep=asleep),
        platform=platform(**rules),
        viewer=VIEWERS["poster"],
        at=minute(at),
    )
    return [
        (press(p, p.action), p.state.name.lower(), p.arrived and (p.arrived - START).seconds / 60)
        for p in screen.pushes
    ]


def notices(*events: tuple[float, str, str], at: float = 60, **rules: object) -> list[str]:
    screen = disclose(
        history=history(*events),
        platform=platform(**rules),
        viewer=VIEWERS["poster"],
        at=minute(at),
    )
    return [press(n, n.action) for n in screen.notices]


def outcomes(
    *events: tuple[float, str, str], channel: str, at: float = 60, asleep: bool = False, **rules
) -> list[tuple[str, str, str]]:
    """The press, outcome and rule of each trace in one channel, for the poster."""
    found: tuple[Trace, ...] = trace(
        history=history(*events, asleep=asleep),
        platform=platform(**rules),
        viewer=VIEWERS["poster"],
        at=minute(at),
    )
    return [
        (press(t.event, t.event.action), str(t.outcome), t.rule)
        for t in found
        if t.channel == channel
    ]


LIKE, UNLIKE = (1, "ana", "like"), (4, "ana", "unlike")


class TestPushes:
    """A push is a parcel: not sent yet, on its way, delivered, lost, recalled or never sent."""

    @pytest.mark.parametrize(
        ("at", "events", "asleep", "rules", "state", "arrived", "why"),
        [
            # A phone that is awake.
            (1, [LIKE], False, {}, "delivered", 1, "shown push.like"),
            (9, [LIKE, UNLIKE], False, {}, "delivered", 1, "shown push.like"),
            (
                9,
                [LIKE, UNLIKE],
                False,
                {"push__recalled": True},
                "recalled",
                None,
                "withdrawn push.recalled",
            ),
            # A push that is sent after two or five minutes.
            (2, [LIKE], False, {"push__delay": 120}, "unsent", 3, "coming push.delay"),
            (3, [LIKE], False, {"push__delay": 120}, "delivered", 3, "shown push.like"),
            (3, [LIKE], False, {"limits__delay": 120}, "delivered", 3, "shown push.like"),
            (2, [LIKE], False, {"limits__delay": 120}, "unsent", 3, "coming push.delay"),
            (9, [LIKE, UNLIKE], False, {"push__delay": 120}, "delivered", 3, "shown push.like"),
            (9, [LIKE, UNLIKE], False, {"push__delay": 180}, "delivered", 4, "shown push.like"),
            (
                9,
                [LIKE, UNLIKE],
                False,
                {"push__delay": 300},
                "cancelled",
                None,
                "withheld push.delay",
            ),
            (
                9,
                [LIKE, UNLIKE],
                False,
                {"push__delay": 120, "push__recalled": True},
                "recalled",
                None,
                "withdrawn push.recalled",
            ),
            # A phone that is asleep.
            (1, [LIKE], True, {}, "transit", None, "coming push.waits"),
            (2, [LIKE], True, {"push__delay": 120}, "unsent", None, "coming push.delay"),
            (3, [LIKE], True, {"push__delay": 120}, "transit", None, "coming push.waits"),
            (9, [LIKE, (3, "ben", "wake")], True, {}, "delivered", 3, "shown push.like"),
            (9, [LIKE, (3, "ben", "look")], True, {}, "delivered", 3, "shown push.like"),
            (9, [LIKE, (3, "cleo", "wake")], True, {}, "transit", None, "coming push.waits"),
            (
                9,
                [LIKE, UNLIKE, (6, "ben", "wake")],
                True,
                {},
                "delivered",
                6,
                "shown push.like",
            ),
            (
                9,
                [LIKE, UNLIKE, (6, "ben", "wake")],
                True,
                {"push__recalled": True},
                "recalled",
                None,
                "withdrawn push.recalled",
            ),
            (
                9,
                [LIKE, (3, "ben", "wake")],
                True,
                {"push__waits": 120},
                "delivered",
                3,
                "shown push.like",
            ),
            (
                9,
                [LIKE, (4, "ben", "wake")],
                True,
                {"push__waits": 120},
                "expired",
                4,
                "withheld push.waits",
            ),
            (
                9,
                [LIKE, (4, "ben", "wake"), (5, "ana", "unlike")],
                True,
                {"push__waits": 120, "push__recalled": True},
                "expired",
                4,
                "withheld push.waits",
            ),
        ],
    )
    def test_of_a_like(
        self, at: float, events: list, asleep: bool, rules: dict, state: str, arrived, why: str
    ) -> None:
        assert pushes(*events, at=at, asleep=asleep, **rules) == [("ana+01", state, arrived)]
        traced = outcomes(*events, channel="push", at=at, asleep=asleep, **rules)
        assert traced[0] == ("ana+01", *why.split())

    def test_of_an_unlike_goes_out_where_unlikes_are_announced(self) -> None:
        assert pushes(LIKE, UNLIKE, at=9) == [("ana+01", "delivered", 1)]
        assert pushes(LIKE, UNLIKE, at=9, push__unlike=True) == [
            ("ana-04", "delivered", 4),
            ("ana+01", "delivered", 1),
        ]

    def test_of_an_unlike_does_not_go_out_for_a_like_that_was_never_sent(self) -> None:
        rules = {"push__unlike": True, "inbox__unlike": True}
        assert len(pushes(LIKE, UNLIKE, at=9, **rules)) == 2
        assert pushes(LIKE, UNLIKE, at=9, limits__delay=300, **rules) == [
            ("ana+01", "cancelled", None)
        ]
        assert notices(LIKE, UNLIKE, limits__delay=300, **rules) == []

    def test_of_a_second_like_goes_out_where_second_likes_are_announced(self) -> None:
        again = (LIKE, UNLIKE, (7, "ana", "like"))
        assert pushes(*again, at=9) == [("ana+07", "delivered", 7), ("ana+01", "delivered", 1)]
        assert pushes(*again, at=9, inbox__again=False) == [("ana+01", "delivered", 1)]
        assert outcomes(*again, channel="push", inbox__again=False) == [
            ("ana+01", "shown", "push.like"),
            ("ana-04", "withheld", "push.unlike"),
            ("ana+07", "withheld", "inbox.again"),
        ]
        assert outcomes(*again, channel="inbox", inbox__again=False) == [
            ("ana+01", "withdrawn", "inbox.withdrawn"),
            ("ana-04", "withheld", "inbox.unlike"),
            ("ana+07", "withheld", "inbox.again"),
        ]

    def test_recall_concerns_the_like_that_is_taken_back(self) -> None:
        events = (LIKE, UNLIKE, (7, "ana", "like"))
        assert pushes(*events, at=9, push__recalled=True) == [
            ("ana+07", "delivered", 7),
            ("ana+01", "recalled", None),
        ]

    def test_are_not_sent_where_the_platform_pushes_no_likes(self) -> None:
        assert pushes(LIKE, at=9) == [("ana+01", "delivered", 1)]
        assert pushes(LIKE, at=9, push__like=False) == []

    def test_do_not_tell_the_poster_of_the_poster(self) -> None:
        own = (1, "ben", "like")
        assert pushes(own, (2, "ana", "like"), at=9) == [("ana+02", "delivered", 2)]
        assert notices(own, (2, "ana", "like")) == ["ana+02"]

    def test_count_in_the_look_that_they_came_before(self) -> None:
        screens = watch(
            history=history(LIKE, (2, "dev", "like")),
            platform=platform(inbox__like=False),
            viewer=VIEWERS["poster"],
            moments=[minute(at) for at in (1, 2, 3)],
        )
        assert [sorted(f.person for f in s.look.liked) for s in screens] == [["ana"], ["dev"], []]
        assert [len(s.pushes) for s in screens] == [1, 2, 2]


class TestNotices:
    @pytest.mark.parametrize(
        ("rules", "after_like", "after_unlike", "after_second"),
        [
            ({}, ["ana+01"], [], ["ana+07"]),
            ({"inbox__withdrawn": False}, ["ana+01"], ["ana+01"], ["ana+07", "ana+01"]),
            ({"inbox__again": False}, ["ana+01"], [], []),
            (
                {"inbox__again": False, "inbox__withdrawn": False},
                ["ana+01"],
                ["ana+01"],
                ["ana+01"],
            ),
            ({"inbox__unlike": True}, ["ana+01"], ["ana-04"], ["ana+07", "ana-04"]),
            (
                {"inbox__unlike": True, "inbox__withdrawn": False},
                ["ana+01"],
                ["ana-04", "ana+01"],
                ["ana+07", "ana-04", "ana+01"],
            ),
            ({"inbox__like": False}, [], [], []),
        ],
        ids=str,
    )
    def test_stand_or_are_withdrawn(
        self, rules: dict, after_like: list, after_unlike: list, after_second: list
    ) -> None:
        events = (LIKE, UNLIKE, (7, "ana", "like"))
        standing = [notices(*events, at=at, **rules) for at in (3, 6, 9)]
        assert standing == [after_like, after_unlike, after_second]

    @pytest.mark.parametrize("withdrawn", [True, False])
    def test_of_people_who_left_go_with_them(self, withdrawn: bool) -> None:
        rules = {"inbox__withdrawn": withdrawn, "inbox__unlike": True}
        events = (LIKE, (2, "dev", "like"), UNLIKE, (8, "ana", "leave"))
        assert "ana-04" in notices(*events, at=7, **rules)
        assert notices(*events, at=9, **rules) == ["dev+02"]

    def test_of_people_who_left_do_not_come_back(self) -> None:
        events = (LIKE, (3, "ana", "leave"), (5, "ana", "like"))
        assert notices(*events, at=2) == ["ana+01"]
        assert notices(*events, at=9) == []

    def test_wait_as_long_as_the_like_does(self) -> None:
        assert notices(LIKE, at=2.9, limits__delay=120) == []
        assert outcomes(LIKE, channel="inbox", at=2.9, limits__delay=120) == [
            ("ana+01", "coming", "limits.delay")
        ]
        assert notices(LIKE, at=3, limits__delay=120) == ["ana+01"]
        assert outcomes(LIKE, channel="inbox", at=3, limits__delay=120) == [
            ("ana+01", "shown", "inbox.like")
        ]

    @pytest.mark.parametrize("withdrawn", [True, False])
    def test_of_a_like_taken_back_in_time_never_come(self, withdrawn: bool) -> None:
        rules = {"limits__delay": 300, "inbox__withdrawn": withdrawn}
        assert notices(LIKE, **rules) == ["ana+01"]
        assert notices(LIKE, UNLIKE, **rules) == []

    @pytest.mark.parametrize("seat", ["liker", "friend", "stranger", "app"])
    def test_are_for_the_poster_alone(self, seat: str) -> None:
        past, rules = history(LIKE), platform()
        poster = disclose(history=past, platform=rules, viewer=VIEWERS["poster"], at=minute(9))
        assert (len(poster.notices), len(poster.pushes)) == (1, 1)
        other = disclose(history=past, platform=rules, viewer=VIEWERS[seat], at=minute(9))
        assert (other.notices, other.pushes) == ((), ())
        assert other.look.liked == frozenset()


def crowd(likes: int) -> History:
    return history(*((1 + n / 10_000, f"person{n:05}", "like") for n in range(likes)))


class TestCounts:
    @pytest.mark.parametrize(
        ("likes", "rules", "seat", "written", "interval", "rule"),
        [
            (7, {}, "stranger", "7", Interval(7, 7), "count.audience"),
            (1234, {}, "stranger", "1,234", Interval(1234, 1234), "count.audience"),
            (7, {"count__written": "none"}, "poster", None, Interval(), "count.written"),
            (7, {"count__audience": "poster"}, "poster", "7", Interval(7, 7), "count.audience"),
            (7, {"count__audience": "poster"}, "friend", None, Interval(), "count.audience"),
            (7, {"count__audience": "followers"}, "friend", "7", Interval(7, 7), "count.audience"),
            (7, {"count__audience": "followers"}, "stranger", None, Interval(), "count.audience"),
            (
                999,
                {"count__written": "rounded from 1000"},
                "poster",
                "999",
                Interval(999, 999),
                "count.written",
            ),
            (
                1234,
                {"count__written": "rounded from 1000"},
                "poster",
                "1.2K",
                Interval(1150, 1249),
                "count.written",
            ),
            (7, {"count__written": "none"}, "app", "7", Interval(7, 7), "developer.count"),
            (7, {"developer__count": False}, "app", None, Interval(), "developer.count"),
        ],
    )
    def test_are_written(
        self, likes: int, rules: dict, seat: str, written: str | None, interval, rule: str
    ) -> None:
        screen = disclose(
            history=crowd(likes), platform=platform(**rules), viewer=VIEWERS[seat], at=minute(9)
        )
        count = screen.face.count
        assert (count.written, count.stands_for, count.rule) == (written, interval, rule)
        assert screen.look.count == interval

    @given(
        likes=st.integers(0, 60),
        by=st.integers(1, 9),
        second=st.integers(120, 100_000),
    )
    def test_that_are_fuzzed_stay_within_their_bound(
        self, likes: int, by: int, second: int
    ) -> None:
        rules, at = platform(count__written=f"fuzzed by {by}"), minute(second / 60)
        counts = {
            disclose(history=past, platform=rules, viewer=VIEWERS["poster"], at=at).face.count
            for past in (crowd(likes), crowd(likes))
        }
        (count,) = counts
        assert count.written is not None
        assert abs(int(count.written) - likes) <= by
        assert likes in count.stands_for
        assert count.stands_for == Interval(
            max(0, int(count.written) - by), int(count.written) + by
        )

    def test_that_are_fuzzed_take_every_value_within_their_bound(self) -> None:
        rules = platform(count__written="fuzzed by 2")
        screens = watch(
            history=crowd(10),
            platform=rules,
            viewer=VIEWERS["poster"],
            moments=[minute(2 + n) for n in range(100)],
        )
        assert {s.face.count.written for s in screens} == {"8", "9", "10", "11", "12"}

    @given(
        likes=st.integers(0, 3000),
        written=st.sampled_from(
            ["exact", "none", "rounded from 1000", "rounded from 2500", "fuzzed by 3"]
        ),
    )
    def test_stand_for_the_truth(self, likes: int, written: str) -> None:
        screen = disclose(
            history=crowd(likes),
            platform=platform(count__written=written, likers__audience="nobody"),
            viewer=VIEWERS["poster"],
            at=minute(9),
        )
        assert likes in screen.face.count.stands_for
        assert likes in screen.look.count


class TestLists:
    EVENTS = ((1, "ana", "like"), (2, "cleo", "like"), (3, "dev", "like"))

    @pytest.mark.parametrize(
        ("seat", "rules", "names", "complete", "rule"),
        [
            ("poster", {}, ("dev", "cleo", "ana"), True, "likers.first"),
            ("poster", {"likers__first": 4}, ("dev", "cleo", "ana"), True, "likers.first"),
            # A list that is full may have been cut.
            ("poster", {"likers__first": 3}, ("dev", "cleo", "ana"), False, "likers.first"),
            ("poster", {"likers__first": 2}, ("dev", "cleo"), False, "likers.first"),
            ("poster", {"likers__first": 1}, ("dev",), False, "likers.first"),
            ("stranger", {"likers__audience": "followers"}, None, False, "likers.audience"),
            (
                "friend",
                {"likers__audience": "followers"},
                ("dev", "cleo", "ana"),
                True,
                "likers.first",
            ),
            ("app", {"likers__first": 1}, ("dev", "cleo", "ana"), True, "developer.likers"),
            ("app", {"developer__likers": 2}, ("dev", "cleo"), False, "developer.likers"),
            ("app", {"developer__likers": "none"}, None, False, "developer.likers"),
        ],
    )
    def test_show(self, seat: str, rules: dict, names, complete: bool, rule: str) -> None:
        screen = disclose(
            history=history(*self.EVENTS),
            platform=platform(**rules),
            viewer=VIEWERS[seat],
            at=minute(9),
        )
        assert screen.likers == Names(names, complete, rule)
        assert screen.face.named == (names or ())[:2]

    def test_run_from_the_latest_like_on(self) -> None:
        events = (*self.EVENTS, (4, "ana", "unlike"), (5, "ana", "like"), (6, "cleo", "unlike"))
        screens = watch(
            history=history(*events),
            platform=platform(),
            viewer=VIEWERS["poster"],
            moments=[minute(n) for n in range(7)],
        )
        assert [" ".join(s.likers.shown or ()) for s in screens] == [
            "",
            "ana",
            "cleo ana",
            "dev cleo ana",
            "dev cleo",
            "ana dev cleo",
            "ana dev",
        ]


@pytest.mark.parametrize(
    ("audience", "seats"),
    [
        ("nobody", ""),
        ("poster", "poster"),
        ("liker", "liker"),
        ("followers", "poster liker friend"),
        ("servers", "server"),
        ("readers", "reader"),
        ("everyone", "poster liker friend stranger server reader"),
        ("app", "app"),
    ],
)
def test_an_audience_includes_these_seats_and_no_other(audience: str, seats: str) -> None:
    included = [str(seat) for seat in Seat if Audience(audience).includes(seat)]
    assert included == seats.split()


def test_every_audience_has_its_row() -> None:
    assert len(Audience) == 8
