"""The platforms' own pages: every rule with its evidence, how far it is known, and what follows."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from django.test import Client

from explainer.answers import answered
from explainer.demos import Demo
from explainer.evidence import (
    SHELVES,
    answers,
    channels,
    clocks,
    confidence,
    near,
    neighbour,
    seats,
    shelves,
    stale,
)
from explainer.pairs import differing, nearness
from explainer.scenes import scene
from explainer.situations import SITUATIONS
from feed.disclosure.platforms import CHANNELS, Platform
from feed.disclosure.sentences import plain
from feed.modes import platforms
from feed.rules import TITLES, rule_card

from .pages import Element, read_page

# No test here asks for the database, so each fails on the first query.

SOME = ["instagram", "twitter", "twitter-2023", "x", "youtube", "mastodon", "pixelfed-2023"]


def get(address: str, status: int = 200) -> Element:
    response = Client().get(address)
    assert response.status_code == status, address
    assert response.cookies == {}
    return read_page(response.content.decode())


def changed(platform: Platform, **fields: object) -> Platform:
    """The platform with other fields, or with other values of rules, such as ``inbox__again``."""
    for name, value in fields.items():
        part, _, key = name.partition("__")
        if key:
            rules = getattr(platform, part)
            rule = getattr(rules, key)
            known = {"says": rule.says, "sources": [*platform.sources][:1], "confidence": "high"}
            rule = type(rule).model_validate({"value": value, **known})
            value = rules.model_copy(update={key: rule})
        platform = platform.model_copy(update={part: value})
        platform.__dict__.pop("rules", None)
        platform.__dict__.pop("assumptions", None)
    return platform


# All platforms


def test_every_platform_stands_on_one_shelf_in_the_order_of_the_switch() -> None:
    page = get("/platforms/")
    found = {
        section["aria-labelledby"]: [entry["id"] for entry in section.all("li", css="entry")]
        for section in page.all("section", css="shelf")
    }
    every = platforms().values()
    assert found == {
        "companies": [p.slug for p in every if not p.open_source and p.today],
        "open-source": [p.slug for p in every if p.open_source and p.today],
        "earlier": [p.slug for p in every if p.period.until],
        "as-told": ["twitter"],
    }
    today = len(found["companies"]) + len(found["open-source"])
    assert today == len(platforms()) - 3
    assert page.one(css="shelves-yours").text.startswith(
        f"{today} platforms of today, 2 earlier periods and Twitter as the article tells it."
    )
    assert {"instagram", "x"} <= set(found["companies"])
    assert "mastodon" in found["open-source"]
    assert {"twitter-2023", "pixelfed-2023"} <= set(found["earlier"])


def test_a_shelf_without_platforms_is_left_out() -> None:
    one = {"x": platforms()["x"]}
    assert [shelf.slug for shelf in shelves(one, date(2026, 11, 21))] == ["companies"]
    assert list(SHELVES) == ["companies", "open-source", "earlier", "as-told"]


@pytest.mark.parametrize("slug", SOME)
def test_an_entry_links_and_says_what_the_engine_says(slug: str) -> None:
    platform = platforms()[slug]
    entry = get("/platforms/").by_id(slug)
    assert entry.one("h3").one("a")["href"] == f"/platforms/{slug}/"
    assert entry.one("h3").text == platform.label
    assert entry.one(css="entry-note").text == platform.note
    unlike, notice, tell = [row.one("dd") for row in entry.all("div") if row.all("dt")]
    side = scene(Demo(on=slug), platforms()).side
    (rung,) = [rung.label for rung in side.ladder if rung.state == "here"]
    assert unlike.one("span").text == ("Told" if platform.inbox.unlike.holds else "Not told")
    kept = "Goes" if platform.inbox.withdrawn.holds else "Stays"
    assert notice.one("span").text == (kept if platform.inbox.like.holds else "None is sent")
    assert ("hatch" in notice.one("span").classes) is (notice.one("span").text != "Stays")
    assert tell.one("span").text == rung
    assert [bool(row.all("i")) for row in (unlike, notice, tell)] == [
        platform.inbox.unlike.assumed,
        platform.inbox.withdrawn.assumed,
        bool(side.rests_on),
    ]


@pytest.mark.parametrize(
    ("rules", "inks"),
    [
        ({"inbox__unlike": False, "inbox__withdrawn": True}, ["hatch", "hatch", "worked-out"]),
        ({"inbox__unlike": False, "inbox__withdrawn": False}, ["hatch", "disclosed", "worked-out"]),
        ({"inbox__unlike": True}, ["disclosed", "hatch", "disclosed"]),
        (
            {"count__written": "none", "likers__audience": "nobody", "inbox__like": False},
            ["hatch", "hatch", "hatch"],
        ),
    ],
)
def test_the_answers_are_drawn_in_the_ink_of_what_they_say(
    rules: Mapping[str, object], inks: list[str]
) -> None:
    quiet = changed(platforms()["mastodon"], push__like=False, mail__like=False, **rules)
    assert [said.ink for said in answers({"mastodon": quiet})[0]] == inks


@pytest.mark.parametrize("slug", SOME)
def test_confidence_is_told_of_all_rules_of_the_channels(slug: str) -> None:
    platform = platforms()[slug]
    rules = [rule for key, rule in platform.rules.items() if key.split(".")[0] in CHANNELS]
    parts = confidence(platform)
    numbers = {part.confidence: part.number for part in parts}
    assert numbers == {
        name: number
        for name in ("high", "medium", "low", "assumed")
        if (
            number := sum(
                rule.assumed if name == "assumed" else rule.confidence == name and not rule.assumed
                for rule in rules
            )
        )
    }
    assert sum(numbers.values()) == len(rules)
    assert sum(part.width for part in parts) == pytest.approx(100, abs=0.1)
    said = ", ".join(f"{number} {name}" for name, number in numbers.items())
    shown = get(f"/platforms/{slug}/").one(css="confidence-said").text
    assert shown == f"Confidence in its rules of likes: {said}"


@pytest.mark.parametrize(("days", "expected"), [(0, False), (364, False), (365, True), (900, True)])
def test_evidence_is_stale_after_a_year_and_not_a_day_before(days: int, expected: bool) -> None:
    platform = platforms()["x"]
    today = platform.checked + timedelta(days=days)
    assert stale(platform, today) is expected
    (entry,) = shelves({"x": platform}, today)[0].entries
    assert entry.stale is expected


@pytest.mark.parametrize("address", ["/platforms/", "/platforms/x/"])
@pytest.mark.parametrize(("days", "words"), [(364, "Last checked"), (365, "Stale: last checked")])
def test_a_page_marks_what_is_stale(
    monkeypatch: pytest.MonkeyPatch, address: str, days: int, words: str
) -> None:
    checked = platforms()["x"].checked
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: checked + timedelta(days=days))
    page = get(address)
    mark = (page if address == "/platforms/x/" else page.by_id("x")).all("p", css="checked")[0]
    assert mark.text.startswith(f"{words} {checked:%-d %B %Y}")
    assert ("checked-stale" in mark.classes) is (days == 365)


# One platform


@pytest.mark.parametrize("slug", platforms())
def test_a_platform_has_a_page_of_its_own_name(slug: str) -> None:
    platform = platforms()[slug]
    page = get(f"/platforms/{slug}/")
    assert page.one("h1").text == platform.label
    assert page.one("title").text == f"{platform.label} · Can they tell?"
    assert page.one(css="platform-note").text == platform.note


def test_no_two_platforms_share_a_title() -> None:
    labels = [platform.label for platform in platforms().values()]
    assert sorted(labels) == sorted(set(labels))


@pytest.mark.parametrize("slug", SOME)
def test_every_rule_is_there_once_with_its_answer_sentence_and_evidence(slug: str) -> None:
    platform = platforms()[slug]
    page = get(f"/platforms/{slug}/")
    rules = page.all("article", css="entry-rule")
    assert [rule["id"] for rule in rules] == [key.replace(".", "-") for key in platform.rules]
    for (key, rule), drawn in zip(platform.rules.items(), rules, strict=True):
        card = rule_card(platform, key)
        assert drawn.one("h4").text == TITLES[key]
        assert drawn.one("h4").one("a")["href"] == f"#{drawn['id']}"
        answer = drawn.one("span", css="answer")
        assert answer.text == card.answer
        assert answer.classes == {"answer", card.ink}
        assert rule.says in drawn.text
        sources = platform.evidence(key)
        listed = drawn.all("li")
        assert [li.one("a")["href"] for li in listed] == [source.url for source in sources]
        assert [li.text for li in listed] == [
            f"{' '.join(s.title.split())} {s.kind[0].upper()}{s.kind[1:]}, "
            f"{s.dated} {s.date:%-d %B %Y}"
            for s in sources
        ]
        assert drawn.one(css="known").text == (
            "Not documented"
            if rule.assumed and not rule.confidence
            else f"Confidence {rule.confidence}"
        )


def test_the_rules_stand_under_their_channels() -> None:
    for channel in channels(platforms()["x"]):
        assert channel.heading
        assert {rule.card.key.split(".")[0] for rule in channel.rules} == {channel.slug}


@pytest.mark.parametrize("slug", SOME)
def test_what_is_assumed_says_so_and_names_the_other_case(slug: str) -> None:
    platform = platforms()[slug]
    page = get(f"/platforms/{slug}/")
    assumed = [key for key, rule in platform.rules.items() if rule.assumed]
    assert assumed
    for key in platform.rules:
        drawn = page.by_id(key.replace(".", "-"))
        assert (drawn.all("i") != []) is (key in assumed), key
    for key in assumed:
        other = rule_card(platform.flipped(key), key).answer
        drawn = page.by_id(key.replace(".", "-"))
        assert f"The other case: {other.lower()}." in drawn.text
        offered = [a["href"] for a in drawn.all("a") if "flip=" in a["href"]]
        in_channels = key in platform.assumptions
        assert offered == [f"/?on={slug}&flip={key}"] * in_channels


@pytest.mark.parametrize("slug", SOME)
def test_the_usual_story_is_computed_and_leads_to_both_phones(slug: str) -> None:
    drawn = scene(Demo(on=slug), platforms())
    page = get(f"/platforms/{slug}/")
    assert page.one(css="outcome-said").text == plain(drawn.side.verdict)
    outcome = page.one(css="outcome")
    (link,) = [a for a in outcome.all("a") if "button" in a.classes]
    assert link["href"] == f"/?on={slug}"
    asked = get(f"/?on={slug}").all("li", css="question")
    own = page.all("li", css="question")
    assert [[a["href"] for a in li.all("a")] for li in own] == [
        [a["href"] for a in li.all("a")] for li in asked
    ]
    assert [li.text for li in own] == [li.text for li in asked]
    assert [bool(li.all(css="partly")) for li in own] == [
        answered(each.slug, slug).partly for each in SITUATIONS
    ]


def test_each_button_opens_a_dialog_that_is_there_and_asks_htmx_for_nothing() -> None:
    for slug in SOME:
        page = get(f"/platforms/{slug}/")
        ids = [e["id"] for e in page.all(having="id")]
        assert len(ids) == len(set(ids)), slug
        opened = {b["popovertarget"] for b in page.all("button", having="popovertarget")}
        assert opened
        assert opened <= set(ids)
        assert page.all(having="hx-target") == []
        anchors = {a["href"][1:] for a in page.all("a") if re.match(r"#.", a["href"])}
        assert anchors <= set(ids)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({}, [("push.waits", "2 days"), ("mail.delay", "2 minutes")]),
        ({"mail__like": False}, [("push.waits", "2 days")]),
        ({"push__like": False, "mail__delay": 0}, []),
        (
            {"limits__delay": 30, "limits__undo_within": 600, "push__waits": 0},
            [
                ("limits.delay", "30 seconds"),
                ("limits.undo_within", "10 minutes"),
                ("mail.delay", "2 minutes"),
            ],
        ),
    ],
)
def test_only_clocks_that_run_are_shown(
    rules: Mapping[str, object], expected: list[tuple[str, str]]
) -> None:
    mastodon = changed(platforms()["mastodon"], **rules)
    assert [(card.key, card.answer) for card in clocks(mastodon)] == expected


def test_the_period_is_told() -> None:
    told = {slug: get(f"/platforms/{slug}/").all("p", css="period") for slug in SOME}
    assert {slug: [p.text for p in found] for slug, found in told.items()} == {
        "instagram": ["Since 26 May 2021"],
        "twitter": [],
        "twitter-2023": ["From 23 August 2018 to 12 June 2024"],
        "x": ["Since 12 June 2024"],
        "youtube": [],
        "mastodon": [],
        "pixelfed-2023": ["From 30 October 2023 to 14 November 2025"],
    }


# Its nearest neighbour


def test_only_rules_about_likes_that_are_known_to_come_to_something_else_differ() -> None:
    one = platforms()["mastodon"]
    other = changed(one, inbox__again=False, network__unlike="nobody", ranking__age=5.0)
    assert one.ranking.age.holds != 5.0
    assert differing(one, other) == ("inbox.again", "network.unlike")
    assert one.count.written.assumed
    assert differing(one, one.flipped("count.written")) == ()


def test_the_nearest_agrees_most_in_what_is_known_and_of_several_it_is_the_first() -> None:
    one = platforms()["mastodon"]
    assert not any(rule.assumed for rule in (one.inbox.again, one.push.like, one.inbox.like))
    far = changed(one, slug="far", inbox__again=False, push__like=False)
    near_one = changed(one, slug="near", inbox__withdrawn=False)
    as_near = changed(one, slug="as-near", inbox__like=False)
    among = {p.slug: p for p in (far, one, near_one, as_near)}
    found = neighbour(one, among)
    assert found is not None
    assert found.platform.slug == "near"
    assert [(a.key, a.answer, b.answer) for a, b in found.differing] == [
        ("inbox.withdrawn", "Yes", "No")
    ]
    assert found.alike == found.of - 1
    assert neighbour(one, {"mastodon": one}) is None


@pytest.mark.parametrize("slug", SOME)
def test_the_page_shows_both_answers_of_each_difference(slug: str) -> None:
    found = neighbour(platforms()[slug], platforms())
    assert found is not None
    others = [p for p in platforms().values() if p.slug != slug]
    nearest = max(others, key=lambda other: nearness(platforms()[slug], other))
    assert found.platform == nearest
    page = get(f"/platforms/{slug}/")
    rows = [row for table in page.all("table") for row in table.one("tbody").all("tr")]
    assert [
        [row.one("th").text, *(cell.one("span").text for cell in row.all("td"))] for row in rows
    ] == [[own.title, own.answer, other.answer] for own, other in found.differing]


# Seats beside the platform


@pytest.mark.parametrize(
    ("sent", "shown"),
    [("servers", [True, False]), ("everyone", [True, True])],
)
def test_the_seats_of_an_open_protocol_are_told_by_the_engine(sent: str, shown: list[bool]) -> None:
    platform = changed(platforms()["mastodon"], network__unlike=sent)
    found = seats(platform)
    assert [seat.told[0].shown for seat in found] == shown
    assert [seat.told[0].text for seat in found] == [
        "Ana unfavourited, at 14:04" if told else "The unlike" for told in shown
    ]
    assert [[told.rule.key for told in seat.told] for seat in found] == [
        ["network.unlike", seat.told[1].rule.key, seat.told[2].rule.key] for seat in found
    ]


def test_a_seat_that_no_list_is_open_to_is_shown_what_is_withheld_and_why() -> None:
    closed = changed(
        platforms()["mastodon"], likers__audience="poster", count__audience="followers"
    )
    server, _ = seats(closed)
    assert [(told.text, told.shown, told.rule.key) for told in server.told] == [
        ("Ana unfavourited, at 14:04", True, "network.unlike"),
        ("The number", False, "count.audience"),
        ("The names", False, "likers.audience"),
    ]


def test_only_readers_sit_where_word_goes_to_a_stream_alone() -> None:
    (reader,) = seats(changed(platforms()["mastodon"], network__unlike="readers"))
    assert (reader.who, reader.told[0].shown) == ("A stranger who reads the public stream", True)
    assert len(get("/platforms/discourse/").all("li", css="seat")) == 1


def test_a_platform_that_sends_nothing_on_has_no_such_seats() -> None:
    assert seats(changed(platforms()["mastodon"], network__unlike="nobody")) == ()
    assert get("/platforms/twitter/").all("section", css="seats") == []
    assert len(get("/platforms/mastodon/").all("li", css="seat")) == 2


# No such platform


@pytest.mark.parametrize(
    ("slug", "near_by"),
    [
        ("mastadon", "mastodon"),
        ("Instagramm", "instagram"),
        ("TWITTER", "twitter"),
        ("insta", "instagram"),
    ],
)
def test_an_unknown_platform_names_near_ones(slug: str, near_by: str) -> None:
    assert near(slug, platforms())[0].slug == near_by
    page = get(f"/platforms/{slug}/", 404)
    assert page.one("h1").text == f"There is no platform “{slug}” here"
    links = [a["href"] for a in page.one(css="message").all("a")]
    assert links[0] == f"/platforms/{near_by}/"
    assert links[-1] == "/platforms/"


def test_a_platform_like_no_other_is_not_guessed_at() -> None:
    page = get("/platforms/%3Cscript%3Eqqqqq/", 404)
    assert "“<script>qqqqq”" in page.one("h1").text
    assert [a["href"] for a in page.one(css="message").all("a")] == ["/platforms/"]


# Kept by anybody


@pytest.mark.parametrize("address", ["/platforms/", "/platforms/x/"])
def test_a_page_may_be_kept_and_is_not_sent_twice(address: str) -> None:
    first = Client().get(address)
    assert first.headers["Cache-Control"] == "public, max-age=600"
    again = Client().get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert Client().post(address).status_code == 405
