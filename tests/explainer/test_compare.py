"""All platforms compared: by rule, by one history, and two beside each other.

What is said of single platforms is held to five of them, whatever others there are.
"""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from explainer.asked import QUESTIONS
from explainer.cast import CAST, YOU
from explainer.compare import BY_SLUG, Cell, Ink, Row, Wanted, rows, table
from explainer.demos import Demo, Step, World
from explainer.lenses import Everywhere, groups, lenses, marked, rungs, summary
from explainer.pairs import (
    LIKED_AGAIN,
    OPENINGS,
    UNSEEN,
    alike,
    differences,
    differing,
    known,
    nearest,
    nearness,
    neighbours,
    opening,
    unknown,
)
from explainer.scenes import clock
from explainer.situations import SITUATIONS
from feed.disclosure.infer import Exposure
from feed.disclosure.platforms import CHANNELS, Platform
from feed.disclosure.sentences import RUNGS, plain
from feed.modes import platforms
from feed.rules import TITLES
from feed.side import poster_side

from .pages import Element, read_page

# No test here asks for the database, so each fails on the first query.

NOT_TODAY = {"twitter", "twitter-2023", "pixelfed-2023"}
FIVE = ["instagram", "facebook", "twitter", "twitter-2023", "x"]
KNOWN = {slug: platforms()[slug] for slug in FIVE}
PAGES = ["/compare/", "/compare/history/", "/compare/twitter/x/"]


def get(address: str, status: int = 200) -> Element:
    response = Client().get(address)
    assert response.status_code == status, address
    return read_page(response.content.decode())


def steps(did: str) -> tuple[Step, ...]:
    return tuple(Step(step) for step in did.split("-") if step)


def drawn_rows(wanted: Wanted, known: Mapping[str, Platform]) -> list[Row]:
    """The rows as they stand in the table, those of today first."""
    return [row for _, rows in table(wanted, known).parts for row in rows]


def drawn(cell: Cell) -> str:
    more = f" ({cell.more}{'?' * cell.more_assumed})" if cell.more else ""
    return f"{cell.ink}: {cell.answer}{more}"


# Platform × question

EXACT = "exact?"
ANSWERS = {
    "instagram": {
        "like": "told: Yes (push: yes)",
        "unlike": "withheld: No (push: no)",
        "notice": "withheld: Goes",
        "again": "assumed: Yes",
        "push": "assumed: No",
        "number": f"told: Everyone ({EXACT})",
        "names": "told: Everyone (the first 100)",
        "list": "withheld: Nobody",
        "figure": "withheld: No",
        "software": "withheld: None (who likes it: none)",
        "sent": "assumed: Nobody",
        "undo": "assumed: Ever",
        "profile": "withheld: Only you",
    },
    "twitter": {
        "like": "told: Yes (push: yes)",
        "unlike": "withheld: No (push: no)",
        "notice": "assumed: Goes",
        "again": "assumed: Yes",
        "push": "assumed: No",
        "number": f"told: Everyone ({EXACT})",
        "names": "told: Everyone (all)",
        "list": "told: The poster",
        "figure": "withheld: No",
        "software": "withheld: None (who likes it: all)",
        "sent": "withheld: Nobody",
        "undo": "assumed: Ever",
        "profile": "told: Everyone",
    },
    "x": {
        "like": "told: Yes (push: yes)",
        "unlike": "withheld: No (push: no)",
        "notice": "assumed: Goes",
        "again": "assumed: Yes",
        "push": "assumed: No",
        "number": f"told: Everyone ({EXACT})",
        "names": "told: The poster (all?)",
        "list": "withheld: Nobody",
        "figure": "told: Yes",
        "software": "told: Number (who likes it: the first 100)",
        "sent": "withheld: Nobody",
        "undo": "assumed: Ever",
        "profile": "withheld: Only you",
    },
}


@pytest.mark.parametrize("slug", ANSWERS)
def test_every_question_has_its_answer(slug: str) -> None:
    (row,) = rows({slug: platforms()[slug]})
    assert {cell.question.slug: drawn(cell) for cell in row.cells} == ANSWERS[slug]


def test_the_answer_that_keeps_a_like_from_people_is_never_drawn_as_told() -> None:
    telling = {
        (cell.question.slug, cell.answer)
        for row in rows(platforms())
        for cell in row.cells
        if cell.ink is Ink.TOLD
    }
    assert telling.isdisjoint({("notice", "Goes")})
    assert {slug for slug, _ in telling}.isdisjoint({"push", "undo"})
    assert telling.isdisjoint({(slug, word) for slug in BY_SLUG for word in ("Nobody", "None")})
    assert ("notice", "Stays") in telling


def test_how_much_is_told_is_counted_with_what_is_assumed() -> None:
    counted = {row.platform.slug: (row.shown, row.assumed) for row in rows(KNOWN)}
    assert counted == {
        "instagram": (4, 1),
        "facebook": (4, 1),
        "twitter": (6, 1),
        "twitter-2023": (5, 1),
        "x": (6, 1),
    }


def test_every_cell_opens_its_rule() -> None:
    page = get("/compare/")
    rules = [
        (platform, question.needs if moot else question.rule)
        for platform in (row.platform for row in drawn_rows(Wanted(), platforms()))
        for question in QUESTIONS
        for moot in [question.needs and not platform.rules[question.needs].holds]
    ]
    assert [link["href"] for link in page.one("table").all("a", css="cell")] == [
        f"/platforms/{platform.slug}/#{rule.replace('.', '-')}" for platform, rule in rules
    ]


def test_where_nothing_is_sent_nothing_can_be_withdrawn_or_sent_again() -> None:
    told = KNOWN["instagram"]
    silent = told.model_copy(
        update={
            "inbox": told.inbox.model_copy(
                update={"like": told.inbox.like.model_copy(update={"value": False})}
            )
        }
    )
    silent.__dict__.pop("rules", None)
    (before,), (after,) = rows({"a": told}), rows({"a": silent})
    assert [drawn(before.cell(slug)) for slug in ("notice", "again", "push")] == [
        "withheld: Goes",
        "assumed: Yes",
        "assumed: No",
    ]
    assert [drawn(after.cell(slug)) for slug in ("notice", "again", "push")] == [
        "withheld: No notice",
        "withheld: No notice",
        "assumed: No",
    ]
    assert after.shown == before.shown - 2


def test_that_a_push_stays_out_tells_nothing_and_that_it_is_called_back_withholds() -> None:
    mastodon = platforms()["mastodon"]
    assert (mastodon.push.like.holds, mastodon.push.recalled.assumed) == (True, False)
    found = {}
    for value in (False, True):
        rule = mastodon.push.recalled.model_copy(update={"value": value})
        other = mastodon.model_copy(
            update={"push": mastodon.push.model_copy(update={"recalled": rule})}
        )
        other.__dict__.pop("rules", None)
        (row,) = rows({"mastodon": other})
        found[value] = (drawn(row.cell("push")), row.shown)
    (shown,) = {number for _, number in found.values()}
    assert found == {False: ("plain: No", shown), True: ("withheld: Yes", shown)}


# Of today, and apart


def test_platforms_of_today_are_counted_and_the_others_stand_apart() -> None:
    found = table(Wanted(), platforms())
    assert {row.platform.slug for row in found.apart} == NOT_TODAY
    assert found.of == len(found.rows) == len(platforms()) - 3
    page = get("/compare/")
    today, apart = page.all("tbody")
    assert [row.one("th").one("a").text for row in today.all("tr")] == [
        row.platform.label for row in found.rows
    ]
    heading, *others = [row.all("th")[0] for row in apart.all("tr")]
    assert heading.text == "Not of today, and not counted"
    assert [other.one("a").text for other in others] == [r.platform.label for r in found.apart]
    assert page.one(css="compare-lead").text.startswith(
        f"The questions people ask, answered for {found.of} platforms of today, 2 earlier "
        "periods and Twitter as the article tells it."
    )
    assert page.one(css="kept").text.startswith(
        f"{found.of} of {found.of} platforms of today, and 3 apart, sorted by"
    )


def test_a_phone_has_the_main_questions_unless_it_is_sorted_by_one() -> None:
    page = get("/compare/")
    assert "matrix-main" in page.one("table").classes
    assert [th.one("button").text for th in page.all("th", css="main")] == [
        "Told of the unlike",
        "First notice",
        "Sees the names",
    ]
    assert len(page.all("td", css="main")) == 3 * len(platforms())
    assert "matrix-main" not in get("/compare/?sort=list").one("table").classes


# Sorting and filtering

SORTED = {
    "exposed": ["x", "instagram", "facebook", "twitter", "twitter-2023"],
    "-exposed": ["facebook", "instagram", "x", "twitter-2023", "twitter"],
    "name": ["facebook", "instagram", "x", "twitter-2023", "twitter"],
    "-name": ["x", "instagram", "facebook", "twitter", "twitter-2023"],
    "figure": ["x", "instagram", "facebook", "twitter", "twitter-2023"],
    "list": ["instagram", "facebook", "x", "twitter", "twitter-2023"],
    "profile": ["instagram", "x", "facebook", "twitter", "twitter-2023"],
}
KEPT = {
    (): FIVE,
    (("list", "the-poster"),): ["twitter"],
    (("figure", "no"),): ["instagram", "twitter", "twitter-2023"],
    (("figure", "undocumented"),): ["facebook"],
    (("like", "yes"), ("profile", "everyone")): ["twitter", "twitter-2023"],
    (("notice", "goes"), ("profile", "everyone")): [],  # on both of them it is assumed
    (("list", "the-poster"), ("figure", "yes")): [],
}


@pytest.mark.parametrize(("sort", "slugs"), SORTED.items())
def test_it_is_sorted_by_any_column(sort: str, slugs: list[str]) -> None:
    assert [row.platform.slug for row in drawn_rows(Wanted(sort=sort), KNOWN)] == slugs


def test_every_column_sorts_and_sorts_the_other_way_round() -> None:
    for slug in ("exposed", "name", *BY_SLUG):
        once = table(Wanted(sort=slug), platforms())
        assert once.sorted_by.slug == slug
        assert once.sorted_by.sort == ("/compare/?sort=-" + slug)
        assert len(drawn_rows(Wanted(sort=f"-{slug}"), platforms())) == len(platforms())


@pytest.mark.parametrize(("answers", "slugs"), KEPT.items())
def test_answers_filter(answers: tuple[tuple[str, str], ...], slugs: list[str]) -> None:
    kept = drawn_rows(Wanted(answers=answers), KNOWN)
    assert sorted(row.platform.slug for row in kept) == sorted(slugs)


def test_only_open_source_and_only_companies_make_up_all() -> None:
    found = {
        only: {
            row["href"] for row in get(f"/compare/?only={only}").one("table").all("a", css="cell")
        }
        if any(p.open_source is (only == "open") for p in platforms().values())
        else set()
        for only in ("open", "companies")
    }
    expected = {
        only: {slug for slug, p in platforms().items() if p.open_source is (only == "open")}
        for only in found
    }
    assert {
        only: {href.split("/")[2] for href in hrefs} for only, hrefs in found.items()
    } == expected


def test_each_answer_offered_keeps_as_many_as_it_says() -> None:
    page = get("/compare/?only=companies")
    links = page.all("a", css="answer")
    assert len(links) > len(QUESTIONS)
    for link in links:
        found = table(Wanted(**_parts(link["href"])), platforms())
        apart = f" and {len(found.apart)} apart" if found.apart else ""
        assert link.all("span")[-1].text == f"{len(found.rows)}{apart}", link["href"]


def _parts(address: str) -> dict[str, object]:
    parts = dict(parse_qsl(urlsplit(address).query))
    only = parts.pop("only", "all")
    sort = parts.pop("sort", "exposed")
    return {"only": only, "sort": sort, "answers": tuple(parts.items())}


def test_a_filter_shows_what_it_is_and_is_lifted_by_its_own_link() -> None:
    page = get("/compare/?sort=names&list=the-poster&only=companies")
    kept = page.one(css="kept")
    assert kept.all("a")[0].text == (
        "Who sees a list of who took it back? The poster, lift this filter"
    )
    assert [link["href"] for link in kept.all("a")] == [
        "/compare/?sort=names&only=companies",
        "/compare/?sort=names",
    ]
    form = page.one("form")
    assert [(f["name"], f["value"]) for f in form.all("input")] == [("list", "the-poster")]


def test_an_empty_result_says_so_and_offers_everything() -> None:
    page = get("/compare/?list=the-poster&figure=yes")
    assert page.all("table") == []
    nobody = page.one(css="nobody")
    assert nobody.one("h2").text == "No platform fits all of that"
    assert nobody.one("a")["href"] == "/compare/"


# Every page


@pytest.mark.parametrize("address", PAGES)
def test_htmx_gets_the_part_and_a_page_needs_no_cookie(address: str) -> None:
    whole, part = Client().get(address), Client(headers={"HX-Request": "true"}).get(address)
    assert whole.status_code == part.status_code == 200
    assert whole.cookies == {}
    assert part.content.decode().strip() in whole.content.decode()
    assert Client().post(address).status_code == 405


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_sound_and_asks_for_what_its_links_say(address: str) -> None:
    page = get(address)
    ids = [element["id"] for element in page.all(having="id")]
    assert len(ids) == len(set(ids))
    for attribute in ("popovertarget", "aria-labelledby", "for"):
        assert {e[attribute] for e in page.all(having=attribute)} <= set(ids)
    assert len(page.all("h1")) == 1
    asking = [link for link in page.all("a") if link.get("hx-get") is not None]
    assert asking
    assert [link for link in asking if link["hx-get"] != link["href"]] == []


@pytest.mark.parametrize("address", PAGES[1:])
def test_every_state_offered_works(address: str) -> None:
    hrefs = {a["href"] for a in get(address).all("a") if a["href"].startswith(f"{address}?")}
    assert len(hrefs) > 10
    for href in sorted(hrefs):
        assert Client().get(href).status_code == 200, href


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("/compare/?sort=colour", "“sort” is one of exposed, name, like, unlike,"),
        ("/compare/?only=mine", "“only” is one of all, open, companies."),
        ("/compare/?figure=maybe", "“figure” is one of no, undocumented, yes."),
        ("/compare/?sort=name&sort=like", "“sort” is there 2 times; it can be there once."),
        ("/compare/history/?did=unlike", "takes back a like that is not there."),
        ("/compare/twitter/x/?others=51", "“others” is at most 50."),
    ],
)
def test_a_bad_address_says_what_is_allowed(address: str, problem: str) -> None:
    message = get(address, status=400).one(css="message")
    assert problem in message.all("p")[0].text
    assert message.one("a")["href"] == urlsplit(address).path


# One history through all

STORY = steps("look-like-look-unlike-look")
FINDINGS = {
    "look-like-look-unlike-look": {
        "twitter": (Exposure.DISCLOSED, False),
        "instagram": (Exposure.IDENTIFIED, False),
        "facebook": (Exposure.IDENTIFIED, False),
        "twitter-2023": (Exposure.IDENTIFIED, False),
        "x": (Exposure.IDENTIFIED, False),
    },
    "like-look-unlike-like-look": {
        "twitter": (Exposure.DISCLOSED, False),
        "instagram": (Exposure.IDENTIFIED, True),
        "facebook": (Exposure.IDENTIFIED, True),
        "twitter-2023": (Exposure.IDENTIFIED, True),
        "x": (Exposure.IDENTIFIED, True),
    },
    "like-unlike": dict.fromkeys(FIVE, (Exposure.UNDETECTABLE, False)),
    "like-look": dict.fromkeys(FIVE, (None, False)),
}


@pytest.mark.parametrize(("did", "expected"), FINDINGS.items())
def test_what_follows_on_each(did: str, expected: dict[str, tuple[Exposure | None, bool]]) -> None:
    found = lenses(Demo(on="x", did=steps(did)), KNOWN)
    assert {each.platform.slug: (each.exposure, each.assumed) for each in found} == expected


HISTORIES = [*(situation.did for situation in SITUATIONS), LIKED_AGAIN, STORY, ()]


@pytest.mark.parametrize("world", World)
@pytest.mark.parametrize("did", HISTORIES, ids=lambda did: "-".join(did) or "nothing")
def test_it_finds_what_the_page_of_a_platform_finds(did: tuple[Step, ...], world: World) -> None:
    demo = Demo(on="x", did=did, world=world, others=3)
    assert marked(demo)
    for each in lenses(demo, platforms()):
        side = poster_side(
            history=demo.history(),
            platform=each.platform,
            cast=CAST,
            you=YOU,
            suspects=demo.suspects(),
            at=demo.now,
            clock=clock,
        )
        assert (each.said, each.assumed) == (side.verdict, bool(side.rests_on)), each.platform.slug


def test_where_it_would_take_too_long_no_assumption_is_claimed_and_the_page_says_so() -> None:
    did = "-".join(["like-look-unlike-look"] * 10)
    demo = Demo(on="x", did=steps(did), others=50)
    assert not marked(demo)
    assert {each.assumed for each in lenses(demo, KNOWN)} == {False}
    page = get(f"/compare/history/?did={did}&others=50")
    assert "does not work out which answers rest on" in page.one(css="through").text
    assert "does not work out" not in get("/compare/history/").text


def test_what_is_left_is_what_reached_the_poster() -> None:
    (one,) = lenses(Demo(on="x", did=steps("like-wait-unlike")), {"x": platforms()["x"]})
    assert [(line.text, line.kind, line.assumed) for line in one.inbox] == [
        ("“Ana liked your post” was withdrawn", "withdrawn", True)
    ]
    assert [(line.text, line.kind, line.small, line.assumed) for line in one.sent] == [
        ("“Ana liked your post”", "shown", "delivered", True)
    ]
    silent = Demo(on="x", did=steps("like-wait"), alerts=False)
    (one,) = lenses(silent, {"x": platforms()["x"]})
    assert [(line.text, line.kind) for line in one.inbox] == [("“Ana liked your post”", "shown")]
    assert [line.kind for line in one.sent] == ["withheld"]


@pytest.mark.parametrize(
    ("slug", "inbox", "sent"),
    [
        ("x", True, True),  # nobody documents whether the notice goes, nor the push
        ("instagram", False, True),
        ("bookwyrm", False, False),
    ],
)
def test_what_an_assumption_put_there_is_marked(slug: str, inbox: bool, sent: bool) -> None:
    story = Demo(on=slug, did=steps("like-wait-unlike-look"))
    (one,) = lenses(story, {slug: platforms()[slug]})
    assert [line.assumed for line in one.inbox] == [inbox]
    assert [line.assumed for line in one.sent] == [sent]
    row = get("/compare/history/?did=like-wait-unlike-look").by_id(f"through-{slug}")
    assert [bool(cell.all("small", css="assumed")) for cell in row.all("td")] == [inbox, sent]


def test_the_most_exposed_come_first_and_are_counted() -> None:
    found = lenses(Demo(on="x", did=STORY), KNOWN)
    assert [(group.rung, len(group.lenses)) for group in groups(found)] == [
        ("Told outright", 1),
        ("It was you", 4),
    ]
    assert [(rung.label, rung.number) for rung in rungs(found)] == [
        ("Told outright", 1),
        ("It was you", 4),
        ("One of a few", 0),
        ("Someone did", 0),
        ("Nothing to see", 0),
    ]
    assert summary(found) == (
        "On 5 of 5 platforms Ben can tell that it was you. On 1 of them he is told outright."
    )
    again = lenses(Demo(on="x", did=steps("like-look-unlike-like-look")), KNOWN)
    assert summary(again) == (
        "On 5 of 5 platforms Ben can tell that it was you. On 1 of them he is told outright. "
        "4 of these answers rest on an assumption."
    )
    assert [group.assumed for group in groups(again)] == [0, 4]
    nothing = lenses(Demo(on="x", did=steps("like-unlike")), KNOWN)
    assert summary(nothing) == "On none of 5 platforms can Ben tell that it was you."
    assert (
        summary(lenses(Demo(on="x", did=()), KNOWN)),
        rungs(lenses(Demo(on="x", did=()), KNOWN)),
    ) == ("", ())


def test_the_page_has_every_platform_once_in_the_order_of_exposure() -> None:
    page = get("/compare/history/")
    ids = [row["id"] for row in page.all("tr") if row.get("id")]
    assert sorted(ids) == sorted(f"through-{slug}" for slug in platforms())
    heights = [*reversed(RUNGS.values())]
    every = lenses(Demo(on="x"), platforms())
    today = tuple(each for each in every if each.platform.today)
    apart = [each for each in every if not each.platform.today]
    expected = [
        (group.rung, [f"through-{each.platform.slug}" for each in group.lenses])
        for group in (*groups(today), *groups(apart))
    ]
    assert [
        (part.one(css="seen-rung").text, [row["id"] for row in part.all("tr") if row.get("id")])
        for part in page.all("div", css="seen")
    ] == expected
    assert {slug for _, there in expected[-2:] for slug in there} == {
        f"through-{slug}" for slug in NOT_TODAY
    }
    shown = [heights.index(rung.text) for rung in page.all(css="seen-rung")][:-2]
    assert shown == sorted(shown)
    assert page.one(css="through-title").text == summary(today)
    assert f"of {len(today)} platforms" in summary(today)


def test_its_address_names_no_platform_and_leads_to_each() -> None:
    demo = Demo(on="x", did=STORY, where=Everywhere("/compare/history/"), flips=("inbox.again",))
    assert demo.address() == "/compare/history/"
    assert demo.after(Step.LOOK).endswith("/history/?did=look-like-look-unlike-look-look")
    links = {e.platform.slug: e.address for e in lenses(replace(demo, others=3), KNOWN)}
    assert links["facebook"] == "/?on=facebook&others=3&flip=inbox.again"


# Two beside each other


def test_the_rules_that_differ() -> None:
    one, other = KNOWN["twitter"], KNOWN["twitter-2023"]
    (only,) = differences(one, other)
    assert only.title == "Who sees who took a like back"
    assert [(p.slug, card.answer) for p, card in only.cards] == [
        ("twitter", "The poster"),
        ("twitter-2023", "Nobody"),
    ]
    assert differences(one, one) == ()
    assert alike(one, one) == len(known(one, one))
    assert alike(one, other) == len(known(one, other)) - 1
    page = get("/compare/twitter/twitter-2023/")
    (rule,) = page.all(css="apart-rule")
    for platform, card in only.cards:
        assert card.says in rule.text
        assert f"/platforms/{platform.slug}/#unlikers-audience" in {
            a["href"] for a in rule.all("a")
        }


def test_what_is_assumed_of_one_is_no_difference_and_stands_apart() -> None:
    one, other = platforms()["mastodon"], platforms()["gotosocial"]
    for key in differing(one, other):
        assert not any(each.rules[key].assumed for each in (one, other)), key
        assert one.rules[key].holds != other.rules[key].holds, key
    assert {*known(one, other)} == {
        key
        for key, rule in one.rules.items()
        if key.split(".")[0] in (*CHANNELS, "profile")
        and not (rule.assumed or other.rules[key].assumed)
    }
    assert alike(one, other) + len(differing(one, other)) == len(known(one, other))
    open_ = unknown(one, other)
    assert any(one.rules[key].holds != other.rules[key].holds for key in open_)
    page = get("/compare/mastodon/gotosocial/")
    assert page.one(css="compare-lead").text.endswith(
        f"they differ in {len(differing(one, other))} and agree in {alike(one, other)}."
    )
    assert [rule.one("h3").text for rule in page.all(css="apart-rule")] == [
        TITLES[key] for key in differing(one, other)
    ]
    apart = page.one(css="apart-open")
    assert apart.one("summary").text.startswith(f"{len(open_)} more that nobody documents")
    assert [item.text.split(":")[0] for item in apart.all("li")] == [TITLES[key] for key in open_]


OPENED = {
    ("mastodon", "gotosocial"): OPENINGS[1],
    ("twitter", "x"): OPENINGS[0],
    ("instagram", "facebook"): OPENINGS[0],
    ("pixelfed", "pixelfed-2023"): OPENINGS[1],
}


@pytest.mark.parametrize(("pair", "expected"), OPENED.items())
def test_a_pair_opens_with_a_history_that_shows_how_they_differ(
    pair: tuple[str, str], expected: Demo
) -> None:
    both = {slug: platforms()[slug] for slug in pair}
    assert opening(*both.values()) == expected
    page = get(f"/compare/{pair[0]}/{pair[1]}/")
    assert len(page.one(css="made-beats").all("time")) == len(expected.did)
    assert ("Ben’s alerts are off" in page.one(css="made-beats").text) is not expected.alerts
    one, other = (said.text for said in page.all(css="both-said"))
    seen = lenses(expected, both)
    assert (one, other) == tuple(plain(each.said) for each in seen)
    if pair != ("instagram", "facebook"):  # of which nothing is known that parts them
        assert one != other


def test_a_pair_keeps_to_the_history_of_its_address() -> None:
    address = "/compare/mastodon/gotosocial/"
    usual = get(f"{address}?did=look-like-look-unlike-look")
    assert len(usual.all(css="made-beat")) == 5
    assert usual.by_id("undo")["href"] == f"{address}?did=look-like-look-unlike"
    back = get(f"{address}?did=look-like-look-unlike").all("a", css="button")
    assert f"{address}?did=look-like-look-unlike-look" in {link["href"] for link in back}
    assert get(address).by_id("undo")["href"] == (
        f"{address}?did={'-'.join(UNSEEN[:-1])}&alerts=off"
    )


def test_both_phones_and_findings_are_there_under_the_same_history() -> None:
    page = get("/compare/twitter/x/?did=look-like-look-unlike-look&others=3")
    said = [each.text for each in page.all(css="both-said")]
    demo = Demo(on="x", did=STORY, others=3)
    assert said == [
        plain(each.said)
        for each in lenses(demo, {slug: platforms()[slug] for slug in ("twitter", "x")})
    ]
    assert len(page.all(css="side")) == 2
    twitter, x = page.all(css="both-one")
    assert {b["popovertarget"].split("-")[1] for b in twitter.all("button")} == {"twitter"}
    assert {b["popovertarget"].split("-")[1] for b in x.all("button")} == {"x"}


def test_pairs_are_alike_and_part_whatever_is_assumed() -> None:
    found = neighbours(platforms())
    names = [slug for pair in found for slug in (pair.one.slug, pair.other.slug)]
    assert len(names) == len(set(names))
    near = [nearness(pair.one, pair.other) for pair in found]
    assert near == sorted(near, reverse=True)
    views = {
        each.platform.slug: each for each in lenses(Demo(on="x", did=LIKED_AGAIN), platforms())
    }
    for pair in found:
        one, other = views[pair.one.slug], views[pair.other.slug]
        assert one.finding != other.finding
        assert (one.assumed, other.assumed) == (False, False)
        assert pair.said == (plain(one.said), plain(other.said))
        assert pair.rules == len(differences(pair.one, pair.other))


def test_the_same_twice_leads_to_the_nearest_with_the_history_kept() -> None:
    response = Client().get("/compare/twitter/twitter/?did=like")
    assert response.status_code == 302
    assert response.headers["Location"] == "/compare/twitter/twitter-2023/?did=like"
    assert nearest(KNOWN["twitter"], KNOWN) == KNOWN["twitter-2023"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/compare/instagran/x/", "Did you mean Instagram beside X?"),
        ("/compare/x/Facebok/", "Did you mean X beside Facebook?"),
        ("/compare/zzzzzz/x/", "Nothing here is called “zzzzzz”."),
    ],
)
def test_an_unknown_platform_is_answered_with_what_there_is(address: str, said: str) -> None:
    page = get(address, status=404)
    assert said in page.one(css="compare-lead").text
    assert {f"/platforms/{slug}/" for slug in platforms()} <= {a["href"] for a in page.all("a")}
