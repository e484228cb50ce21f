"""What ``watch`` and ``infer`` cost on one busy photo, at three sizes.

    python bench/engine.py

Prints the seconds for 50 looks at 2,500, 5,000 and 10,000 events by a tenth as many people, under
every shipped platform and with a cut list, and the ratio from each size to the next: n log n
growth gives a little over 2.
"""

from __future__ import annotations

import random
import sys
import time
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from feed.disclosure.disclose import Viewer, watch
from feed.disclosure.history import Action, Event, History
from feed.disclosure.infer import infer
from feed.disclosure.looks import Suspects
from feed.disclosure.platforms import Audience, Platform, Seat, read_all

POSTED = datetime(2026, 6, 1)
SIZES = (2_500, 5_000, 10_000)
LOOKS = 50


def busy(size: int, people: int) -> History:
    """A photo that people like and unlike at random, with looks spread over it."""
    chance = random.Random(size)
    names = [f"person{n}" for n in range(people)]
    on: set[str] = set()
    events: list[Event] = []
    for number in range(size):
        person = chance.choice(names)
        action = Action.UNLIKE if person in on else Action.LIKE
        on ^= {person}
        events.append(Event(POSTED + timedelta(seconds=10 * number + 10), person, action))
    last = 10 * size + 10
    looks = [
        Event(POSTED + timedelta(seconds=last * k // LOOKS + 5), "poster", Action.LOOK)
        for k in range(1, LOOKS + 1)
    ]
    return History("poster", POSTED, tuple(sorted([*events, *looks], key=lambda e: e.at)))


def seconds(platform: Platform, size: int, people: int, *, open_world: bool) -> float:
    history = busy(size, people)
    circle = frozenset(e.person for e in history.events) - {"poster"}
    began = time.perf_counter()
    screens = watch(
        history=history,
        platform=platform,
        viewer=Viewer(Seat.POSTER, "poster"),
        moments=history.looks("poster"),
    )
    infer([screen.look for screen in screens], Suspects(circle, open=open_world))
    return time.perf_counter() - began


def variants() -> dict[str, Platform]:
    platforms = read_all()
    first = next(iter(platforms.values()))
    count = first.likers.audience.model_copy(update={"value": Audience.NOBODY})
    silent = first.model_copy(
        update={
            "likers": first.likers.model_copy(update={"audience": count}),
            "inbox": first.inbox.model_copy(
                update={"like": first.inbox.like.model_copy(update={"value": False})}
            ),
            "push": first.push.model_copy(
                update={"like": first.push.like.model_copy(update={"value": False})}
            ),
        }
    )
    silent.__dict__.pop("rules", None)
    return {**platforms, f"{first.slug}, count only": silent}


def main() -> None:
    print(f"{'seconds for ' + str(LOOKS) + ' looks':34}", *(f"{n:>8,}" for n in SIZES), "  growth")
    for name, platform in variants().items():
        for open_world in (False, True):
            took = [seconds(platform, n, n // 10, open_world=open_world) for n in SIZES]
            growth = [later / sooner for sooner, later in pairwise(took)]
            label = f"{name}, {'open' if open_world else 'closed'}"
            print(f"{label:34}", *(f"{t:8.3f}" for t in took), "  ", *(f"×{g:.1f}" for g in growth))


if __name__ == "__main__":
    main()
