"""When a like is announced at all, and what is left of it once it is taken back."""

from __future__ import annotations

from feed.disclosure.disclose import Viewer, disclose
from feed.disclosure.history import Action, Event, History
from feed.disclosure.platforms import Platform, Seat
from feed.disclosure.post import Notice, ParcelState
from feed.disclosure.trace import Outcome, Trace, trace

from .cast import history, minute, platform

POSTER = Viewer(Seat.POSTER, "ben")


def notices(past: History, rules: Platform, at: float) -> list[Notice]:
    screen = disclose(history=past, platform=rules, viewer=POSTER, at=minute(at))
    return list(screen.notices)


def traced(past: History, rules: Platform, at: float, channel: str) -> list[tuple[Outcome, str]]:
    found = trace(history=past, platform=rules, viewer=POSTER, at=minute(at))
    return [(t.outcome, t.rule) for t in found if t.channel == channel]


def like(at: float) -> Notice:
    return Notice(minute(at), "ana", Action.LIKE)


class TestADelayBeforeALikeIsSent:
    rules = platform(limits__delay=300, inbox__unlike=True, push__unlike=True)

    def test_an_unlike_in_time_leaves_nothing_and_the_delay_is_why(self) -> None:
        past = history((1, "ana", "like"), (4, "ana", "unlike"))
        for at in (5, 9):
            assert notices(past, self.rules, at) == []
            for channel in ("inbox", "push"):
                withheld = (Outcome.WITHHELD, "limits.delay")
                assert traced(past, self.rules, at, channel) == [withheld, withheld]

    def test_a_like_that_was_never_sent_does_not_make_the_next_one_a_second(self) -> None:
        past = history((1, "ana", "like"), (2, "ana", "unlike"), (30, "ana", "like"))
        rules = platform(limits__delay=600, inbox__again=False)
        assert notices(past, rules, 60) == [like(30)]

    def test_taking_back_an_unsent_like_keeps_the_standing_notice_of_an_earlier_one(self) -> None:
        past = history(
            (1, "ana", "like"), (20, "ana", "unlike"), (30, "ana", "like"), (31, "ana", "unlike")
        )
        rules = platform(limits__delay=600, inbox__withdrawn=False, inbox__again=False)
        assert notices(past, rules, 60) == [like(1)]


def test_a_push_that_waited_too_long_is_lost_without_the_phone_waking() -> None:
    past = history((1, "ana", "like"), asleep=True)
    rules = platform(push__waits=60)
    states = [
        disclose(history=past, platform=rules, viewer=POSTER, at=minute(at)).pushes[0].state
        for at in (2, 3)
    ]
    assert states == [ParcelState.TRANSIT, ParcelState.EXPIRED]


def test_a_notice_goes_with_its_authors_account_whatever_the_rule_on_unlikes() -> None:
    past = history((1, "ana", "like"), (2, "ana", "leave"))
    rules = platform(inbox__withdrawn=False)
    assert notices(past, rules, 1) == [like(1)]
    assert notices(past, rules, 3) == []
    assert traced(past, rules, 3, "inbox") == [(Outcome.WITHDRAWN, "inbox.like")]


def test_nobody_tells_the_poster_of_their_own_like() -> None:
    past = history((1, "ben", "like"))
    own = Event(minute(1), "ben", Action.LIKE)
    assert notices(past, platform(), 2) == []
    assert trace(history=past, platform=platform(), viewer=POSTER, at=minute(2)) == (
        Trace(own, "count", Outcome.SHOWN, "count.audience"),
        Trace(own, "likers", Outcome.SHOWN, "likers.audience"),
    )
