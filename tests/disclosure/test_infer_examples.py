"""Worked examples of ``infer``: what somebody saw, and what follows, to be read one by one.

``test_infer.py`` proves the same against the enumeration of all worlds.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from feed.disclosure.disclose import Viewer, watch
from feed.disclosure.infer import Exposure, Finding, Group, infer
from feed.disclosure.looks import Fact, Interval, Look, Roll, Suspects
from feed.disclosure.platforms import Seat

from .cast import history, minute, platform

EIGHT = frozenset({"ana", "cleo", "dev", "emma", "finn", "gus", "hana", "ida"})
WORLD = Suspects(open=True)
STAYING = Suspects(open=True, strangers_leave=False)


def look(
    at: float,
    count: int | None = None,
    names: str | None = None,
    *,
    cut: bool = False,
    liked: Iterable[tuple[float, str]] = (),
    unliked: Iterable[tuple[float, str]] = (),
    **more: object,
) -> Look:
    """What one look settles. ``names`` is a whole list, unless ``cut``."""
    return Look(
        at=minute(at),
        count=Interval() if count is None else Interval(count, count),
        likers=Roll() if names is None else Roll(frozenset(names.split()), not cut),
        liked=frozenset(Fact(minute(n), person) for n, person in liked),
        unliked=frozenset(Fact(minute(n), person) for n, person in unliked),
        **more,  # type: ignore[arg-type]
    )


def circle(names: str) -> Suspects:
    return Suspects(frozenset(names.split()))


def people(*names: str) -> frozenset[str]:
    return frozenset(names)


def nothing_follows(finding: Finding) -> bool:
    return not (finding.least or finding.must or finding.groups or finding.told)


class TestANumberThatFalls:
    def test_among_eight_who_all_liked_hides_one_among_eight(self) -> None:
        finding = infer([look(2, 8), look(10, 7)], Suspects(EIGHT))
        assert (finding.least, finding.must, finding.may) == (1, frozenset(), EIGHT)
        assert finding.cannot == frozenset()
        assert finding.groups == (Group(1, minute(2), minute(10), dict.fromkeys(sorted(EIGHT), 1)),)
        assert finding.exposure("ana") is Exposure.ONE_OF_K

    def test_hides_one_among_all_who_could_have_liked_at_all(self) -> None:
        finding = infer([look(2, 3), look(10, 2)], Suspects(EIGHT))
        assert [len(group.people) for group in finding.groups] == [8]

    def test_by_two_hides_two_among_eight(self) -> None:
        finding = infer([look(2, 8), look(10, 6)], Suspects(EIGHT))
        assert finding.least == 2
        assert [(group.need, group.people) for group in finding.groups] == [(2, EIGHT)]

    def test_to_nothing_leaves_nobody_out(self) -> None:
        finding = infer([look(2, 8), look(10, 0)], Suspects(EIGHT))
        assert (finding.least, finding.must) == (8, EIGHT)
        assert finding.exposure("ana") is Exposure.IDENTIFIED

    def test_in_a_circle_of_one_names_that_one(self) -> None:
        finding = infer([look(2, 1), look(10, 0)], circle("ana"))
        assert finding.must == people("ana")

    def test_leaves_out_those_whose_names_are_still_there(self) -> None:
        finding = infer([look(2, 3), look(10, 2, "cleo", cut=True)], circle("ana cleo dev"))
        # Cleo can have unliked and liked again, but somebody else must have unliked.
        assert finding.may == people("ana", "cleo", "dev")
        assert [group.people for group in finding.groups] == [people("ana", "dev")]
        assert finding.exposure("cleo") is Exposure.UNDETECTABLE

    def test_in_an_open_world_may_be_an_account_that_was_closed(self) -> None:
        finding = infer([look(2, 8), look(10, 7)], WORLD)
        assert nothing_follows(finding)
        assert finding.strangers_may

    def test_in_an_open_world_where_nobody_leaves_shows_that_someone_did(self) -> None:
        finding = infer([look(2, 8, "ana", cut=True), look(10, 7)], STAYING)
        assert finding.least == 1
        assert finding.groups == (Group(1, minute(2), minute(10), None),)
        assert finding.exposure("ana") is Exposure.DETECTABLE

    def test_in_an_open_world_where_nobody_leaves_needs_two_looks(self) -> None:
        finding = infer([look(2, 8, "ana", cut=True)], STAYING)
        assert nothing_follows(finding)
        assert finding.exposure("ana") is Exposure.UNDETECTABLE

    def test_and_rises_again_still_tells(self) -> None:
        finding = infer([look(2, 8), look(10, 7), look(12, 8)], Suspects(EIGHT))
        assert finding.least == 1
        assert [group.people for group in finding.groups] == [EIGHT]

    def test_and_may_not_have_fallen_tells_nothing(self) -> None:
        one, other = (
            Look(at=minute(at), count=count)
            for at, count in ((2, Interval(7, 9)), (10, Interval(6, 8)))
        )
        assert nothing_follows(infer([one, other], Suspects(EIGHT)))

    def test_that_rises_or_stays_tells_nothing(self) -> None:
        assert nothing_follows(infer([look(2, 7), look(10, 7), look(12, 8)], Suspects(EIGHT)))


class TestNames:
    def test_seen_and_then_gone_from_a_whole_list_identify(self) -> None:
        finding = infer([look(2, names="ana cleo"), look(10, names="cleo")], WORLD)
        assert finding.must == people("ana")
        assert finding.least == 1
        assert finding.exposure("ana") is Exposure.IDENTIFIED
        assert finding.exposure("cleo") is Exposure.UNDETECTABLE

    def test_that_fell_off_a_list_that_was_cut_accuse_nobody(self) -> None:
        seen = [look(2, 2, "ana cleo", cut=True), look(10, 4, "dev emma", cut=True)]
        finding = infer(seen, circle("ana cleo dev emma"))
        assert nothing_follows(finding)
        assert finding.exposure("ana") is Exposure.UNDETECTABLE

    def test_that_fell_off_a_list_that_was_cut_are_suspects_once_the_number_falls(self) -> None:
        seen = [look(2, 3, "ana cleo", cut=True), look(10, 2, "cleo", cut=True)]
        finding = infer(seen, circle("ana cleo dev"))
        assert finding.must == frozenset()
        assert [group.people for group in finding.groups] == [people("ana", "dev")]

    def test_that_were_never_there_can_have_come_and_gone(self) -> None:
        finding = infer([look(2, names="cleo"), look(10, names="cleo")], circle("ana cleo"))
        assert nothing_follows(finding)
        assert finding.may == people("ana", "cleo")

    def test_that_are_gone_with_the_account_show_no_unlike(self) -> None:
        seen = [
            look(2, 2, "ana cleo"),
            look(10, 1, "cleo", gone=people("ana")),
        ]
        finding = infer(seen, circle("ana cleo"))
        assert nothing_follows(finding)
        assert finding.exposure("ana") is Exposure.UNDETECTABLE


class TestWhatWasTold:
    def test_a_push_and_then_no_name_identifies(self) -> None:
        finding = infer([look(10, names="cleo", liked=[(5, "ana")])], circle("ana cleo"))
        assert (finding.must, finding.told) == (people("ana"), frozenset())
        assert finding.exposure("ana") is Exposure.IDENTIFIED

    def test_a_push_and_no_list_tells_nothing(self) -> None:
        assert nothing_follows(infer([look(10, 1, liked=[(5, "ana")])], circle("ana cleo")))

    def test_two_pushes_of_likes_identify_without_any_list(self) -> None:
        finding = infer([look(10, liked=[(5, "ana"), (7, "ana")])], WORLD)
        assert (finding.least, finding.must) == (1, people("ana"))
        assert finding.exposure("ana") is Exposure.IDENTIFIED

    def test_a_list_of_those_who_unliked_discloses(self) -> None:
        finding = infer([look(10, 1, "cleo", unliked=[(7, "ana")])], WORLD)
        assert (finding.least, finding.must, finding.told) == (1, people("ana"), people("ana"))
        assert finding.exposure("ana") is Exposure.DISCLOSED

    def test_notices_that_stand_and_tell_every_first_like_clear_the_others(self) -> None:
        """Dev was never announced, so the fall of the number cannot be his."""
        seen = [
            look(6, 2, liked=[(1, "cleo"), (5, "ana")], every_first_like=True),
            look(10, 1, liked=[(1, "cleo"), (5, "ana")], every_first_like=True),
        ]
        finding = infer(seen, circle("ana cleo dev"))
        assert finding.may == people("ana", "cleo")
        assert finding.cannot == people("dev")
        assert [group.people for group in finding.groups] == [people("ana", "cleo")]
        assert finding.exposure("ana") is Exposure.ONE_OF_K

    def test_notices_that_are_withdrawn_identify_as_a_list_does(self) -> None:
        """On a platform without any list or number, with notices that go with the like."""
        screens = watch(
            history=history((1, "ana", "like"), (5, "ana", "unlike")),
            platform=platform(
                push__like=False, count__audience="nobody", likers__audience="nobody"
            ),
            viewer=Viewer(Seat.POSTER, "ben"),
            moments=(minute(2), minute(9)),
        )
        finding = infer([screen.look for screen in screens], circle("ana cleo"))
        assert finding.must == people("ana")


class TestANumberOfUnlikes:
    def test_in_a_closed_circle_hides_one_among_those_who_had_the_time(self) -> None:
        finding = infer([look(10, names="cleo", unlikes=1)], circle("ana cleo dev"))
        assert finding.least == 1
        assert finding.must == frozenset()
        assert [group.people for group in finding.groups] == [people("ana", "cleo", "dev")]
        assert finding.exposure("ana") is Exposure.ONE_OF_K

    def test_in_an_open_world_shows_that_someone_did(self) -> None:
        finding = infer([look(10, names="cleo", unlikes=1)], Suspects(people("ana"), open=True))
        assert finding.groups == (Group(1, None, minute(10), None),)
        assert finding.exposure("ana") is Exposure.DETECTABLE

    def test_is_used_up_by_a_name_that_is_gone(self) -> None:
        seen = [look(2, names="ana cleo", unlikes=0), look(10, names="cleo", unlikes=1)]
        finding = infer(seen, circle("ana cleo dev"))
        assert finding.must == finding.may == people("ana")
        assert finding.cannot == people("cleo", "dev")
        assert finding.groups == ()

    def test_of_nothing_clears_everybody(self) -> None:
        finding = infer([look(10, names="cleo", unlikes=0)], circle("ana cleo"))
        assert nothing_follows(finding)
        assert finding.cannot == people("ana", "cleo")

    def test_in_a_circle_of_one_names_that_one(self) -> None:
        finding = infer([look(10, names="", unlikes=1)], circle("ana"))
        assert finding.must == people("ana")


class TestNoLooks:
    def test_let_nothing_follow(self) -> None:
        finding = infer([], circle("ana cleo"))
        assert nothing_follows(finding)
        assert finding.may == people("ana", "cleo")
        assert finding.exposure("ana") is Exposure.UNDETECTABLE


class TestLooksThatCannotBe:
    @pytest.mark.parametrize(
        ("seen", "message"),
        [
            ([look(10, 1), look(2, 1)], "looks go in order of time"),
            ([look(10, 1), look(10, 1)], "looks go in order of time"),
            (
                [look(2, names="", unlikes=0), look(10, names="")],
                "either every look numbers the unlikes or none does",
            ),
            ([look(2, 5)], "no course of events fits"),
            ([look(2, 0, "ana", cut=True)], "no course of events fits"),
            (
                [look(2, names="ana", unlikes=0), look(10, names="", unlikes=0)],
                "fewer unlikes than names that are gone",
            ),
        ],
        ids=[
            "out of order",
            "two at once",
            "some number the unlikes",
            "more likes than people",
            "a name and no likes",
            "a name gone and no unlike",
        ],
    )
    def test_are_refused(self, seen: list[Look], message: str) -> None:
        with pytest.raises(ValueError, match=message):
            infer(seen, circle("ana cleo"))

    def test_number_unlikes_beside_a_whole_list_only(self) -> None:
        with pytest.raises(ValueError, match="only beside a complete list"):
            look(2, names="ana", cut=True, unlikes=1)

    def test_number_fewer_unlikes_than_before(self) -> None:
        with pytest.raises(ValueError, match="fewer unlikes"):
            infer([look(2, names="", unlikes=2), look(10, names="", unlikes=1)], circle("ana cleo"))

    def test_tell_of_an_unlike_without_room_for_it(self) -> None:
        with pytest.raises(ValueError, match="no course of events fits"):
            infer([look(2, 2), look(3, 0, "ana", cut=True)], circle("ana"))


class TestAGroup:
    def test_implies_its_supersets_and_no_smaller_set(self) -> None:
        group = Group(1, minute(2), minute(10), {"ana": 1, "dev": 1})
        assert group.implies(people("ana", "dev", "cleo"))
        assert not group.implies(people("ana"))

    def test_of_two_out_of_three_implies_any_two(self) -> None:
        group = Group(2, minute(2), minute(10), {"ana": 1, "cleo": 1, "dev": 1})
        assert group.implies(people("ana", "dev"))
        assert not group.implies(people("ana"))

    def test_without_bounds_implies_nobody(self) -> None:
        assert not Group(1, None, minute(10), None).implies(EIGHT)


def test_exposures_rise() -> None:
    assert [str(exposure) for exposure in Exposure] == [
        "undetectable",
        "detectable",
        "one of k",
        "identified",
        "disclosed",
    ]
