"""The poster's side, row by row, for one story under each shipped mode.

Dev and Cleo like Ben's photo, Ben looks, Ana likes it, Ben looks, Ana takes it back, Ben looks.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from feed.disclosure.history import History
from feed.disclosure.infer import Exposure
from feed.disclosure.looks import Suspects
from feed.disclosure.platforms import Platform, read_all
from feed.disclosure.sentences import Named, plain
from feed.side import Row, Side, ladder, poster_side
from tests.disclosure.cast import history, minute, pinned, platform

MODES = pinned()
CAST = {
    "ana": Named("Ana", "she"),
    "ben": Named("Ben", "he"),
    "cleo": Named("Cleo", "she"),
    "dev": Named("Dev", "he"),
    "emma": Named("Emma", "she"),
    "finn": Named("Finn", "he"),
}
CIRCLE = Suspects(frozenset(CAST) - {"ben"})
OTHERS = ((1, "dev", "like"), (2, "cleo", "like"))
STORY = history(
    *OTHERS,
    (4, "ben", "look"),
    (5, "ana", "like"),
    (7, "ben", "look"),
    (10, "ana", "unlike"),
    (12, "ben", "look"),
    asleep=True,
)
UNLOOKED = history(
    *OTHERS,
    (4, "ben", "look"),
    (5, "ana", "like"),
    (10, "ana", "unlike"),
    (12, "ben", "look"),
    asleep=True,
)

PARTS = ("lock_screen", "activity", "likers", "unlikers", "insights")

# A row reads: part, kind, rule (? where assumed), who, text, the small print, * where it is new.
AFTER_THE_LAST_LOOK = {
    "instagram": """
lock_screen shown push.recalled? · Ana liked your photo · Push, 14:05
activity withheld inbox.unlike · “Ana unliked” is never sent
activity withdrawn inbox.withdrawn · “Ana liked your photo” was withdrawn
activity shown inbox.grouped · Cleo and 1 other liked your photo · 14:02
likers shown likers.first · Cleo
likers shown likers.first · Dev
unlikers withheld unlikers.audience · No list of who took it back
insights withheld insights.unlikes · No number of unlikes
""",
    "facebook": """
lock_screen shown push.recalled? · Ana liked your photo · Push, 14:05
activity withheld inbox.unlike · “Ana unliked” is never sent
activity withdrawn inbox.withdrawn · “Ana liked your photo” was withdrawn
activity shown inbox.like · Cleo liked your photo · 14:02
activity shown inbox.like · Dev liked your photo · 14:01
likers shown likers.first? · Cleo
likers shown likers.first? · Dev
unlikers withheld unlikers.audience · No list of who took it back
insights withheld insights.audience? · No number of unlikes
""",
    "twitter": """
lock_screen shown push.recalled? · Ana liked your tweet · Push, 14:05
activity withheld inbox.unlike · “Ana unliked” is never sent
activity withdrawn inbox.withdrawn? · “Ana liked your tweet” was withdrawn
activity shown inbox.like · Cleo liked your tweet · 14:02
activity shown inbox.like · Dev liked your tweet · 14:01
likers shown likers.first · Cleo
likers shown likers.first · Dev
unlikers shown unlikers.audience · Ana unliked · 14:10
insights withheld insights.unlikes · No number of unlikes
""",
    "twitter-2023": """
lock_screen shown push.recalled? · Ana liked your tweet · Push, 14:05
activity withheld inbox.unlike · “Ana unliked” is never sent
activity withdrawn inbox.withdrawn? · “Ana liked your tweet” was withdrawn
activity shown inbox.like · Cleo liked your tweet · 14:02
activity shown inbox.like · Dev liked your tweet · 14:01
likers shown likers.first? · Cleo
likers shown likers.first? · Dev
unlikers withheld unlikers.audience · No list of who took it back
insights withheld insights.unlikes · No number of unlikes
""",
    "x": """
lock_screen shown push.recalled? · Ana liked your post · Push, 14:05
activity withheld inbox.unlike · “Ana unliked” is never sent
activity withdrawn inbox.withdrawn? · “Ana liked your post” was withdrawn
activity shown inbox.like · Cleo liked your post · 14:02
activity shown inbox.like · Dev liked your post · 14:01
likers shown likers.first? · Cleo
likers shown likers.first? · Dev
unlikers withheld unlikers.audience · No list of who took it back
insights shown insights.unlikes · 1 unlike in the figures, no names
""",
}

ON_INSTAGRAM = {
    4: """
activity shown inbox.grouped · Cleo and 1 other liked your photo · 14:02
likers shown likers.first · Cleo
likers shown likers.first · Dev
""",
    5: """
lock_screen coming push.waits? · Ana liked your photo · On its way, 14:05 *
activity shown inbox.like · Ana liked your photo · 14:05 *
activity shown inbox.grouped · Cleo and 1 other liked your photo · 14:02
likers shown likers.first · Ana *
likers shown likers.first · Cleo
likers shown likers.first · Dev
""",
    7: """
lock_screen shown push.like · Ana liked your photo · Push, 14:05 *
activity shown inbox.like · Ana liked your photo · 14:05
activity shown inbox.grouped · Cleo and 1 other liked your photo · 14:02
likers shown likers.first · Ana
likers shown likers.first · Cleo
likers shown likers.first · Dev
""",
    10: """
lock_screen shown push.recalled? · Ana liked your photo · Push, 14:05
activity withheld inbox.unlike · “Ana unliked” is never sent *
activity withdrawn inbox.withdrawn · “Ana liked your photo” was withdrawn
activity shown inbox.grouped · Cleo and 1 other liked your photo · 14:02
likers shown likers.first · Cleo
likers shown likers.first · Dev
unlikers withheld unlikers.audience · No list of who took it back *
insights withheld insights.unlikes · No number of unlikes *
""",
    12: AFTER_THE_LAST_LOOK["instagram"],
}


def clock(at: datetime) -> str:
    return f"{at:%H:%M}"


def side(
    mode: Platform,
    *,
    past: History = STORY,
    at: float = 12,
    you: str = "ana",
    suspects: Suspects = CIRCLE,
    show_hidden: bool = True,
) -> Side:
    return poster_side(
        history=past,
        platform=mode,
        cast=CAST,
        you=you,
        suspects=suspects,
        at=minute(at),
        clock=clock,
        show_hidden=show_hidden,
    )


def lines(drawn: Side) -> list[str]:
    return [f"{part} {line(row)}" for part in PARTS for row in getattr(drawn, part)]


def line(row: Row) -> str:
    words = " ".join(filter(None, [row.who.name if row.who else "", row.text]))
    rule = f"{row.rule}{'?' * row.assumed}"
    said = " · ".join(filter(None, [f"{row.kind} {rule}", words, row.small]))
    return f"{said}{' *' * row.fresh}"


def rows(text: str) -> list[str]:
    return text.strip().splitlines()


each_mode = pytest.mark.parametrize("slug", MODES)


class TestRows:
    @each_mode
    def test_after_the_last_look(self, slug: str) -> None:
        assert lines(side(MODES[slug])) == rows(AFTER_THE_LAST_LOOK[slug])

    @pytest.mark.parametrize("at", ON_INSTAGRAM)
    def test_step_by_step_on_instagram(self, at: int) -> None:
        assert lines(side(MODES["instagram"], at=at)) == rows(ON_INSTAGRAM[at])

    @each_mode
    def test_leave_out_what_is_hidden_as_the_real_phone_would(self, slug: str) -> None:
        hidden = {"withheld", "withdrawn"}
        every = rows(AFTER_THE_LAST_LOOK[slug])
        shown = [row for row in every if row.split()[1] not in hidden]
        assert len(shown) < len(every)
        drawn = side(MODES[slug], show_hidden=False)
        assert lines(drawn) == shown
        assert not any(row.hidden for part in PARTS for row in getattr(drawn, part))

    def test_leave_out_a_list_of_names_that_is_withheld(self) -> None:
        mode = platform(likers__audience="liker")
        row = "likers withheld likers.audience · Test shows no names"
        assert [x for x in lines(side(mode)) if x.startswith("likers")] == [row]
        assert not side(mode, show_hidden=False).likers

    @pytest.mark.parametrize(
        ("rules", "row"),
        [
            ({"push__like": False}, "withheld push.like · No push about Ana’s like"),
            (
                {"push__delay": 600},
                "withheld push.delay · Ana liked your photo · Taken back before",
            ),
            ({"push__waits": 60}, "withheld push.waits · Ana liked your photo · Lost on its way"),
            ({"push__recalled": True}, "withdrawn push.recalled · Ana liked your photo · Recalled"),
        ],
        ids=str,
    )
    def test_of_a_push_that_is_not_there_are_hidden_rows(self, rules: dict, row: str) -> None:
        mode = platform(**rules)
        (drawn,) = side(mode, past=UNLOOKED).lock_screen
        assert line(drawn).startswith(row)
        assert side(mode, past=UNLOOKED, show_hidden=False).lock_screen == ()

    def test_of_a_push_that_is_not_sent_yet_are_no_hidden_rows(self) -> None:
        drawn = side(platform(push__delay=600), at=6, show_hidden=False)
        assert [line(row) for row in drawn.lock_screen] == [
            "coming push.delay · Ana liked your photo · Not sent yet, 14:05"
        ]

    def test_of_alerts_that_are_off_say_so(self) -> None:
        drawn = side(MODES["instagram"], past=replace(STORY, alerts=False))
        assert [line(row) for row in drawn.lock_screen] == [
            "withheld push.like · No push about Ana’s like"
        ]

    def test_of_likes_that_are_not_announced(self) -> None:
        drawn = side(platform(inbox__like=False), at=6)
        assert [line(row) for row in drawn.activity] == [
            "withheld inbox.like · “Ana liked your photo” is not announced"
        ]

    def test_of_a_second_like_that_is_not_announced_tell_of_that_one(self) -> None:
        again = history((1, "ana", "like"), (2, "ana", "unlike"), (3, "ana", "like"))
        drawn = side(platform(inbox__again=False), past=again, at=3)
        assert [line(row) for row in drawn.activity] == [
            "withheld inbox.unlike · “Ana unliked” is never sent",
            "withheld inbox.again · “Ana liked your photo” is not announced *",
        ]

    def test_of_likes_that_are_not_sent_yet(self) -> None:
        drawn = side(platform(limits__delay=600), at=6)
        assert [line(row) for row in drawn.activity] == [
            "coming limits.delay · “Ana liked your photo” is not sent yet"
        ]

    def test_of_many_likers_name_three_and_count_the_rest(self) -> None:
        people = [(n, person, "like") for n, person in enumerate(["emma", "finn", "dev", "cleo"])]
        drawn = side(MODES["facebook"], past=history(*people, (5, "ana", "like")), at=6)
        assert [row.who and row.who.name for row in drawn.likers] == ["Ana", "Cleo", "Dev"]
        assert drawn.likers_more == 2
        assert [line(row) for row in drawn.activity] == [
            "shown inbox.like · Ana liked your photo · 14:05",
            "shown inbox.like · Cleo liked your photo · 14:03",
            "shown inbox.like · Dev liked your photo · 14:02",
            "shown inbox.like · and 2 more notices",
        ]

    def test_of_several_others_are_one_where_the_platform_groups_them(self) -> None:
        past = history(*OTHERS, (3, "emma", "like"))
        assert [line(row) for row in side(MODES["instagram"], past=past, at=4).activity] == [
            "shown inbox.grouped · Emma and 2 others liked your photo · 14:03"
        ]

    def test_of_somebody_who_did_nothing_are_those_of_the_others(self) -> None:
        drawn = side(MODES["facebook"], past=history(*OTHERS), you="emma")
        assert lines(drawn) == [
            "activity shown inbox.like · Cleo liked your photo · 14:02",
            "activity shown inbox.like · Dev liked your photo · 14:01",
            "likers shown likers.first? · Cleo",
            "likers shown likers.first? · Dev",
        ]


class TestTally:
    @pytest.mark.parametrize(
        ("at", "before", "written", "noun", "concluded"),
        [
            (3, None, "2", "likes", ""),
            (5, "2", "3", "likes", ""),
            (7, "2", "3", "likes", ""),
            (10, "3", "2", "likes", ""),
            (12, "3", "2", "likes", "Someone took one back."),
        ],
    )
    def test_stands_beside_that_of_the_look_before(
        self, at: float, before: str | None, written: str, noun: str, concluded: str
    ) -> None:
        tally = side(MODES["instagram"], at=at).tally
        assert (tally.before, tally.written, tally.noun, tally.concluded) == (
            before,
            written,
            noun,
            concluded,
        )
        assert tally.changed is (before not in (None, written))

    def test_of_one_is_one_like(self) -> None:
        tally = side(MODES["instagram"], at=1).tally
        assert (tally.written, tally.noun, tally.changed) == ("1", "like", False)

    def test_that_falls_in_an_open_world_may_be_a_closed_account(self) -> None:
        mode = platform(likers__audience="nobody", inbox__like=False, push__like=False)
        open_world = Suspects(frozenset({"ana"}), open=True)
        tally = side(mode, suspects=open_world).tally
        assert tally.concluded == "Someone took one back, or an account is gone."

    def test_that_is_hidden_says_nothing(self) -> None:
        tally = side(platform(count__written="none")).tally
        assert (tally.written, tally.before, tally.concluded) == (None, None, "")
        assert (tally.rule, tally.rule_id) == ("count.written", "count-written")


class TestWhatFollows:
    @pytest.mark.parametrize("slug", ["instagram", "facebook", "twitter-2023", "x"])
    def test_from_a_name_that_is_gone(self, slug: str) -> None:
        drawn = side(MODES[slug])
        assert drawn.exposure is Exposure.IDENTIFIED
        assert plain(drawn.verdict) == (
            "Ben was not told. He saw your name at 14:07 and it is gone now, so he can tell it "
            "was you."
        )
        assert drawn.conclusions == ("You can tell that Ana took a like back.",)

    def test_from_the_list_of_twitter_as_told(self) -> None:
        drawn = side(MODES["twitter"])
        assert drawn.exposure is Exposure.DISCLOSED
        assert plain(drawn.verdict) == "Ben is told outright: it was you who took a like back."
        assert drawn.conclusions == ("You were told that Ana took a like back.",)

    @each_mode
    def test_from_all_looks_and_nothing_else(self, slug: str) -> None:
        drawn = side(MODES[slug])
        assert [look.at for look in drawn.looks] == [minute(4), minute(7), minute(12)]
        assert drawn.outlook == ""
        assert drawn.rests_on == ()

    @pytest.mark.parametrize(
        ("slug", "outlook"),
        [
            ("instagram", "If Ben looks now, he can tell it was you."),
            ("facebook", "If Ben looks now, he can tell it was you."),
            ("twitter", "If Ben looks now, he is told outright."),
            ("twitter-2023", "If Ben looks now, he can tell it was you."),
            ("x", "If Ben looks now, he can tell it was you."),
        ],
    )
    def test_before_the_last_look(self, slug: str, outlook: str) -> None:
        drawn = side(MODES[slug], at=10)
        assert drawn.exposure is Exposure.UNDETECTABLE
        assert plain(drawn.verdict) == "Ben was not told. When he last looked, you liked it."
        assert drawn.outlook == outlook

    @pytest.mark.parametrize(
        ("slug", "exposure", "rests_on"),
        [
            ("instagram", "identified", ["push.waits", "push.recalled"]),
            ("facebook", "identified", ["push.waits", "push.recalled"]),
            ("twitter", "disclosed", []),
            ("twitter-2023", "identified", ["push.waits", "push.recalled"]),
            ("x", "identified", ["push.waits", "push.recalled"]),
        ],
    )
    def test_rests_on_assumptions_that_would_change_it(
        self, slug: str, exposure: str, rests_on: list[str]
    ) -> None:
        """A push is all that Ben had of the like, save where a list names her."""
        drawn = side(MODES[slug], past=UNLOOKED)
        assert drawn.exposure is Exposure(exposure)
        assert [card.key for card in drawn.rests_on] == rests_on

    def test_carries_a_card_for_every_rule_that_is_drawn(self) -> None:
        drawn = side(MODES["instagram"])
        assert [card.key for card in drawn.rules] == [
            "push.recalled",
            "inbox.unlike",
            "inbox.withdrawn",
            "inbox.grouped",
            "likers.first",
            "unlikers.audience",
            "insights.unlikes",
            "count.audience",
        ]

    def test_the_poster_as_you_has_no_hidden_rows(self) -> None:
        drawn = side(MODES["instagram"], you="ben")
        assert not any(row.hidden for part in PARTS for row in getattr(drawn, part))


class TestLadder:
    @pytest.mark.parametrize(
        ("exposure", "states"),
        [
            (None, "ahead ahead ahead ahead ahead"),
            (Exposure.UNDETECTABLE, "here ahead ahead ahead ahead"),
            (Exposure.ONE_OF_K, "past past here ahead ahead"),
            (Exposure.DISCLOSED, "past past past past here"),
        ],
    )
    def test_shows_how_far_it_has_come(self, exposure: Exposure | None, states: str) -> None:
        assert " ".join(rung.state for rung in ladder(exposure)) == states

    def test_has_no_rung_lit_before_there_is_an_unlike(self) -> None:
        assert {rung.state for rung in side(MODES["instagram"], at=7).ladder} == {"ahead"}
        lit = [rung.label for rung in side(MODES["instagram"]).ladder if rung.state == "here"]
        assert lit == ["It was you"]


@pytest.mark.parametrize(
    ("open_", "closed"),
    [(False, "An account is gone."), (True, "Someone took one back, or an account is gone.")],
)
def test_a_fall_that_is_an_account_closed_is_not_laid_to_an_unlike(
    open_: bool, closed: str
) -> None:
    """Among strangers nobody knows whether it was that."""
    past = history(
        *[(at, person, "like") for at, person in ((1, "dev"), (1.5, "ana"), (2, "cleo"))],
        (2.5, "ben", "look"),
        (3, "ana", "unlike"),
        (4, "ben", "look"),
        (5, "cleo", "leave"),
        (6, "ben", "look"),
    )
    names = {handle: Named(handle.title()) for handle in ("ana", "ben", "cleo", "dev")}
    said = {
        at: poster_side(
            history=past,
            platform=read_all()["instagram"],
            cast=names,
            you="ana",
            suspects=Suspects(frozenset({"ana", "cleo", "dev"}), open=open_),
            at=minute(at),
            clock=lambda at: f"{at:%H:%M}",
        ).tally.concluded
        for at in (4, 6)
    }
    assert said == {4: "Someone took one back.", 6: closed}
