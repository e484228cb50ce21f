"""The kinds of small demo, each by what it shows for a state on a platform."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from explainer.cast import BEN
from explainer.controls import THIRDS, presses, seated, switches
from explainer.demos import Demo, Relation, Step, Third, parse
from explainer.kinds import KINDS
from explainer.scenes import scene, side_of
from explainer.servers import server
from explainer.small import (
    THOUGHTS,
    before,
    count,
    everywhere,
    insights,
    relation,
    seen_by,
    third,
)
from feed.disclosure.disclose import Viewer
from feed.disclosure.infer import Exposure
from feed.disclosure.platforms import Seat
from feed.disclosure.sentences import RUNGS, Named, plain
from feed.modes import platforms
from tests.disclosure.cast import pinned, platform

SAW = "He saw your name at 14:03 and it is gone now, so he can tell it was you."
STORY = "did=look-like-look-unlike-look"


def demo(query: str) -> Demo:
    return parse(QueryDict(query), platforms())


# The deeds of the server for the latest two presses: + written, - removed, > sent, x not sent.
SIGNS = {"written": "+", "removed": "-", "sent": ">", "withheld": "x"}
SERVED = [
    (
        "on=instagram&did=like",
        [
            [
                "+row “Ana, this photo”",
                "+number of likes: 7 → 8",
                ">notice to Ben",
                ">push to Ben, in a while",
            ],
        ],
    ),
    (
        "on=instagram&did=like-unlike&alerts=off",
        [
            [
                "+row “Ana, this photo”",
                "+number of likes: 7 → 8",
                ">notice to Ben, withdrawn since",
                "xpush to Ben",
            ],
            [
                "-row “Ana, this photo”",
                "+number of likes: 8 → 7",
                "xnotice to Ben",
                "xpush to Ben",
                "xentry in a list of who took it back to Ben",
            ],
        ],
    ),
    (
        "on=twitter&did=look-like-look-unlike-like-unlike&others=0",
        [
            [
                "+row “Ana, this tweet”",
                "+number of likes: 0 → 1",
                ">notice to Ben, withdrawn since",
                ">push to Ben, in a while",
            ],
            [
                "-row “Ana, this tweet”",
                "+number of likes: 1 → 0",
                "xnotice to Ben",
                "xpush to Ben",
                ">entry in a list of who took it back to Ben",
            ],
        ],
    ),
    ("on=x&did=look", []),
]


@pytest.mark.parametrize(("query", "deeds"), SERVED)
def test_the_server_writes_removes_sends_and_stays_silent(
    query: str, deeds: list[list[str]]
) -> None:
    strip = server(demo(query), platforms())
    assert [
        [SIGNS[deed.kind] + deed.text for deed in handled.deeds] for handled in strip.handled
    ] == deeds
    keys = {rule.key for rule in strip.rules}
    assert {deed.rule for each in strip.handled for deed in each.deeds if deed.rule} <= keys


def test_an_email_is_among_what_the_server_sends() -> None:
    rules = {"mail": platform(mail__like=True, mail__delay=120).model_copy(update={"slug": "mail"})}
    said = {
        did: [
            deed.kind
            for handled in server(Demo(on="mail", did=did), rules).handled
            for deed in handled.deeds
            if "e-mail" in deed.text
        ]
        for did in ((Step.LIKE,), (Step.LIKE, Step.UNLIKE), (Step.LIKE, Step.WAIT, Step.UNLIKE))
    }
    assert [*said.values()] == [["sent"], ["withheld"], ["sent"]]


@pytest.mark.parametrize("who", Relation)
@pytest.mark.parametrize(
    ("query", "which"),
    [
        (f"on=instagram&{STORY}", 0),  # identified
        (f"on=twitter&{STORY}", 0),  # told outright
        ("on=facebook&did=look-like-unlike-look", None),  # nothing to see
        ("on=instagram&did=like-look", None),  # nothing was taken back
    ],
)
def test_what_it_may_mean_depends_on_who_they_are_and_on_what_they_know(
    who: Relation, query: str, which: int | None
) -> None:
    found = relation(demo(f"{query}&who={who}&alerts=off"), platforms())
    assert found.thought == ("" if which is None else THOUGHTS[who][which])
    assert bool(found.mind) is (which is None)


def test_each_relation_has_thoughts_of_its_own() -> None:
    assert list(THOUGHTS) == list(Relation)
    every = [thought for thoughts in THOUGHTS.values() for thought in thoughts]
    assert len(set(every)) == len(every)


def test_before_a_press_each_course_tells_what_it_would_give_away() -> None:
    found = before(demo("on=instagram&did=look-like-look"), platforms())
    assert [(course.name, plain(course.said)) for course in found.courses] == [
        ("Leave it as it is", "Ben knows that you like it."),
        (
            "Unlike it",
            f"Ben was not told. {SAW}",
        ),
        (
            "Unlike it once somebody else likes it",
            f"Ben was not told. {SAW}",
        ),
    ]
    assert [[rung.state for rung in course.ladder].count("here") for course in found.courses] == [
        0,
        1,
        1,
    ]
    assert [course.name for course in before(demo("on=x&did="), platforms()).courses] == [
        "Leave it as it is"
    ]


@pytest.mark.parametrize(
    ("query", "looks"),
    [
        (f"on=instagram&{STORY}", ["7", "8", "7!"]),
        ("on=instagram&did=look-like-look-unlike-other-look", ["7", "8", "8"]),
        ("on=instagram&did=look-goes-look", ["7", "6!"]),
        ("on=instagram&did=like", []),
        ("on=facebook&did=look-like-look&others=50", ["50", "51"]),
    ],
)
def test_the_number_falls_between_looks(query: str, looks: list[str]) -> None:
    found = count(demo(query), platforms())
    assert [f"{look.written}{'!' * look.fell}" for look in found.looks] == looks


def test_a_hidden_number_never_falls() -> None:
    hidden = {"h": platform(count__audience="nobody").model_copy(update={"slug": "h"})}
    found = count(parse(QueryDict(f"on=h&{STORY}"), hidden), hidden)
    assert [(look.written, look.fell) for look in found.looks] == [(None, False)] * 3


@pytest.mark.parametrize("seat", Third)
@pytest.mark.parametrize("audience", ["nobody", "servers", "everyone"])
def test_a_third_seat_is_told_by_the_protocol_alone(seat: Third, audience: str) -> None:
    rules = {"p": platform(network__unlike=audience).model_copy(update={"slug": "p"})}
    found = third(parse(QueryDict(f"on=p&{STORY}&third={seat}"), rules), rules)
    reached = {"nobody": set(), "servers": {Third.SERVER}, "everyone": {Third.SERVER, Third.READER}}
    assert found.told is (seat in reached[audience])
    assert found.screen
    assert found.names == ("Nadia", "Mateo", "Vera")[:3]


def test_a_third_seat_that_sees_no_names_reasons_from_the_number() -> None:
    found = third(demo(f"on=x&{STORY}&third=stranger"), platforms())
    assert (found.told, found.names) == (False, None)
    assert plain(found.seen.said) == (
        "A stranger was not told who. The number fell from 8 to 7: it was one of 12 people, and "
        "you are among them."
    )


def test_everywhere_puts_each_platform_of_today_on_its_rung() -> None:
    rules = pinned()
    found = everywhere(parse(QueryDict(f"on=x&{STORY}"), rules), rules)
    assert {landing.rung: [p.slug for p in landing.platforms] for landing in found.landings} == {
        "Told outright": [],
        "It was you": ["instagram", "facebook", "x"],
        "One of a few": [],
        "Someone did": [],
        "Nothing to see": [],
    }
    assert found.number == 3


@pytest.mark.parametrize("slug", pinned())
def test_who_looks_whenever_the_poster_looks_sees_as_many_screens(slug: str) -> None:
    seen = seen_by(demo(f"on={slug}&{STORY}"), platforms()[slug], Viewer(Seat.FRIEND), Named("Jo"))
    assert [f"{screen.at:%H:%M}" for screen in seen.screens] == ["14:01", "14:03", "14:05"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_draws_its_usual_state_on_every_platform(kind: str) -> None:
    for slug in platforms():
        state = KINDS[kind].read(QueryDict(f"on={slug}"), platforms())
        assert KINDS[kind].draw(state, platforms())


# did → why the heart cannot be pressed, what else is to be known (Discourse: 10 minutes)


@pytest.mark.parametrize(
    ("query", "stuck", "note"),
    [
        ("did=like", "", ""),
        ("did=like-look-look-look-look-look-look-look-look-look", "", ""),
        ("did=like-wait", "P lets nobody unlike after 10 minutes.", ""),
        ("did=like-wait-look", "P lets nobody unlike after 10 minutes.", ""),
        (
            "did=like-wait-unlike-look",
            "",
            "P would have refused the unlike of 14:12: nobody can unlike after 10 minutes.",
        ),
        ("did=like-unlike-wait", "", ""),
        ("did=like-leave", "Your account is closed. Undo that or start over.", ""),
        (
            "did=like-comment-unlike",
            "",
            "Your comment stands there with your name, whatever becomes of the like.",
        ),
        (
            "did=share",
            "",
            "Your share stands there with your name, whatever becomes of the like.",
        ),
    ],
)
def test_what_a_platform_forbids_or_leaves_beside_the_like(
    query: str, stuck: str, note: str
) -> None:
    rules = platform(limits__undo_within=600)
    modes = {"p": rules.model_copy(update={"slug": "p", "name": "P"})}
    found = KINDS["phones"].draw(parse(QueryDict(f"on=p&{query}"), modes), modes).scene
    assert (found.stuck, found.note) == (stuck, note)
    able = {press.id for press in presses(found.demo, ["look"], modes["p"])}
    assert able == ({"look"} if stuck else {"press", "look"})


def test_everywhere_says_of_each_platform_what_it_says_of_it_alone() -> None:
    state = demo(f"on=x&{STORY}")
    found = everywhere(state, platforms())
    rungs = {p.slug: landing.rung for landing in found.landings for p in landing.platforms}
    assert rungs == {
        slug: RUNGS[seen_by(state, rules, Viewer(Seat.POSTER, BEN), Named("Ben")).exposure]
        for slug, rules in platforms().items()
        if rules.today
    }


def test_only_chairs_that_somebody_sits_in_are_offered_and_an_empty_one_is_said() -> None:
    rules = {
        audience: platform(network__unlike=audience).model_copy(update={"slug": audience})
        for audience in ("nobody", "servers", "readers", "everyone")
    }
    network = {}
    for slug, each in rules.items():
        (switch,) = switches(parse(QueryDict(f"on={slug}"), rules), ["third"])
        labels = {choice.label for choice in seated(switch, each).choices}
        assert labels >= {THIRDS[Third.FRIEND], THIRDS[Third.STRANGER], THIRDS[Third.APP]}
        network[slug] = [t for t in (Third.SERVER, Third.READER) if THIRDS[t] in labels]
    assert network == {
        "nobody": [],
        "servers": [Third.SERVER],
        "readers": [Third.READER],
        "everyone": [Third.SERVER, Third.READER],
    }
    drawn = third(parse(QueryDict("on=servers&third=reader"), rules), rules)
    assert (drawn.sits, drawn.missing.key) == (False, "network.unlike")


def test_from_the_posters_seat_you_are_the_poster() -> None:
    state = demo("on=instagram&did=like-comment-unlike-look&seat=poster")
    drawn = scene(state, platforms())
    assert [(beat.yours, beat.theirs) for beat in drawn.latest_beats] == [
        ("Ana liked it", "A notice, a push on its way"),
        ("Ana commented", "The comment, with the name"),
        ("Ana unliked it", "Nothing is sent"),
        ("", "You look"),
    ]
    labels = [press.label for press in presses(state, ["share"], state.platform(platforms()))]
    assert labels == ["Let Ana like it again", "Look", "Let Ana share it"]


def test_what_is_sent_elsewhere_does_not_contradict_that_nothing_reaches_the_poster() -> None:
    beat = scene(demo("on=mastodon&did=like-unlike"), platforms()).latest_beats[-1]
    assert (beat.theirs, beat.small) == (
        "Ben is sent nothing",
        "7 favourites, the notice goes, other servers are told",
    )


@pytest.mark.parametrize(
    ("on", "likes", "unlikes"),
    [
        ("x", (7, 9), (0, 1)),  # every like that was given, and a number of unlikes
        ("instagram", (7, 8), (None, None)),
        ("lemmy", (None, None), (None, None)),
    ],
)
def test_the_posters_figures_stand_beside_the_number(
    on: str, likes: tuple[int | None, ...], unlikes: tuple[int | None, ...]
) -> None:
    found = insights(demo(f"on={on}&did=look-like-unlike-other-look&seat=poster"), platforms())
    assert [look.written for look in found.looks] == ["7", "8"]
    assert [figure.numbers for figure in found.figures] == [likes, unlikes]
    assert [figure.given for figure in found.figures] == [None not in likes, None not in unlikes]
    keys = [card.key for card in found.rules]
    assert {"insights.likes", "insights.unlikes"} <= {*keys}
    assert len(keys) == len({*keys})


def test_what_is_kept_of_a_state_is_of_its_own_rules_alone() -> None:
    state = demo("on=instagram&did=look-like-look-unlike-look")
    told = platform(unlikers__audience="poster").model_copy(update={"slug": "instagram"})
    first = side_of(state, platforms()["instagram"])
    assert side_of(state, told).exposure is Exposure.DISCLOSED
    assert first.exposure is Exposure.IDENTIFIED
    assert side_of(state, platforms()["instagram"]) is first
