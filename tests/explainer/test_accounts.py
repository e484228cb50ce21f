"""The small demos about an account: their addresses, what can be pressed, and their pages."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode, urlsplit

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from explainer.accounts import MOST, AccountDemo, parse
from explainer.addresses import AddressError
from explainer.demos import Where
from explainer.kinds import KINDS
from explainer.orders import sinking
from feed.disclosure.rank import SIGNALS
from feed.disclosure.tracker import PRESETS
from feed.modes import platforms
from tests.disclosure.cast import PINNED

from .pages import read_page

NAMES = ("sinking", "reach", "standing", "parts", "tracker")
HERE = Where("/guide/a/", "b", (("c.on", "x"), ("c.did", "like")))


def read(query: str) -> AccountDemo:
    return parse(QueryDict(query), platforms())


def reread(address: str) -> AccountDemo:
    return read(urlsplit(address).query)


@st.composite
def demos(draw: st.DrawFn) -> AccountDemo:
    """Any demo that there is."""
    likes = draw(st.integers(0, MOST))
    off = draw(st.sets(st.sampled_from([*SIGNALS])))
    return AccountDemo(
        on=draw(st.sampled_from(PINNED)),
        likes=likes,
        unlikes=draw(st.integers(0, likes)),
        off=tuple(name for name in SIGNALS if name in off),
        preset=draw(st.sampled_from([*PRESETS])),
        every=draw(st.sampled_from([1, 6, 24])),
    )


# An address says the whole state


@given(demos())
def test_an_address_says_all_of_a_demo_in_plain_letters(demo: AccountDemo) -> None:
    address = demo.address()
    assert reread(address) == demo
    assert reread(address).address() == address
    assert set(address) <= set("/?&=-abcdefghijklmnopqrstuvwxyz0123456789")


@pytest.mark.parametrize(
    ("demo", "address"),
    [
        (AccountDemo(on="x"), "/?on=x"),
        (AccountDemo(on="x", unlikes=6), "/?on=x&unlikes=6"),
        (AccountDemo(on="x", likes=0), "/?on=x&likes=0"),
        (
            AccountDemo(
                on="twitter-2023",
                likes=5,
                unlikes=2,
                off=("unlikes", "age"),
                preset="missing",
                every=24,
            ),
            "/?on=twitter-2023&likes=5&unlikes=2&off=unlikes&off=age&preset=missing&every=24",
        ),
    ],
)
def test_an_address_leaves_out_what_is_as_usual(demo: AccountDemo, address: str) -> None:
    assert demo.address() == address
    assert reread(address) == demo


def test_without_any_part_it_is_as_usual_on_the_first_platform() -> None:
    usual = AccountDemo(on="instagram", likes=6, unlikes=0, off=(), preset="honest", every=6)
    assert read("") == usual
    assert read("likes=6&unlikes=0&preset=honest&every=6&on=instagram") == usual
    assert read("did=like&fbclid=1&OFF=age&off[]=age&on=instagram") == usual


def test_signals_come_in_one_order_and_once() -> None:
    assert read("off=age&off=likes&off=age").off == ("likes", "age")
    assert read("off=age").switching("likes") == "/?on=instagram&off=likes&off=age"
    assert read("off=age&off=likes").switching("likes") == "/?on=instagram&off=age"


def test_a_demo_keeps_its_place_on_the_page_and_the_state_of_others() -> None:
    demo = parse(QueryDict("on=x"), platforms(), HERE)
    assert demo.where == HERE
    assert demo.address(unlikes=1) == ("/guide/a/?c.on=x&c.did=like&b.on=x&b.unlikes=1#try-b")


# What is refused

WHOLE = "is a whole number from 0 to 6."


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("on=myspace", f"“on” names no platform: it is one of {', '.join(platforms())}."),
        ("on=", f"“on” names no platform: it is one of {', '.join(platforms())}."),
        ("likes=7", f"“likes” {WHOLE}"),
        ("likes=-1", f"“likes” {WHOLE}"),
        ("likes=", f"“likes” {WHOLE}"),
        ("likes=06", f"“likes” {WHOLE}"),
        ("likes=%D9%A3", f"“likes” {WHOLE}"),
        ("unlikes=7", f"“unlikes” {WHOLE}"),
        ("unlikes=1.0", f"“unlikes” {WHOLE}"),
        ("unlikes=" + "1" * 5000, f"“unlikes” {WHOLE}"),
        ("likes=2&unlikes=3", "“unlikes” is at most “likes”, which is 2."),
        ("likes=0&unlikes=1", "“unlikes” is at most “likes”, which is 0."),
        (
            "off=age&off=luck",
            f"“off” names no signal with “luck”: it is one of {', '.join(SIGNALS)}.",
        ),
        ("off=", f"“off” names no signal with “”: it is one of {', '.join(SIGNALS)}."),
        (
            "preset=best",
            "“preset” can be honest, missing, off, interrupted or everything.",
        ),
        ("every=2", "“every” can be 6, 1 or 24."),
        ("every=0", "“every” can be 6, 1 or 24."),
        ("every=six", "“every” can be 6, 1 or 24."),
        ("on=x&on=x", "“on” is there 2 times; it can be there once."),
        ("likes=1&likes=1", "“likes” is there 2 times; it can be there once."),
        ("unlikes=1&unlikes=2", "“unlikes” is there 2 times; it can be there once."),
        ("every=1&every=1", "“every” is there 2 times; it can be there once."),
        ("preset=off&preset=off", "“preset” is there 2 times; it can be there once."),
    ],
    ids=lambda text: text[:30],
)
def test_a_bad_address_says_what_is_wrong_and_what_is_allowed(query: str, said: str) -> None:
    with pytest.raises(AddressError) as raised:
        read(query)
    assert str(raised.value) == said


# What can be pressed and set


@pytest.mark.parametrize(
    ("likes", "unlikes", "presses"),
    [
        (6, 0, [("Take one more like back", 1), ("Take all 6 back", 6)]),
        (6, 3, [("Take one more like back", 4), ("Give one back", 2)]),
        (6, 6, [("Give all of them back", 0), ("Give one back", 5)]),
        (1, 1, [("Give all of them back", 0), ("Give one back", 0)]),
        (0, 0, []),
    ],
)
def test_one_more_and_one_fewer_lead_round(
    likes: int, unlikes: int, presses: list[tuple[str, int]]
) -> None:
    """Both are always there, so that focus stays on what was pressed."""
    drawn = sinking(AccountDemo(on="instagram", likes=likes, unlikes=unlikes), platforms())
    found = [(press.label, reread(press.address).unlikes) for press in drawn.presses]
    assert found == presses


@pytest.mark.parametrize("name", NAMES)
@given(demo=demos())
def test_every_control_changes_one_thing_and_three_are_seen_at_most(
    name: str, demo: AccountDemo
) -> None:
    drawn = KINDS[name].draw(demo, platforms())
    fields = {"on": "on", "counts": "off", "every": "every", "preset": "preset"}
    for switch in drawn.switches:
        field = fields[switch.id]
        for choice in switch.choices:
            other = reread(choice.address)
            assert replace(other, **{field: getattr(demo, field)}) == demo
            if field != "off":
                assert choice.chosen == (other == demo)
    for press in drawn.presses:
        assert replace(reread(press.address), unlikes=demo.unlikes) == demo
    assert len(drawn.switches) + bool(drawn.presses) <= 3
    shown = {choice.slug for choice in drawn.switches[0].choices}
    assert shown == {f"on-{slug}" for slug in (*PINNED, demo.on)}


# On the page


STATES = [
    *((slug, state) for slug in PINNED for state in ("", "likes=0", "unlikes=1&off=age")),
    *((slug, "unlikes=6&every=1&preset=everything") for slug in platforms()),
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("slug", "state"), STATES)
def test_a_demo_is_drawn_whole_on_every_platform(name: str, slug: str, state: str) -> None:
    kind = KINDS[name]
    demo = kind.read(QueryDict(f"on={slug}&{state}"), platforms(), HERE)
    drawn = kind.draw(demo, platforms())
    context = {"demo": drawn, "spot": HERE.spot, "tried": {"state": demo}}
    page = read_page(render_to_string(f"explainer/demos/{name}.html", context))
    ids = [element["id"] for element in page.all(having="id")]
    assert len(ids) == len(set(ids))
    assert {id_ for id_ in ids if "try-b-" not in id_} == set()
    assert {e["popovertarget"] for e in page.all("button", having="popovertarget")} == {
        f"rule-try-b-{rule.id}" for rule in drawn.rules
    }
    assert page.one(having="data-announce").text == drawn.said
    links = page.all("a", having="hx-get")
    assert {link["hx-target"] for link in links} == {"#try-b"}
    assert [link["href"] for link in links] == [link["hx-get"] for link in links]
    assert all(parse_of(link["href"]) for link in links)


def parse_of(address: str) -> AccountDemo:
    """The state of the demo “b” in an address of the page."""
    own = [
        (name[2:], value)
        for name, values in QueryDict(urlsplit(address).query).lists()
        for value in values
        if name.startswith("b.")
    ]
    return read(urlencode(own))
