"""What people ask of every platform, each with the rule that answers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from feed.disclosure.platforms import Audience


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What people ask, and the rule that answers it, with a second one that says more.

    ``hides`` holds the values of the rule under which less is told. Under any other value
    something is told, unless the question is one that no answer to ``tells`` anybody anything.
    ``needs`` is a rule without which there is nothing to ask, and ``without`` what is answered
    then; ``words`` are for yes and no. The ``main`` ones are there where there is no room for all.
    """

    slug: str
    short: str
    asks: str
    rule: str
    hides: tuple[Any, ...] = (False,)
    tells: bool = True
    main: bool = False
    more: str = ""
    lead: str = ""
    needs: str = ""
    without: str = ""
    words: Mapping[bool, str] = field(default_factory=dict)


QUESTIONS = (
    Question(
        slug="like",
        short="Told of the like",
        asks="Are they told when I like?",
        rule="inbox.like",
        more="push.like",
        lead="push: ",
    ),
    Question(
        slug="unlike",
        short="Told of the unlike",
        asks="Are they told when I unlike?",
        rule="inbox.unlike",
        main=True,
        more="push.unlike",
        lead="push: ",
    ),
    Question(
        slug="notice",
        short="First notice",
        asks="Does the first notice go when I unlike?",
        rule="inbox.withdrawn",
        main=True,
        hides=(True,),
        needs="inbox.like",
        without="No notice",
        words={True: "Goes", False: "Stays"},
    ),
    Question(
        slug="again",
        short="Told again",
        asks="Are they told again if I like it again?",
        rule="inbox.again",
        needs="inbox.like",
        without="No notice",
    ),
    Question(
        slug="push",
        short="Push called back",
        asks="Can a push that has arrived be called back?",
        rule="push.recalled",
        hides=(True,),
        tells=False,
        needs="push.like",
        without="No push",
    ),
    Question(
        slug="number",
        short="Sees the number",
        asks="Who sees the number, and how is it written?",
        rule="count.audience",
        hides=(Audience.NOBODY, Audience.LIKER),
        more="count.written",
    ),
    Question(
        slug="names",
        short="Sees the names",
        asks="Who sees the names, and how many of them?",
        rule="likers.audience",
        main=True,
        hides=(Audience.NOBODY, Audience.LIKER),
        more="likers.first",
    ),
    Question(
        slug="list",
        short="List of unlikes",
        asks="Who sees a list of who took it back?",
        rule="unlikers.audience",
        hides=(Audience.NOBODY, Audience.LIKER),
    ),
    Question(
        slug="figure",
        short="Number of unlikes",
        asks="Do they get a number of unlikes?",
        rule="insights.unlikes",
    ),
    Question(
        slug="software",
        short="Software is told",
        asks="What is software told of an unlike?",
        rule="developer.unlikes",
        hides=("none",),
        more="developer.likers",
        lead="who likes it: ",
    ),
    Question(
        slug="sent",
        short="Sent on to",
        asks="Who else is sent the unlike?",
        rule="network.unlike",
        hides=(Audience.NOBODY,),
    ),
    Question(
        slug="undo",
        short="Time to take back",
        asks="How long can I take it back?",
        rule="limits.undo_within",
        hides=(),
        tells=False,
    ),
    Question(
        slug="profile",
        short="Looks up my likes",
        asks="Who can look up what I like?",
        rule="profile.likes",
        hides=(Audience.NOBODY, Audience.LIKER),
    ),
)
