"""The questions that people ask: their answers as a table, and their pages."""

from __future__ import annotations

from collections import Counter

import pytest
from django.http import HttpResponse
from django.test import Client

from explainer.answers import PARTLY, answered, shared
from explainer.assumed import assumes
from explainer.situations import ALL, GROUPS, SITUATIONS, Way
from explainer.trying import KINDS
from explainer.ways import WAYS
from feed.modes import platforms
from tests.disclosure.cast import PINNED, platform
from tests.explainer.pages import Element, read_page

# No test here asks for the database, so each fails on the first query.

TOLD_AT = (
    "The unlike was not announced. But Ben was told that you liked it at {}, and your name is "
    "not there now, so he can tell it was you."
)
OUTRIGHT = "Ben is told outright: it was you who took a like back."
OLD = " The photo is three years old. Ben can tell that you went back that far."
EVERYWHERE = "*"
LEFT = (
    "If you leave it: Ben knows that you like it. If you take it back, the next look shows “{}”; "
)
SAME = (
    "once somebody else has liked it, the same. Of three more likes Ben is told each time. If you "
    "say something: your comment stands there with your name, whatever becomes of the like."
)
NOT_ON_SCREEN = " What it means, nothing on a screen shows."
BEFORE = "Ben has not looked yet, so nothing has given it away. "
STOOD = "While it stood, {} could see "
FRIEND, STRANGER = STOOD.format("a friend of you both"), STOOD.format("a stranger")
ANY_TIME = "Yes, at any time. "
STANDS = "While it stands, Ben"

# Two readings of each question: "*" is what holds on the pinned platforms but for those named.
ANSWERS: dict[str, dict[str, str]] = {
    "took-it-back-at-once": {EVERYWHERE: TOLD_AT.format("14:01"), "twitter": OUTRIGHT},
    "notification-goes-away": {
        EVERYWHERE: "The notice in the app goes. A push that has arrived stays."
    },
    "told-of-the-unlike": {
        EVERYWHERE: "No. Ben is not told that you took it back.",
        "twitter": "Yes. Ben can open a list that names you among those who took one back.",
        "x": "No name is given, but Ben’s figures count one more unlike.",
    },
    "lock-screen": {EVERYWHERE: "A push that has arrived stays."},
    "told-twice": {EVERYWHERE: "Yes. Ben is told each time."},
    "stood-overnight": {
        EVERYWHERE: "Ben was not told. He saw your name at 07:02 the next day and it is gone now, "
        "so he can tell it was you.",
        "twitter": OUTRIGHT,
    },
    "liked-a-video": {EVERYWHERE: TOLD_AT.format("14:02"), "twitter": OUTRIGHT},
    "count-goes-down": {EVERYWHERE: "Yes. It falls from 8 to 7 on both phones, yours and Ben’s."},
    "still-in-the-list": {
        EVERYWHERE: "No. Your name leaves the list with your like.",
        "twitter": "Not in that one, but Ben has a list of those who took it back, with you in it.",
    },
    "my-own-history": {EVERYWHERE: "Your own phone no longer shows that you like it."},
    "algorithm-remembers": {
        EVERYWHERE: "Nobody documents it. The demos assume that an unlike counts against that "
        "author.",
        "x": "No. In what is documented, an unlike counts for nothing.",
    },
    "block-or-leave": {
        EVERYWHERE: "Nobody documents it. If what you liked goes when you leave, as the demos "
        "assume: The notice in the app goes. A push that has arrived stays. What a block does is "
        "shown in no demo."
    },
    "friends-in-between": {
        EVERYWHERE: f"{FRIEND}your name and the number. Whoever looked before and after can tell "
        "that it was you.",
        "x": f"{FRIEND}the number and no name. Whoever looked before and after can tell that it "
        "was one of a few.",
    },
    "look-up-my-likes": {
        EVERYWHERE: "No. Only you can look it up.",
        "facebook": "Nobody documents it. The demos assume that only you can look it up.",
        "twitter": "Yes. Everyone can look it up.",
        "twitter-2023": "Yes. Everyone can look it up.",
    },
    "private-likes": {
        EVERYWHERE: f"{STANDS}, a friend of you both and a stranger can see your name and the "
        "number.",
        "x": f"{STANDS} can see your name and the number; a friend of you both and a stranger can "
        "see the number and no name.",
    },
    "somebody-known": {
        EVERYWHERE: f"{STRANGER}their name and the number. Whoever looked before and after can "
        "tell that it was them. A screenshot or an archived page from that time shows it for good.",
        "x": f"{STRANGER}the number and no name. Afterwards nothing shows that they took it back. "
        "A screenshot or an archived page from that time holds no name.",
    },
    "all-their-pictures": {
        EVERYWHERE: TOLD_AT.format("14:01") + OLD,
        "twitter": OUTRIGHT + OLD,
    },
    "liked-your-photo-and-gone": {
        EVERYWHERE: "You can tell that Ana took a like back.",
        "twitter": "You were told that Ana took a like back.",
    },
    "my-count-fell": {
        EVERYWHERE: "You can tell that Ana took a like back.",
        "twitter": "You were told that Ana took a like back.",
    },
    "an-app-that-tells": {
        EVERYWHERE: "Software is given no names, so an app can only guess, or act with a "
        "password. The terms forbid it.",
        "twitter": "An app can compare the list from one day to the next, and be wrong. The terms "
        "forbid it.",
        "twitter-2023": "An app can compare the list from one day to the next, and be wrong. The "
        "terms forbid it.",
        "x": "Software is given a number of unlikes, without names. The terms forbid it.",
    },
    "what-does-it-mean": {
        EVERYWHERE: "You can tell that Ana took a like back." + NOT_ON_SCREEN,
        "twitter": "You were told that Ana took a like back." + NOT_ON_SCREEN,
    },
    "leave-or-take-back": {
        EVERYWHERE: LEFT.format("it was you") + SAME,
        "twitter": LEFT.format("told outright") + SAME,
    },
    "not-even-my-phone": {
        EVERYWHERE: f"{BEFORE}If Ben looks now, he can tell it was you.",
        "twitter": f"{BEFORE}If Ben looks now, he is told outright.",
    },
    "a-colleague": {EVERYWHERE: TOLD_AT.format("14:02"), "twitter": OUTRIGHT},
    "clear-all-my-likes": {
        EVERYWHERE: f"{ANY_TIME}Ben is not told that you took it back.",
        "twitter": f"{ANY_TIME}Ben can open a list that names you among those who took one back.",
        "x": f"{ANY_TIME}No name is given, but Ben’s figures count one more unlike.",
    },
}


# Where an answer would be another one if something that nobody documents were the other way round.
PUSH_STAYS = ("instagram", "facebook", "twitter-2023", "x")
PARTLY_ASSUMED: dict[str, tuple[str, ...]] = {
    "took-it-back-at-once": PUSH_STAYS,
    "notification-goes-away": PINNED,
    "lock-screen": PINNED,
    "told-twice": PINNED,
    "liked-a-video": PUSH_STAYS,
    "all-their-pictures": PUSH_STAYS,
    "liked-your-photo-and-gone": PUSH_STAYS,
    "not-even-my-phone": PUSH_STAYS,
    "a-colleague": PUSH_STAYS,
    "clear-all-my-likes": PINNED,
}


def bare(said: str) -> str:
    return said.removeprefix("Yes. ").removeprefix("No. ")


@pytest.mark.parametrize("slug", ALL)
@pytest.mark.parametrize("on", PINNED)
def test_each_question_is_answered_for_each_pinned_platform(slug: str, on: str) -> None:
    said = ANSWERS[slug].get(on, ANSWERS[slug][EVERYWHERE])
    partly = on in PARTLY_ASSUMED.get(slug, ())
    found = answered(slug, on)
    assert (found.said, found.partly) == (bare(said) if partly else said, partly)


@pytest.mark.parametrize(
    ("slug", "on", "said"),
    [
        ("told-of-the-unlike", "threads", "Ben is not told that you took it back."),
        ("an-app-that-tells", "whatsapp", ANSWERS["an-app-that-tells"][EVERYWHERE]),
    ],
)
def test_what_is_assumed_is_said_to_be_wherever_the_answer_is(
    slug: str, on: str, said: str
) -> None:
    found = page(f"/situations/{slug}/?on={on}")
    assert found.one(css="case-said").text == said
    assert found.one(css="case-answer").one(css="partly").text == PARTLY
    described = [meta["content"] for meta in found.all("meta") if meta.get("name") == "description"]
    assert described == [f"{platforms()[on].label}: {said} {PARTLY}."]
    (here,) = found.all("li", css="shared-here")
    assert bare(here.all("p")[0].text.partition(" platforms: ")[2]) == said
    links = here.all("p", css="shared-on")[0]
    (own,) = [a for a in links.all("a") if a.get("aria-current")]
    assert f"{own.text}?" in links.text
    assert found.one(css="shared-key").text == "? Partly assumed there"
    assert page(f"/situations/{slug}/?on=x").one(css="case-answer").all(css="partly") == []


def test_one_sentence_is_one_group_whatever_it_rests_on() -> None:
    for slug in ALL:
        groups = shared(slug)
        said = [bare(group.said) for group in groups]
        assert sorted(said) == sorted(set(said)), slug
        partly = {t.platform.slug: t.partly for group in groups for t in group.everywhere}
        assert partly == {on: answered(slug, on).partly for on in platforms()}
        apart = {t.platform.slug for group in groups for t in group.apart}
        assert apart == {p.slug for p in platforms().values() if not p.today}
    (no,) = [group for group in shared("told-of-the-unlike") if group.said.startswith("No. Ben")]
    assert {t.partly for t in no.today} == {True, False}


def test_code_that_is_public_was_not_examined_and_other_rules_nobody_documents() -> None:
    for slug in ("look-up-my-likes", "algorithm-remembers", "block-or-leave"):
        for each in platforms().values():
            said = answered(slug, each.slug).said
            assert not (each.open_source and "Nobody documents" in said), each.slug
            assert each.open_source or "not looked up" not in said, each.slug
    assert answered("algorithm-remembers", "mastodon").said == (
        "It was not looked up in the source code. The demos assume that an unlike counts against "
        "that author."
    )


def test_what_one_rule_says_stands_beside_the_answer_that_is_read_from_it() -> None:
    beside = page("/situations/look-up-my-likes/?on=instagram").one(css="case-says").text
    assert beside == platforms()["instagram"].profile.likes.says
    assert "reels" in beside
    assert page("/situations/look-up-my-likes/?on=facebook").all(css="case-says") == []
    assert page("/situations/lock-screen/?on=instagram").all(css="case-says") == []


def test_each_assumption_has_a_plain_sentence_for_either_way() -> None:
    for slug in ALL:
        for on in platforms():
            for each in answered(slug, on).rests_on:
                key = each.rule.key
                both = [assumes(r, key) for r in (platforms()[on], platforms()[on].flipped(key))]
                assert len(set(both)) == 2, (on, key)
                assert each.assumes == both[0]
                assert not [said for said in both if "{" in said or said[0].isupper()]


def test_the_evidence_is_of_the_rules_that_carry_the_answer() -> None:
    told = ["inbox.unlike", "inbox.withdrawn", "push.like", "likers.audience", "count.audience"]
    for slug in ("took-it-back-at-once", "not-even-my-phone", "stood-overnight", "my-count-fell"):
        assert [rule.key for rule in answered(slug, "instagram").rules] == told, slug
    assert answered("stood-overnight", "twitter").rules[0].key == "unlikers.audience"
    for slug in ALL:
        for on in platforms():
            assert not [rule.key for rule in answered(slug, on).rules if rule.assumed]
            assert all(each.rule.assumed for each in answered(slug, on).rests_on)


def test_seconds_matter_to_a_like_that_was_taken_back_at_once() -> None:
    rests_on = {each.rule.key for each in answered("took-it-back-at-once", "instagram").rests_on}
    assert "push.delay" in rests_on
    liked, slip, *_ = ALL["took-it-back-at-once"].usual.moments
    assert (slip - liked).total_seconds() < 10
    night = ALL["stood-overnight"].usual.moments
    assert night[-1].date() > night[0].date()


def test_a_notice_that_is_never_sent_is_said_not_to_be() -> None:
    none = "There is no such notice: nobody is told of a like there."
    said = {on: answered("liked-your-photo-and-gone", on).said for on in platforms()}
    assert (
        {on for on in said if said[on] == none}
        == {
            p.slug
            for p in platforms().values()
            if not (p.inbox.like.holds or p.push.like.holds or p.mail.like.holds)
        }
        == {"youtube", "reddit", "lemmy", "peertube"}
    )
    assert said["forem"] == (
        "Likes are told of in the app alone. If you saw it there before it went: You can tell that "
        "Ana took a like back."
    )


REFUSED = "Discourse would have refused the unlike of {}: nobody can unlike after 10 minutes."


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("stood-overnight", REFUSED.format("07:03 the next day")),
    ],
)
def test_nothing_follows_from_an_unlike_that_would_have_been_refused(slug: str, said: str) -> None:
    found = answered(slug, "discourse")
    assert found.said == said
    assert [rule.key for rule in found.rules] == ["limits.undo_within"]
    assert found.rests_on == ()


@pytest.mark.parametrize("slug", [slug for slug in ALL if slug != "stood-overnight"])
def test_every_other_question_is_answered_where_ten_minutes_are_the_limit(slug: str) -> None:
    assert "would have refused" not in answered(slug, "discourse").said


# What the pinned platforms do not do: one rule is changed, and the answer with it.
CHANGED: list[tuple[str, dict[str, object], str]] = [
    ("notification-goes-away", {"inbox__withdrawn": False}, "The notice in the app stays. A push"),
    ("notification-goes-away", {"push__like": False}, "The notice in the app goes. No push is"),
    (
        "notification-goes-away",
        {"push__recalled": True},
        "The notice in the app goes. A push that has arrived goes.",
    ),
    ("notification-goes-away", {"inbox__like": False, "push__like": False}, "Neither a notice nor"),
    (
        "notification-goes-away",
        {"mail__like": True},
        "The notice in the app goes. A push that has arrived stays. An e-mail stays, too.",
    ),
    ("lock-screen", {"push__like": False}, "No push is sent."),
    ("lock-screen", {"push__recalled": True}, "A push that has arrived goes."),
    ("took-it-back-at-once", {"limits__delay": 120}, "Ben was not told, and nothing he has seen"),
    ("told-of-the-unlike", {"inbox__unlike": True}, "Yes. Ben is sent a notice of it."),
    ("told-of-the-unlike", {"push__unlike": True}, "Yes. Ben is sent a push about it."),
    ("told-twice", {"inbox__again": False}, "No. Ben is told the first time only."),
    ("told-twice", {"inbox__like": False, "push__like": False}, "No. Ben is told neither time."),
    ("count-goes-down", {"count__audience": "nobody"}, "No number is shown to either of you."),
    ("count-goes-down", {"count__audience": "poster"}, "Yes. It falls from 8 to 7 on Ben’s phone."),
    ("count-goes-down", {"count__written": "fuzzed by 2"}, "It falls, and nobody can be sure"),
    ("still-in-the-list", {"likers__audience": "nobody"}, "No. Ben is shown no list of names"),
    (
        "my-own-history",
        {"network__unlike": "servers"},
        "Your own phone no longer shows that you like it, but other servers are sent word",
    ),
    (
        "my-own-history",
        {"network__unlike": "everyone"},
        "Your own phone no longer shows that you like it, but a public stream says",
    ),
    (
        "friends-in-between",
        {"likers__audience": "poster", "count__audience": "poster"},
        f"{FRIEND}neither your name nor the number. Afterwards nothing shows",
    ),
    ("look-up-my-likes", {"profile__likes": "followers"}, "Yes. Those who are connected with you"),
    (
        "private-likes",
        {"likers__audience": "followers"},
        (
            f"{STANDS} and a friend of you both can see your name and the number; a "
            "stranger can see the number and no name."
        ),
    ),
    (
        "an-app-that-tells",
        {"developer__unlikes": "names", "developer__tracking": "allowed"},
        "Software can be told by name who took a like back. The terms do not forbid it.",
    ),
    ("clear-all-my-likes", {"limits__undo_within": 600}, "Only within 10 minutes of each like."),
    ("clear-all-my-likes", {"limits__undo_within": "ever"}, "Yes, at any time. Ben is not told"),
    (
        "algorithm-remembers",
        {"ranking__unlike": -1.0},
        "Yes. In what is documented, an unlike counts against that author.",
    ),
]


@pytest.mark.parametrize(("slug", "rules", "begins"), CHANGED)
def test_an_answer_follows_the_rules(slug: str, rules: dict[str, object], begins: str) -> None:
    rules_of = platform(**rules)
    said = WAYS[ALL[slug].way](ALL[slug].demo(rules_of.slug), rules_of).said
    assert said[: len(begins)] == begins


@pytest.mark.parametrize("slug", ALL)
def test_every_platform_answers_in_whole_sentences_and_stands_in_one_group(slug: str) -> None:
    groups = shared(slug)
    for said in (group.said for group in groups):
        assert said[0].isupper(), said
        assert said.endswith("."), said
        assert not any(word in said for word in ("{", "}", "None", "  ", "..")), said
    assert sorted(t.platform.slug for g in groups for t in g.everywhere) == sorted(platforms())
    for group in groups:
        (firm,) = {
            answered(slug, t.platform.slug).said for t in group.everywhere if not t.partly
        } or [group.said]
        assert firm == group.said
    numbers = [len(g.today) for g in groups]
    assert numbers == sorted(numbers, reverse=True)


def test_an_answer_rests_on_what_would_turn_it() -> None:
    rests_on = {
        (slug, on): [each.rule.key for each in answered(slug, on).rests_on]
        for slug in ("told-twice", "count-goes-down", "algorithm-remembers")
        for on in ("instagram", "x")
    }
    assert rests_on == {
        ("told-twice", "instagram"): ["inbox.again"],
        ("told-twice", "x"): ["inbox.again"],
        ("count-goes-down", "instagram"): [],
        ("count-goes-down", "x"): [],
        ("algorithm-remembers", "instagram"): ["ranking.unlike"],
        ("algorithm-remembers", "x"): [],
    }


# The list of them


def test_the_questions_are_whole() -> None:
    assert len(ALL) == 25 == len(ANSWERS)
    assert {each.group for each in ALL.values()} == {*GROUPS}
    assert {each.way for each in ALL.values()} == {*Way} == {*WAYS}
    assert {each.kind for each in ALL.values()} <= {*KINDS}
    assert {each.on for each in ALL.values() if each.on} <= {*platforms()}
    assert [each.home for each in SITUATIONS] == [1, 2, 3, 4, 5]
    for each in ALL.values():
        assert {*each.near} <= {*ALL} - {each.slug}
        assert 2 <= len(each.do) <= 3


def get(address: str, status: int = 200, **headers: str) -> HttpResponse:
    response = Client().get(address, headers=headers)
    assert response.status_code == status, address
    assert response.cookies == {}
    return response


def page(address: str, status: int = 200) -> Element:
    return read_page(get(address, status).content.decode())


def test_the_list_answers_for_the_platform_of_its_address() -> None:
    for address, on in (("/situations/", PINNED[0]), ("/situations/?on=x", "x")):
        found = page(address)
        cards = found.all("li", css="question")
        assert {
            card.one("a")["href"]: (
                card.one(css="question-said").text,
                bool(card.all(css="partly")),
            )
            for card in cards
        } == {
            f"/situations/{slug}/?on={on}": (answered(slug, on).said, answered(slug, on).partly)
            for slug in ALL
        }
        assert [title.text for title in found.all("h2")] == [*GROUPS.values()]
        choices = found.one("nav", css="on").all("a")
        assert sorted(choice["href"] for choice in choices) == sorted(
            f"?on={slug}" for slug in platforms()
        )
        assert [c.text for c in choices if c.get("aria-current")] == [platforms()[on].label]


def assert_sound(found: Element) -> None:
    ids = Counter(element["id"] for element in found.all(having="id"))
    assert [name for name, times in ids.items() if times > 1] == []
    named = [
        name
        for attribute in ("popovertarget", "aria-labelledby", "for")
        for element in found.all(having=attribute)
        for name in element[attribute].split()
    ]
    assert [name for name in named if name not in ids] == []
    assert len(found.all("h1")) == 1


@pytest.mark.parametrize("slug", ALL)
def test_a_question_has_a_page_with_its_answer_and_its_demo(slug: str) -> None:
    situation = ALL[slug]
    for address, on in (
        (f"/situations/{slug}/", situation.on or PINNED[0]),
        (f"/situations/{slug}/?on=mastodon", "mastodon"),
    ):
        found, answer = page(address), answered(slug, on)
        assert_sound(found)
        assert found.one("h1").text == situation.question
        assert found.one(css="case-said").text == answer.said
        assert [b.text for b in found.all("button", css="case-rule")] == [
            rule.title.lower() for rule in answer.cards
        ]
        unknown = found.one(css="case-open").all("li")
        assert [li.text for li in unknown] == [
            *(
                f"{each.rule.says} The demos assume that {each.assumes}."
                for each in answer.rests_on
            ),
            *situation.limits,
        ]
        assert found.by_id("try-demo-title").text == situation.told
        groups = found.all("li", css="shared-answer")
        assert len(groups) == len(shared(slug))
        assert [g for g in groups if "shared-here" in g.classes] == [
            g for g in groups if any(a.get("aria-current") for a in g.all("a"))
        ]
        assert [a["href"] for a in found.one("nav", css="case-near").all("a")] == [
            f"/situations/{near}/?on={on}" for near in situation.near
        ]


def test_a_press_changes_the_demo_and_neither_answer_nor_platform() -> None:
    found = page("/situations/lock-screen/?on=x")
    look = found.by_id("try-demo-look")["href"]
    assert look == (
        "/situations/lock-screen/?on=x&demo.on=x&demo.did=like-pause-unlike-look"
        "&demo.seat=poster#try-demo"
    )
    after = page(look)
    assert after.one(css="case-said").text == found.one(css="case-said").text
    assert after.by_id("try-demo").one(having="data-announce").text == (
        "You can tell that Ana took a like back."
    )
    part = get(look, **{"HX-Request": "true", "HX-Target": "try-demo"}).content.decode()
    (demo,) = [e for e in read_page(part).children if isinstance(e, Element)]
    assert demo["id"] == "try-demo"


@pytest.mark.parametrize("slug", ["an-app-that-tells", "lock-screen"])
def test_the_demo_is_on_the_platform_that_the_page_answers_for(slug: str) -> None:
    demo = page(f"/situations/{slug}/?on=reddit").by_id("try-demo")
    assert not demo.all("select")
    pressed = [a["href"] for a in demo.all("a") if "demo.on=reddit" in a["href"]]
    assert all(address.startswith(f"/situations/{slug}/?on=reddit&") for address in pressed)
    other = page(pressed[-1].replace("demo.on=reddit", "demo.on=x")).by_id("try-demo")
    assert other.text == page(pressed[-1]).by_id("try-demo").text


@pytest.mark.parametrize(
    ("address", "status", "problem", "leads"),
    [
        ("/situations/?on=myspace", 400, "“on” names no platform", "/situations/"),
        ("/situations/lock-screen/?on=", 400, "“on” names no platform", "/situations/lock-screen/"),
        (
            "/situations/lock-screen/?on=x&on=reddit",
            400,
            "“on” is there 2 times; it can be there once.",
            "/situations/lock-screen/",
        ),
        (
            "/situations/lock-screen/?demo.did=unlike",
            400,
            "Step 1 of “did” takes back a like that is not there.",
            "/situations/lock-screen/",
        ),
        ("/situations/lock-scren/", 404, "There is no question at", "/situations/lock-screen/"),
        ("/situations/%E2%80%A6/", 404, "There is no question at", "/situations/"),
    ],
)
def test_a_bad_address_says_what_is_wrong(
    address: str, status: int, problem: str, leads: str
) -> None:
    message = page(address, status).one(css="message")
    assert message.all("p")[0].text.startswith(problem)
    assert message.one("a")["href"] == leads


def test_anybody_may_keep_a_page_and_ask_whether_it_is_the_same() -> None:
    first = get("/situations/lock-screen/?on=x")
    assert {"public", "max-age=600"} == set(first.headers["Cache-Control"].split(", "))
    again = Client().get(
        "/situations/lock-screen/?on=x", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304
