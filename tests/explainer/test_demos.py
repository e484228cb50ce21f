"""A demo's address: what it says, what it may say, and what is refused."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from urllib.parse import urlencode, urlsplit

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from explainer.cast import BEN, OTHERS, YOU
from explainer.demos import (
    BEGIN,
    MOST_STEPS,
    STORY,
    AddressError,
    Age,
    Bet,
    Demo,
    Relation,
    SeatShown,
    Step,
    Third,
    Where,
    World,
    parse,
    switched,
)
from feed.disclosure.history import Action
from feed.modes import platforms

LIKE, UNLIKE, LOOK, WAIT = Step.LIKE, Step.UNLIKE, Step.LOOK, Step.WAIT

MODES = ["instagram", "facebook", "twitter", "twitter-2023", "x"]


def read(query: str) -> Demo:
    return parse(QueryDict(query), platforms())


def reread(address: str) -> Demo:
    return read(urlsplit(address).query)


@st.composite
def demos(draw: st.DrawFn) -> Demo:
    """Any demo that there is."""
    others = draw(st.integers(0, 50))
    did: list[Step] = []
    for step in draw(st.lists(st.sampled_from(Step), max_size=MOST_STEPS)):
        with suppress(AddressError):
            Demo(on="x", did=(*did, step), others=others)
            did.append(step)
    on = draw(st.sampled_from(MODES))
    flips = draw(st.lists(st.sampled_from(platforms()[on].assumptions), unique=True))
    return Demo(
        on=on,
        did=tuple(did),
        others=others,
        world=draw(st.sampled_from(World)),
        age=draw(st.sampled_from(Age)),
        seat=draw(st.sampled_from(SeatShown)),
        alerts=draw(st.booleans()),
        hidden=draw(st.booleans()),
        flips=tuple(flips),
        who=draw(st.sampled_from(Relation)),
        third=draw(st.sampled_from(Third)),
        bet=draw(st.sampled_from(Bet)),
    )


# An address says the whole state


@given(demos())
def test_an_address_says_all_of_a_demo_in_plain_letters(demo: Demo) -> None:
    address = demo.address()
    assert reread(address) == demo
    assert reread(address).address() == address
    assert set(address) <= set("/?&=-._abcdefghijklmnopqrstuvwxyz0123456789")


@pytest.mark.parametrize(
    ("demo", "address"),
    [
        (Demo(on="x"), "/?on=x"),
        (Demo(on="x", did=(LIKE, UNLIKE)), "/?on=x&did=like-unlike"),
        (Demo(on="x", did=()), "/?on=x&did="),
        (Demo(on="twitter-2023", others=0), "/?on=twitter-2023&others=0"),
        (
            Demo(
                on="instagram",
                did=(LIKE, WAIT, UNLIKE, LOOK),
                others=50,
                world=World.OPEN,
                age=Age.OLD,
                seat=SeatShown.POSTER,
                alerts=False,
                hidden=False,
                flips=("push.recalled", "inbox.again"),
                who=Relation.BOSS,
                third=Third.SERVER,
                bet=Bet.YOU,
            ),
            (
                "/?on=instagram&did=like-wait-unlike-look&others=50&world=open&age=old&seat=poster"
                "&alerts=off&hidden=off&who=boss&third=server&bet=you&flip=push.recalled&flip=inbox.again"
            ),
        ),
    ],
)
def test_an_address_is_readable_and_leaves_out_what_is_as_usual(demo: Demo, address: str) -> None:
    assert demo.address() == address
    assert reread(address) == demo


def test_without_any_part_it_is_the_story_on_the_first_platform() -> None:
    demo = read("")
    assert demo == Demo(on="instagram")
    assert demo.did == STORY == (LOOK, LIKE, LOOK, UNLIKE, LOOK)


def test_what_is_usual_may_be_said_too() -> None:
    query = (
        "on=instagram&did=look-like-look-unlike-look&others=7&world=circle&age=new&seat=liker"
        "&alerts=on&hidden=on&who=friend&third=friend&bet=open"
    )
    assert read(query) == Demo(on="instagram")


def test_parts_that_no_demo_has_are_passed_over() -> None:
    noise = "fbclid=IwAR0&utm_source=a&utm_source=b&gclid=&ON=nothing&did[]=x&=&&"
    assert read(f"{noise}&on=x&did=like&{noise}") == Demo(on="x", did=(LIKE,))


# Bounds


def test_there_is_room_for_40_steps() -> None:
    demo = read(urlencode({"did": "-".join(["like", "unlike"] * 20)}))
    assert demo.did == (LIKE, UNLIKE) * 20
    assert demo.full
    assert not read(urlencode({"did": "-".join(["look"] * 39)})).full


@pytest.mark.parametrize("number", [0, 1, 7, 49, 50])
def test_up_to_50_others_may_like_it(number: int) -> None:
    demo = read(f"others={number}")
    assert demo.others == number
    assert demo.likers == OTHERS[:number]
    assert len(set(demo.likers)) == number


# What is refused

PLATFORMS = f"it is one of {', '.join(platforms())}."
STEPS = f"is none of {', '.join(Step)}, joined by hyphens."
WHOLE = "“others” is a whole number from 0 to 50."


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("on=myspace", f"“on” names no platform: {PLATFORMS}"),
        ("on=", f"“on” names no platform: {PLATFORMS}"),
        ("on=X", f"“on” names no platform: {PLATFORMS}"),
        ("on=x%00", f"“on” names no platform: {PLATFORMS}"),
        ("did=poke", f"Step 1 of “did” {STEPS}"),
        ("did=like-poke-unlike", f"Step 2 of “did” {STEPS}"),
        ("did=like,unlike", f"Step 1 of “did” {STEPS}"),
        ("did=LIKE", f"Step 1 of “did” {STEPS}"),
        ("did=-", f"Step 1 of “did” {STEPS}"),
        ("did=like-", f"Step 2 of “did” {STEPS}"),
        ("did=slip", "Step 1 of “did” takes back a like that is not there."),
        ("did=like-leave-slip", "Step 3 of “did” is yours, and your account is closed."),
        ("did=unlike", "Step 1 of “did” takes back a like that is not there."),
        ("did=like-unlike-look-unlike", "Step 4 of “did” takes back a like that is not there."),
        ("did=like-like", "Step 2 of “did” likes a photo that is already liked."),
        ("did=like-wait-look-like", "Step 4 of “did” likes a photo that is already liked."),
        ("did=leave-like", "Step 2 of “did” is yours, and your account is closed."),
        ("did=like-leave-unlike", "Step 3 of “did” is yours, and your account is closed."),
        ("did=leave-share", "Step 2 of “did” is yours, and your account is closed."),
        ("others=1&did=goes-goes", "Step 2 of “did” closes an account that is not there."),
        (
            "did=other-other-other-other-other",
            "“did” has 4 steps at most in which another likes it.",
        ),
        ("did=" + "-".join(["look"] * 41), "“did” has 41 steps; there is room for 40."),
        ("did=" + "-" * 99_999, "“did” has 100000 steps; there is room for 40."),
        ("others=many", WHOLE),
        ("others=", WHOLE),
        ("others=-1", WHOLE),
        ("others=%2B1", WHOLE),
        ("others=1.5", WHOLE),
        ("others=1e1", WHOLE),
        ("others=%207", WHOLE),
        ("others=" + "9" * 5000, WHOLE),
        ("others=%D9%A3", WHOLE),  # an Arabic three
        ("others=%C2%B2", WHOLE),  # a superscript two
        ("others=51", "“others” is at most 50."),
        ("others=999", "“others” is at most 50."),
        ("world=flat", "“world” can be circle or open."),
        ("age=ancient", "“age” can be new or old."),
        ("seat=friend", "“seat” can be liker or poster."),
        ("who=aunt", "“who” can be friend, family, ex, colleague, client or boss."),
        (
            "third=poster",
            "“third” can be friend, stranger, server, reader or app.",
        ),
        ("bet=all", "“bet” can be open, nothing, someone or you."),
        ("alerts=yes", "“alerts” can be on or off."),
        ("hidden=", "“hidden” can be on or off."),
        ("on=x&on=x", "“on” is there 2 times; it can be there once."),
        ("did=like&did=&did=look", "“did” is there 3 times; it can be there once."),
        ("others=7&others=7", "“others” is there 2 times; it can be there once."),
        ("world=open&world=open", "“world” is there 2 times; it can be there once."),
        ("age=old&age=new", "“age” is there 2 times; it can be there once."),
        ("seat=liker&seat=liker", "“seat” is there 2 times; it can be there once."),
        ("alerts=off&alerts=off", "“alerts” is there 2 times; it can be there once."),
        ("hidden=off&hidden=off", "“hidden” is there 2 times; it can be there once."),
    ],
    ids=lambda text: text[:40],
)
def test_a_bad_address_says_what_is_wrong_and_what_is_allowed(query: str, said: str) -> None:
    with pytest.raises(AddressError) as raised:
        read(query)
    assert str(raised.value) == said


@pytest.mark.parametrize(
    ("key", "on"),
    [
        ("inbox.like", "instagram"),  # known there, so nothing is assumed
        ("inbox.withdrawn", "instagram"),  # assumed on Twitter, known on Instagram
        ("nothing", "x"),
        ("", "x"),
    ],
)
def test_only_an_assumption_of_the_platform_can_be_flipped(key: str, on: str) -> None:
    allowed = ", ".join(platforms()[on].assumptions)
    with pytest.raises(AddressError) as raised:
        read(urlencode({"on": on, "flip": key}))
    name = platforms()[on].name
    assert str(raised.value) == f"“flip” names no assumption of {name}: it is one of {allowed}."


def test_what_is_assumed_on_one_platform_may_be_known_on_another() -> None:
    assert read("on=twitter&flip=inbox.withdrawn").flips == ("inbox.withdrawn",)


# What happened


@pytest.mark.parametrize(
    ("did", "liked"),
    [
        ((), False),
        ((LIKE,), True),
        ((LIKE, LOOK, WAIT), True),
        ((LIKE, UNLIKE), False),
        ((LIKE, Step.SLIP), False),
        ((LIKE, UNLIKE, LOOK, LIKE), True),
        ((LIKE, Step.OTHER, Step.GOES, Step.COMMENT, Step.SHARE), True),
        ((LIKE, Step.LEAVE), False),
    ],
)
def test_it_is_liked_by_the_last_press(did: tuple[Step, ...], *, liked: bool) -> None:
    assert Demo(on="x", did=did).liked is liked


def test_a_step_takes_a_minute_a_slip_seconds_and_a_night_until_the_morning() -> None:
    demo = Demo(on="x", did=(LIKE, WAIT, LOOK, UNLIKE, WAIT, WAIT))
    assert [f"{at:%H:%M}" for at in demo.moments] == [
        "14:01",
        "14:11",
        "14:12",
        "14:13",
        "14:23",
        "14:33",
    ]
    assert demo.now == demo.moments[-1]
    quick = Demo(on="x", did=(LIKE, Step.SLIP, Step.PAUSE, LIKE, Step.NIGHT, LOOK))
    assert [f"{at:%d %H:%M:%S}" for at in quick.moments] == [
        "01 14:01:00",
        "01 14:01:05",
        "01 14:06:05",
        "01 14:07:05",
        "02 07:07:05",
        "02 07:08:05",
    ]
    assert Demo(on="x", did=()).now == BEGIN == datetime(2026, 6, 1, 14, 0)


@given(demos())
def test_steps_come_one_after_another_and_after_everybody_else(demo: Demo) -> None:
    assert all(one < other for one, other in pairwise((BEGIN, *demo.moments)))
    history = demo.history()
    others = [event for event in history.events if event.at < BEGIN]
    assert [event.person for event in others] == list(OTHERS[: demo.others])
    assert all(history.posted < event.at < BEGIN for event in others)
    assert {event.action for event in others} <= {Action.LIKE}


def test_the_history_is_what_was_pressed() -> None:
    did = (LOOK, LIKE, WAIT, UNLIKE, LIKE, Step.PAUSE, Step.SLIP, Step.NIGHT)
    demo = Demo(on="x", did=did, others=0)
    assert [(event.at.minute, event.person, event.action) for event in demo.history().events] == [
        (1, BEN, Action.LOOK),
        (2, YOU, Action.LIKE),
        (12, BEN, Action.WAKE),
        (13, YOU, Action.UNLIKE),
        (14, YOU, Action.LIKE),
        (19, BEN, Action.WAKE),
        (19, YOU, Action.UNLIKE),
        (19, BEN, Action.WAKE),
    ]


def test_others_come_and_go_in_turn() -> None:
    demo = Demo(on="x", did=(Step.OTHER, Step.GOES, Step.GOES, Step.OTHER, Step.GOES), others=1)
    steps = [event for event in demo.history().events if event.at > BEGIN]
    assert [(event.person, event.action) for event in steps] == [
        (OTHERS[1], Action.LIKE),
        (OTHERS[0], Action.LEAVE),
        (OTHERS[1], Action.LEAVE),
        (OTHERS[2], Action.LIKE),
        (OTHERS[2], Action.LEAVE),
    ]
    assert demo.suspects().circle == {YOU, *OTHERS[:5]}


def test_what_you_do_beside_it_is_yours() -> None:
    demo = Demo(on="x", did=(Step.COMMENT, Step.SHARE, Step.LEAVE), others=0)
    assert [(event.person, event.action) for event in demo.history().events] == [
        (YOU, Action.COMMENT),
        (YOU, Action.SHARE),
        (YOU, Action.LEAVE),
    ]
    assert demo.left


def test_several_demos_on_a_page_have_parts_of_their_own() -> None:
    where = Where("/guide/instagram/", "count", (("other.on", "x"), ("v", "1")))
    demo = parse(QueryDict("on=x&did=like"), platforms(), where)
    assert demo == replace(Demo(on="x", did=(LIKE,)), where=where)
    assert demo.after(UNLIKE) == (
        "/guide/instagram/?other.on=x&v=1&count.on=x&count.did=like-unlike#try-count"
    )
    assert demo.address("/") == "/?on=x&did=like"


@given(demos(), st.sampled_from(MODES))
def test_the_history_knows_no_platform(demo: Demo, other: str) -> None:
    assert switched(demo, platforms()[other]).history() == demo.history()


# Another platform, another assumption


@given(demos(), st.sampled_from(MODES))
def test_switching_keeps_all_but_flips_that_the_other_has_not(demo: Demo, other: str) -> None:
    there = switched(demo, platforms()[other])
    kept = [key for key in demo.flips if platforms()[other].rules[key].assumed]
    assert there.flips == tuple(kept)
    assert there.on == other
    assert replace(there, on=demo.on, flips=demo.flips) == demo
    assert reread(there.address()) == there


def test_switching_drops_a_flip_that_the_other_platform_has_not() -> None:
    demo = Demo(on="twitter", flips=("inbox.withdrawn", "push.recalled"))
    assert switched(demo, platforms()["instagram"]).flips == ("push.recalled",)


@pytest.mark.parametrize("on", MODES)
def test_a_flip_turns_one_assumption_and_turns_it_back(on: str) -> None:
    plain = Demo(on=on)
    rules = platforms()[on].rules
    for key in platforms()[on].assumptions:
        turned = reread(plain.flipping(key))
        assert turned.flips == (key,)
        changed = turned.platform(platforms()).rules
        assert [k for k in rules if changed[k].holds != rules[k].holds] == [key]
        assert reread(turned.flipping(key)) == plain
    assert plain.platform(platforms()).rules == rules
