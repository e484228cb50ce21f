"""What a finding says to people: the exact sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed.disclosure.disclose import Viewer, watch
from feed.disclosure.history import History
from feed.disclosure.infer import Exposure, Finding, infer
from feed.disclosure.looks import Interval, Look, Suspects
from feed.disclosure.platforms import Platform, Seat
from feed.disclosure.sentences import (
    RUNGS,
    Named,
    Span,
    Standing,
    conclusions,
    outlook,
    plain,
    standing,
    verdict,
)

from .cast import history, minute, pinned, platform
from .test_history import histories
from .test_infer_examples import EIGHT, STAYING, WORLD, circle, look

BEN, MIKA, SAM = Named("Ben", "he"), Named("Mika", "she"), Named("Sam")
CAST = {
    "ana": Named("Ana", "she"),
    "ben": BEN,
    "cleo": Named("Cleo", "she"),
    "dev": Named("Dev", "he"),
    "emma": Named("Emma", "she"),
}
MODES = pinned()


def clock(at: datetime) -> str:
    return f"{at:%H:%M}"


# Findings by what was seen, each for ana, who took her like back.
UNLOOKED = infer([], circle("ana cleo"))
LAST_SEEN_LIKING = infer([look(2, names="ana cleo")], circle("ana cleo"))
NOTHING = infer([look(2, names="cleo"), look(10, names="cleo")], circle("ana cleo"))
FELL_IN_THE_OPEN = infer([look(2, 8), look(10, 7)], WORLD)
DETECTABLE = infer([look(2, 8), look(10, 7)], Suspects(circle("ana").circle, True, False))
COUNTED_IN_THE_OPEN = infer([look(10, names="cleo", unlikes=1)], Suspects(frozenset({"ana"}), True))
ONE_OF_EIGHT = infer([look(2, 8), look(10, 7)], Suspects(EIGHT))
TWO_OF_EIGHT = infer([look(2, 8), look(10, 6)], Suspects(EIGHT))
COUNTED = infer([look(10, names="cleo", unlikes=1)], circle("ana cleo dev"))
COUNTED_TWICE = infer([look(10, names="cleo", unlikes=2)], circle("ana cleo dev"))
DOES_NOT_ADD_UP = infer(
    [look(2, 2), look(10, 2, "dev", cut=True, liked=[(5, "dev")])], circle("ana cleo dev emma")
)
NAME_GONE = infer([look(2, names="ana cleo"), look(10, names="cleo")], circle("ana cleo"))
NAME_GONE_BEFORE = infer(
    [look(2, names="ana cleo"), look(10, names="cleo"), look(12, names="cleo")], circle("ana cleo")
)
PUSHED = infer([look(10, names="cleo", liked=[(5, "ana")])], circle("ana cleo"))
PUSHED_BEFORE = infer(
    [look(10, names="cleo", liked=[(5, "ana")]), look(12, names="cleo")], circle("ana cleo")
)
PUSHED_TWICE = infer([look(10, liked=[(5, "ana"), (7, "ana")])], WORLD)
NOBODY_ELSE = infer([look(2, 1), look(10, 0)], circle("ana"))
TOLD = infer([look(10, names="cleo", unliked=[(7, "ana")])], WORLD)


class TestVerdict:
    @pytest.mark.parametrize(
        ("finding", "poster", "exposure", "said"),
        [
            (
                UNLOOKED,
                BEN,
                "undetectable",
                "Ben has not looked yet, so nothing has given it away.",
            ),
            (
                LAST_SEEN_LIKING,
                BEN,
                "undetectable",
                "Ben was not told. When he last looked, you liked it.",
            ),
            (
                LAST_SEEN_LIKING,
                MIKA,
                "undetectable",
                "Mika was not told. When she last looked, you liked it.",
            ),
            (
                LAST_SEEN_LIKING,
                SAM,
                "undetectable",
                "Sam was not told. When they last looked, you liked it.",
            ),
            (
                NOTHING,
                BEN,
                "undetectable",
                "Ben was not told, and nothing he has seen gives it away.",
            ),
            (
                NOTHING,
                SAM,
                "undetectable",
                "Sam was not told, and nothing they have seen gives it away.",
            ),
            (
                FELL_IN_THE_OPEN,
                BEN,
                "undetectable",
                (
                    "Ben was not told. The number fell from 8 to 7, but an account that was closed "
                    "would look the same."
                ),
            ),
            (
                DETECTABLE,
                SAM,
                "detectable",
                (
                    "Sam was not told who. The number fell from 8 to 7, so *they can tell that "
                    "someone did*. It could be anyone."
                ),
            ),
            (
                COUNTED_IN_THE_OPEN,
                BEN,
                "detectable",
                (
                    "Ben was not told who. 1 unlike is counted, so *he can tell that someone did*. "
                    "It could be anyone."
                ),
            ),
            (
                ONE_OF_EIGHT,
                BEN,
                "one of k",
                (
                    "Ben was not told who. The number fell from 8 to 7: *it was one of 8 people*, "
                    "and you are among them."
                ),
            ),
            (
                TWO_OF_EIGHT,
                BEN,
                "one of k",
                (
                    "Ben was not told who. The number fell from 8 to 6: *it was 2 of 8 people*, "
                    "and you are among them."
                ),
            ),
            (
                COUNTED,
                BEN,
                "one of k",
                (
                    "Ben was not told who. 1 unlike is counted: *it was one of 3 people*, and you "
                    "are among them."
                ),
            ),
            (
                COUNTED_TWICE,
                BEN,
                "one of k",
                (
                    "Ben was not told who. 2 unlikes are counted: *it was one of 3 people*, and "
                    "you are among them."
                ),
            ),
            (
                DOES_NOT_ADD_UP,
                BEN,
                "one of k",
                (
                    "Ben was not told who. The numbers do not add up without it: *it was one of 4 "
                    "people*, and you are among them."
                ),
            ),
            (
                NAME_GONE,
                BEN,
                "identified",
                (
                    "Ben was not told. He saw your name at 14:02 and it is gone now, so *he can "
                    "tell it was you*."
                ),
            ),
            (
                NAME_GONE,
                MIKA,
                "identified",
                (
                    "Mika was not told. She saw your name at 14:02 and it is gone now, so *she can "
                    "tell it was you*."
                ),
            ),
            (
                NAME_GONE,
                SAM,
                "identified",
                (
                    "Sam was not told. They saw your name at 14:02 and it is gone now, so *they "
                    "can tell it was you*."
                ),
            ),
            (
                NAME_GONE_BEFORE,
                BEN,
                "identified",
                (
                    "Ben was not told. He saw your name at 14:02 and it was gone at 14:10, so *he "
                    "can tell it was you*."
                ),
            ),
            (
                PUSHED,
                BEN,
                "identified",
                (
                    "The unlike was not announced. But Ben was told that you liked it at 14:05, "
                    "and your name is not there now, so *he can tell it was you*."
                ),
            ),
            (
                PUSHED_BEFORE,
                BEN,
                "identified",
                (
                    "The unlike was not announced. But Ben was told that you liked it at 14:05, "
                    "and your name was not there at 14:10, so *he can tell it was you*."
                ),
            ),
            (
                PUSHED_TWICE,
                BEN,
                "identified",
                (
                    "Ben was told twice that you liked it, at 14:05 and at 14:07, so *he can tell "
                    "it was you*."
                ),
            ),
            (
                NOBODY_ELSE,
                SAM,
                "identified",
                (
                    "Sam was not told. The numbers have changed, and nobody else is left who can "
                    "have done it, so *they can tell it was you*."
                ),
            ),
            (
                TOLD,
                BEN,
                "disclosed",
                "Ben is told outright: *it was you who took a like back*.",
            ),
        ],
    )
    def test_of_an_unlike(self, finding: Finding, poster: Named, exposure: str, said: str) -> None:
        assert str(finding.exposure("ana")) == exposure
        """Of somebody who likes it again, the name may be back: nothing is said of now."""
        last = clock(finding.looks[-1].at) if finding.looks else ""
        again = said.replace("can tell it was you", "can tell you took one back")
        for there, then in (("is gone", "was gone"), ("is not there", "was not there")):
            again = again.replace(f"{there} now", f"{then} at {last}")
        for did, expected in ((Standing.UNLIKED, said), (Standing.AGAIN, again)):
            sentence = verdict(finding=finding, you="ana", did=did, poster=poster, clock=clock)
            assert "".join(f"*{s.text}*" if s.marked else s.text for s in sentence) == expected

    def test_two_looks_in_one_minute_are_told_apart(self) -> None:
        sentence = verdict(
            finding=NAME_GONE, you="ana", did=Standing.AGAIN, poster=BEN, clock=lambda _: "14:02"
        )
        assert "".join(span.text for span in sentence) == (
            "Ben was not told. He saw your name at 14:02 and it was gone at the next look, "
            "so he can tell you took one back."
        )

    @pytest.mark.parametrize(
        ("finding", "did", "said"),
        [
            (NAME_GONE, Standing.NEVER, "You have not liked it, so there is nothing to tell."),
            (UNLOOKED, Standing.NEVER, "You have not liked it, so there is nothing to tell."),
            (UNLOOKED, Standing.LIKES, "Ben has not looked yet."),
            (NOTHING, Standing.LIKES, "Ben has not seen that you like it."),
            (LAST_SEEN_LIKING, Standing.LIKES, "Ben knows that you like it."),
            (PUSHED, Standing.LIKES, "Ben knows that you like it."),
            (PUSHED, Standing.LEFT, "Your account is gone, and what you liked with it."),
        ],
    )
    def test_of_no_unlike(self, finding: Finding, did: Standing, said: str) -> None:
        sentence = verdict(finding=finding, you="ana", did=did, poster=BEN, clock=clock)
        assert sentence == (Span(said),)

    def test_says_that_you_liked_it_of_what_was_seen_and_not_of_what_was_told(self) -> None:
        """A standing notice tells of a like, not that the like was still there."""
        finding = infer([look(10, liked=[(5, "ana")])], WORLD)
        assert finding.exposure("ana") is Exposure.UNDETECTABLE
        sentence = verdict(
            finding=finding, you="ana", did=Standing.UNLIKED, poster=BEN, clock=clock
        )
        assert plain(sentence) == "Ben was not told, and nothing he has seen gives it away."

    def test_does_not_lay_a_fall_to_a_closed_account_that_is_known_to_be_an_unlike(self) -> None:
        """Dev took his back in sight; ana's came and went unseen."""
        finding = infer([look(2, names="cleo dev"), look(10, names="cleo")], circle("ana cleo dev"))
        assert (finding.must, finding.exposure("ana")) == ({"dev"}, Exposure.UNDETECTABLE)
        seen = [look(2, 2, "cleo dev"), look(10, 1, "cleo")]
        sentence = verdict(
            finding=infer(seen, circle("ana cleo dev")),
            you="ana",
            did=Standing.UNLIKED,
            poster=BEN,
            clock=clock,
        )
        assert plain(sentence) == "Ben was not told, and nothing he has seen gives it away."


class TestOutlook:
    @pytest.mark.parametrize(
        ("finding", "poster", "said"),
        [
            (NOTHING, BEN, "If Ben looks now, still nothing gives it away."),
            (DETECTABLE, BEN, "If Ben looks now, he can tell that someone did."),
            (ONE_OF_EIGHT, MIKA, "If Mika looks now, she can tell it was one of 8 people."),
            (TWO_OF_EIGHT, SAM, "If Sam looks now, they can tell it was 2 of 8 people."),
            (NAME_GONE, SAM, "If Sam looks now, they can tell it was you."),
            (TOLD, BEN, "If Ben looks now, he is told outright."),
            (TOLD, MIKA, "If Mika looks now, she is told outright."),
            (TOLD, SAM, "If Sam looks now, they are told outright."),
        ],
    )
    def test_says(self, finding: Finding, poster: Named, said: str) -> None:
        assert outlook(finding=finding, you="ana", poster=poster) == said


class TestConclusions:
    @pytest.mark.parametrize(
        ("finding", "said"),
        [
            (NOTHING, ["Nothing that you have seen shows that anyone took a like back."]),
            (NAME_GONE, ["You can tell that Ana took a like back."]),
            (TOLD, ["You were told that Ana took a like back."]),
            (ONE_OF_EIGHT, ["The number fell from 8 to 7: it was one of 8 people."]),
            (TWO_OF_EIGHT, ["The number fell from 8 to 6: it was 2 of 8 people."]),
            (
                DETECTABLE,
                ["The number fell from 8 to 7: it was someone, and it could be anyone."],
            ),
            (
                infer([look(2, 2), look(10, 0)], circle("ana zoe")),
                [
                    "You can tell that Ana took a like back.",
                    "You can tell that zoe took a like back.",
                ],
            ),
            (
                infer(
                    [
                        look(2, 3, unliked=[(1, "ana")], gone={"ana"}),
                        look(10, 2, gone={"ana"}),
                    ],
                    circle("cleo dev emma"),
                ),
                [
                    "You were told that Ana took a like back.",
                    "The number fell from 3 to 2: it was one of 3 people.",
                ],
            ),
        ],
    )
    def test_say(self, finding: Finding, said: list[str]) -> None:
        assert conclusions(finding, CAST) == said


class TestStanding:
    @pytest.mark.parametrize(
        ("actions", "did"),
        [
            ("", Standing.NEVER),
            ("comment view", Standing.NEVER),
            ("like", Standing.LIKES),
            ("like comment", Standing.LIKES),
            ("like like", Standing.LIKES),
            ("like unlike", Standing.UNLIKED),
            ("like unlike unlike", Standing.UNLIKED),
            ("like unlike like", Standing.AGAIN),
            ("like unlike like unlike", Standing.UNLIKED),
        ],
    )
    def test_is_what_somebody_really_did(self, actions: str, did: Standing) -> None:
        events = [(number, "ana", action) for number, action in enumerate(actions.split(), 1)]
        past = history((0, "dev", "like"), *events, (20, "dev", "unlike"))
        assert standing(past, "ana") is did


@pytest.mark.parametrize(
    ("pronouns", "words"),
    [("he", "he is has"), ("she", "she is has"), ("they", "they are have")],
)
def test_people_are_spoken_of_as_they_wish(pronouns: str, words: str) -> None:
    named = Named("Sam", pronouns)
    assert f"{named.they} {named.is_} {named.has}" == words


def test_the_ladder_has_a_rung_for_each_exposure_in_rising_order() -> None:
    assert list(RUNGS.items()) == [
        (Exposure.UNDETECTABLE, "Nothing to see"),
        (Exposure.DETECTABLE, "Someone did"),
        (Exposure.ONE_OF_K, "One of a few"),
        (Exposure.IDENTIFIED, "It was you"),
        (Exposure.DISCLOSED, "Told outright"),
    ]


def looks_of(past: History, rules: Platform) -> Sequence[Look]:
    moments = [*past.looks("ben"), minute(30)]
    viewer = Viewer(Seat.POSTER, "ben")
    screens = watch(history=past, platform=rules, viewer=viewer, moments=moments)
    return [screen.look for screen in screens]


SUSPECTS = [Suspects(frozenset(CAST) - {"cleo"}), WORLD, STAYING]


@given(
    past=histories(),
    mode=st.sampled_from(list(MODES.values())),
    turned=st.booleans(),
    poster=st.sampled_from([BEN, MIKA, SAM]),
    suspects=st.sampled_from(SUSPECTS),
)
def test_any_story_makes_whole_sentences_on_any_platform(
    past: History, mode: Platform, turned: bool, poster: Named, suspects: Suspects
) -> None:
    if turned:
        mode = mode.flipped(*mode.assumptions)
    finding = infer(looks_of(past, mode), suspects)
    for you in ("ana", "zoe"):
        did = standing(past, you)
        verdicts = verdict(finding=finding, you=you, did=did, poster=poster, clock=clock)
        said = [
            plain(verdicts),
            outlook(finding=finding, you=you, poster=poster),
            *conclusions(finding, CAST),
        ]
        for sentence in said:
            assert sentence.endswith(".")
            assert "  " not in sentence
            assert ".." not in sentence
            assert "None" not in sentence
            assert sentence[0].isupper()


def test_a_number_that_is_not_exact_falls_by_its_nearest_values() -> None:
    seen = [
        Look(at=minute(at), count=count)
        for at, count in ((2, Interval(7, 9)), (10, Interval(3, 5)))
    ]
    finding = infer(seen, circle(" ".join(sorted(EIGHT))))
    assert conclusions(finding, {}) == ["The number fell from 7 to 5: it was 2 of 8 people."]


def test_the_test_platform_speaks_as_the_shipped_ones_do() -> None:
    """Notices that go with the like show a name that is gone, though there is no list."""
    rules = platform(push__like=False, likers__audience="nobody", count__audience="nobody")
    past = history((1, "ana", "like"), (3, "ben", "look"), (5, "ana", "unlike"))
    finding = infer(looks_of(past, rules), circle("ana cleo"))
    sentence = verdict(finding=finding, you="ana", did=Standing.UNLIKED, poster=BEN, clock=clock)
    assert plain(sentence) == (
        "Ben was not told. He saw your name at 14:03 and it is gone now, so he can tell it was you."
    )
