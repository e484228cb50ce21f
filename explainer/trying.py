"""Demos that stand on a page beside its text: read from the page's address, drawn, controlled."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.http import QueryDict

from feed.modes import platforms, switch
from socialsite.pages import HtmxHttpRequest

from .chapters import Demonstration
from .controls import (
    Choice,
    Press,
    Switch,
    bets,
    outcome,
    platform_choices,
    presses,
    seated,
    switches,
)
from .demos import Demo, Where
from .kinds import KINDS
from .scenes import Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A demo as it is drawn, with what can be pressed beside it."""

    title: str
    kind: str
    spot: str
    state: Any
    drawn: Any = None
    folded: bool = False  # it is drawn once its link is followed
    presses: tuple[Press, ...] = ()
    switches: tuple[Switch, ...] = ()
    first: tuple[Choice, ...] = ()  # the platforms that are a press away
    undo: str = ""
    bets: tuple[Choice, ...] = ()  # what the reader can say beforehand, if nothing is said yet
    outcome: str = ""  # of what was said

    @property
    def controlled(self) -> bool:
        """Whether it is about one photo, so that the same steps and switches go with it."""
        return isinstance(self.state, Demo)

    @property
    def asks(self) -> bool:
        return bool(self.bets)

    @property
    def template(self) -> str:
        return f"explainer/demos/{self.kind}.html"


def wanted(request: HtmxHttpRequest, names: Iterable[str]) -> str:
    """The demo that alone is asked for, if one is."""
    htmx = request.htmx
    if not htmx or htmx.history_restore_request:
        return ""
    return {Where(name=name).spot: name for name in names}.get(htmx.target or "", "")


def query_of(request: HtmxHttpRequest, names: Iterable[str]) -> QueryDict:
    """What the address says of the demos with these names.

    A press tells the state of its own demo; what the others have come to since their links were
    drawn is in the address of the window.
    """
    names = tuple(names)
    alone = wanted(request, names)
    here = tuple(f"{name}." for name in names)
    own = f"{alone}." if alone else here
    query = QueryDict(mutable=True)
    for name, values in request.GET.lists():
        if name.startswith(own):
            query.setlist(name, values)
    for name, values in (_window(request) if alone else QueryDict()).lists():
        if name.startswith(here) and not name.startswith(own):
            query.setlist(name, values)
    return query


def _window(request: HtmxHttpRequest) -> QueryDict:
    """What the address of the window says, as far as the browser tells it in a readable way."""
    with suppress(ValueError):
        return QueryDict(urlsplit(request.htmx.current_url or "").query)
    return QueryDict()


def try_out(name: str, shown: Demonstration, query: QueryDict, path: str) -> Tried:
    """The demo of this name: as the address says, or as its page starts it.

    Raises AddressError when the address says what cannot be read.
    """
    own, beside = QueryDict(mutable=True), []
    for part, values in query.lists():
        if part.startswith(f"{name}."):
            own.setlist(part.partition(".")[2], values)
        else:
            beside += [(part, value) for value in values]
    where = Where(path, name, tuple(beside))
    kind = KINDS[shown.kind]
    state = kind.read(own or QueryDict(shown.state), platforms(), where)
    if shown.folded and not own:
        return Tried(title=shown.title, kind=shown.kind, spot=where.spot, state=state, folded=True)
    drawn = kind.draw(state, platforms())
    return Tried(
        title=shown.title,
        kind=shown.kind,
        spot=where.spot,
        state=state,
        drawn=drawn,
        **(_controls(state, shown.controls) if isinstance(state, Demo) else {}),
        **(_bet(state, drawn.scene) if shown.predict else {}),
    )


def _controls(demo: Demo, names: tuple[str, ...]) -> dict[str, Any]:
    platform = demo.platform(platforms())
    first = switch(demo.on)[0] if "platform" in names else ()
    return {
        "presses": presses(demo, names, platform),
        "switches": tuple(seated(switch, platform) for switch in switches(demo, names)),
        "first": platform_choices(demo, first),
        "undo": demo.address(did=demo.did[:-1]) if demo.did else "",
    }


def _bet(demo: Demo, scene: Scene) -> dict[str, Any]:
    # What the poster can tell is worked out only once it may be told.
    asked = bets(demo)
    return {"bets": asked} if asked else {"outcome": outcome(demo, scene.side.exposure)}
