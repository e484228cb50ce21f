"""Small demos about an account rather than one photo: their state, and what all of them have.

Their state is in the address, like that of every demo.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.http import QueryDict

from feed.disclosure.platforms import Platform
from feed.disclosure.rank import SIGNALS, Done
from feed.disclosure.tracker import HONEST, PRESETS
from feed.modes import switch
from feed.rules import RuleCard
from feed.tracking import EVERY

from .addresses import AddressError, choice, once, picked
from .controls import Choice, Press, Switch
from .demos import Where

Platforms = Mapping[str, Platform]

HERE = Where()
MOST = 6
"""How many likes there are to take back."""
USUAL_HOURS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDemo:
    """One state. Its fields are the parts of the address, save ``where`` it stands.

    ``likes`` were given, and ``unlikes`` of them were taken back. ``off`` names signals that are
    left out, ``every`` is how many hours a tracker lets pass between two checks.

    Raises AddressError when more is taken back than was given.
    """

    on: str
    likes: int = MOST
    unlikes: int = 0
    off: tuple[str, ...] = ()
    preset: str = HONEST.slug
    every: int = USUAL_HOURS
    where: Where = HERE

    def __post_init__(self) -> None:
        if self.unlikes > self.likes:
            raise AddressError(f"“unlikes” is at most “likes”, which is {self.likes}.")

    @property
    def before(self) -> AccountDemo:
        """The same if nothing had been taken back."""
        return replace(self, unlikes=0)

    def query(self) -> list[tuple[str, str]]:
        """The parts of the address; what is as usual is left out."""
        usual = AccountDemo(on="")
        parts = [("on", self.on)]
        parts += [("likes", str(self.likes))] * (self.likes != usual.likes)
        parts += [("unlikes", str(self.unlikes))] * (self.unlikes != usual.unlikes)
        parts += [("off", name) for name in self.off]
        parts += [("preset", self.preset)] * (self.preset != usual.preset)
        parts += [("every", str(self.every))] * (self.every != usual.every)
        return parts

    def address(self, **changes: Any) -> str:
        """The address of this demo with some things changed."""
        return self.where.address(replace(self, **changes).query())

    def switching(self, name: str) -> str:
        """The address with a signal left out, or counted again."""
        changed = {*self.off} ^ {name}
        return self.address(off=tuple(each for each in SIGNALS if each in changed))


def parse(query: QueryDict, platforms: Platforms, where: Where = HERE) -> AccountDemo:
    """The demo that an address asks for. Parts that no demo has are passed over.

    Raises AddressError for a part that cannot be read.
    """
    off = query.getlist("off")
    if unknown := {*off} - SIGNALS.keys():
        raise AddressError(
            f"“off” names no signal with “{min(unknown)}”: it is one of {', '.join(SIGNALS)}."
        )
    hours = [str(USUAL_HOURS), *(str(each) for each in EVERY if each != USUAL_HOURS)]
    return AccountDemo(
        on=picked(query, platforms).slug,
        likes=_number(query, "likes", MOST),
        unlikes=_number(query, "unlikes", 0),
        off=tuple(name for name in SIGNALS if name in off),
        preset=choice(query, "preset", [*PRESETS]),
        every=int(choice(query, "every", hours)),
        where=where,
    )


def _number(query: QueryDict, name: str, usual: int) -> int:
    value = once(query, name, str(usual))
    if value not in map(str, range(MOST + 1)):
        raise AddressError(f"“{name}” is a whole number from 0 to {MOST}.")
    return int(value)


# What all of them have


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The finding in one sentence, what can be set and pressed, and the rules behind it."""

    platform: Platform
    said: str
    switches: tuple[Switch, ...]
    presses: tuple[Press, ...] = ()
    rules: tuple[RuleCard, ...]

    @property
    def rests_on(self) -> tuple[RuleCard, ...]:
        """The rules that are assumed."""
        return tuple(rule for rule in self.rules if rule.assumed)


class Verbs(NamedTuple):
    """What the two presses say that change how many likes are taken back."""

    more: str
    fewer: str
    none: str
    all: str


def controls(demo: AccountDemo, *switches: Switch, verbs: Verbs | None = None) -> dict[str, Any]:
    """The fields of Drawn that can be set or pressed: the platform first, where it is open."""
    return {
        "switches": switches if demo.where.settled else (_platforms(demo), *switches),
        "presses": _presses(demo, verbs) if verbs and demo.likes else (),
    }


def _platforms(demo: AccountDemo) -> Switch:
    """The platforms that are a press away."""
    return Switch(
        id="on",
        label="Platform",
        choices=tuple(
            Choice(
                slug=f"on-{platform.slug}",
                label=platform.label,
                address=demo.address(on=platform.slug),
                chosen=platform.slug == demo.on,
            )
            for platform in switch(demo.on)[0]
        ),
    )


def _presses(demo: AccountDemo, verbs: Verbs) -> tuple[Press, Press]:
    """One more and one fewer. At either end they lead to the other, so that focus stays on them."""
    unlikes, likes = demo.unlikes, demo.likes
    up = (verbs.none, 0) if unlikes == likes else (verbs.more, unlikes + 1)
    down = (verbs.fewer, unlikes - 1) if unlikes else (verbs.all, likes)
    return (
        Press(
            id="take",
            label=up[0],
            icon="undo-2",
            address=demo.address(unlikes=up[1]),
            first=True,
        ),
        Press(id="give", label=down[0], icon="", address=demo.address(unlikes=down[1])),
    )


def yours(demo: AccountDemo, platform: Platform) -> Verbs:
    """What they say where the likes are your own."""
    return Verbs(
        more=f"Take one more {platform.words.like} back",
        fewer="Give one back",
        none="Give all of them back",
        all=f"Take all {demo.likes} back",
    )


def some(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def done(demo: AccountDemo, others: Done) -> Done:
    """What you did, with the likes that still stand and those that you took back beside it."""
    return others._replace(likes=demo.likes - demo.unlikes, unlikes=demo.unlikes)
