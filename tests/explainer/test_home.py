"""The home page: one address, one page, and everything on it in its place."""

import gzip
from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from explainer.answers import answered
from explainer.demos import Demo, Step
from explainer.situations import SITUATIONS
from feed.modes import platforms

from .pages import Element, read_page

# No test here asks for the database, so each fails on the first query.

MODES = ["instagram", "facebook", "twitter", "twitter-2023", "x"]
STATES = ["on=x&did=", "on=facebook&did=like", "on=twitter&others=0&world=open&hidden=off"]


def get(address: str) -> Element:
    response = Client().get(address)
    assert response.status_code == 200, address
    return read_page(response.content.decode())


def said(page: Element) -> str:
    return page.one(css="finding-said").text


def rows(page: Element) -> list[Element]:
    return page.all("button", css="row")


def dialogs(page: Element) -> list[Element]:
    return page.all(css="rule")


def offered(page: Element) -> list[str]:
    """The addresses of other states that a page offers, its form's among them."""
    links = [link["href"] for link in page.all("a") if link["href"].startswith("/?")]
    (form,) = page.all("form")
    kept = [(field["name"], field["value"]) for field in form.all("input")]
    return [*dict.fromkeys(links), f"{form['action']}?{urlencode(kept)}"]


# An address and its page


@pytest.mark.parametrize("query", ["", *(f"on={mode}" for mode in MODES), *STATES])
def test_it_needs_no_database_and_no_session(query: str) -> None:
    response = Client().get(f"/?{query}")
    assert response.status_code == 200
    assert response.cookies == {}
    assert "Cookie" not in response.headers["Vary"]


def test_it_is_only_read() -> None:
    assert Client().post("/").status_code == 405
    assert Client().head("/").status_code == 200


@pytest.mark.parametrize("query", ["", *STATES])
def test_the_same_link_gives_the_same_page_to_everybody(query: str) -> None:
    someone, other = Client(), Client(headers={"User-Agent": "other", "Accept-Language": "de"})
    someone.get("/?on=facebook&did=like")
    assert someone.get(f"/?{query}").content == other.get(f"/?{query}").content


def test_without_any_part_the_story_is_told() -> None:
    assert Client().get("/").content == Client().get("/?on=instagram").content
    assert Client().get("/").content == Client().get("/?fbclid=1&utm_source=a&utm_source=b").content


@pytest.mark.parametrize("query", ["", *STATES])
def test_htmx_gets_the_part_and_a_restored_page_is_whole(query: str) -> None:
    whole = Client().get(f"/?{query}")
    part = Client(headers={"HX-Request": "true"}).get(f"/?{query}")
    restored = Client(
        headers={"HX-Request": "true", "HX-History-Restore-Request": "true"},
    ).get(f"/?{query}")
    for response in (whole, part, restored):
        assert response.headers["Vary"].startswith("HX-Request, HX-History-Restore-Request")
    assert restored.content == whole.content
    (demo,) = [e for e in read_page(part.content.decode()).children if isinstance(e, Element)]
    assert demo["id"] == "demo"
    assert part.content.decode().strip() in whole.content.decode()


# An address that is none


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("on=myspace", "it is one of instagram, facebook, twitter, twitter-2023, x"),
        ("did=unlike", "Step 1 of “did” takes back a like that is not there."),
        ("others=51", "“others” is at most 50."),
        ("world=%3Cscript%3E", "“world” can be circle or open."),
        ("flip=inbox.like", "“flip” names no assumption of Instagram"),
    ],
)
def test_a_bad_address_says_what_is_wrong_and_offers_the_default(query: str, problem: str) -> None:
    response = Client().get(f"/?{query}")
    assert response.status_code == 400
    page = read_page(response.content.decode())
    message = page.one(css="message")
    assert message.one("h1").text == "This link does not work"
    assert problem in message.all("p")[0].text
    assert message.one("a")["href"] == "/?on=instagram"
    assert response.cookies == {}


VALUES = st.one_of(
    st.sampled_from(
        ["", "x", "like", "like-unlike", "look-wait", "7", "open", "old", "poster", "off", "on"]
    ),
    st.sampled_from(["inbox.again", "push.recalled", "\0", "٣", "\ud800", "\u202e", "%", "+", "-"]),
    st.text(max_size=30),
    st.integers().map(str),
)
NAMES = st.one_of(
    st.sampled_from(["on", "did", "others", "world", "age", "seat", "alerts", "hidden", "flip"]),
    st.text(max_size=5),
)
QUERIES = st.one_of(
    st.binary(max_size=200),
    st.lists(st.tuples(NAMES, VALUES), max_size=6).map(
        lambda parts: urlencode(parts, errors="surrogatepass").encode()
    ),
    st.lists(st.tuples(NAMES, VALUES), max_size=6).map(
        lambda parts: "&".join("=".join(part) for part in parts).encode("utf-8", "surrogatepass")
    ),
)


@given(QUERIES)
@hypothesis_settings(max_examples=150)
@example(b"on=%FF%FE&did=\xff\xfe")
@example(b"did=%00&on=\x00")
@example(b"did=" + b"like-unlike-" * 10_000)
@example(b"others=" + b"9" * 100_000)
@example(b"flip=inbox.again&" * 900)
@example(b"a=1&" * 5_000)
@example(b";&;=&&&==%%%2&%zz=%")
def test_no_query_string_breaks_it(query: bytes) -> None:
    response = Client().get("/", QUERY_STRING=query.decode("latin-1"))
    titles = {200: "Can they tell? See", 400: "This "}
    assert f"<title>{titles[response.status_code]}" in response.content.decode()


# What stands on every page


def assert_sound(page: Element) -> None:
    ids = Counter(element["id"] for element in page.all(having="id"))
    assert [name for name, times in ids.items() if times > 1] == []
    named = [
        name
        for attribute in ("popovertarget", "aria-labelledby", "aria-describedby", "for")
        for element in page.all(having=attribute)
        for name in element[attribute].split()
    ]
    assert [name for name in named if name not in ids] == []
    assert len(page.all("h1")) == 1
    assert all(row["popovertarget"].startswith("rule-") for row in rows(page))
    assert [image for image in page.all("img") if image.get("alt") is None] == []
    assert [button for button in page.all("button") if not button.text] == []
    assert [link for link in page.all("a") if not link.text] == []


def links(mode: str) -> Iterator[tuple[str, Element]]:
    """Every page one press away from the story."""
    for address in offered(get(f"/?on={mode}")):
        yield address, get(address)


@pytest.mark.parametrize("mode", MODES)
def test_every_address_offered_works_and_every_page_is_sound(mode: str) -> None:
    assert_sound(get(f"/?on={mode}"))
    reached = dict(links(mode))
    assert len(reached) > 20
    for page in reached.values():
        assert_sound(page)


def test_every_control_leads_where_it_says() -> None:
    page = get("/?on=x")
    assert {
        name: page.by_id(name)["href"].removeprefix("/?on=")
        for name in (
            *("press", "press-again", "look", "wait", "undo", "over"),
            *(f"on-{mode}" for mode in MODES),
            *(f"{name}-{n}" for name in ("world", "alerts", "age", "seat", "hidden") for n in "01"),
        )
    } == {
        "press": "x&did=look-like-look-unlike-look-like",
        "press-again": "x&did=look-like-look-unlike-look-like",
        "look": "x&did=look-like-look-unlike-look-look",
        "wait": "x&did=look-like-look-unlike-look-wait",
        "undo": "x&did=look-like-look-unlike",
        "over": "x&did=",
        "on-instagram": "instagram",
        "on-facebook": "facebook",
        "on-twitter": "twitter",
        "on-twitter-2023": "twitter-2023",
        "on-x": "x",
        "world-0": "x",
        "world-1": "x&world=open",
        "alerts-0": "x",
        "alerts-1": "x&alerts=off",
        "age-0": "x",
        "age-1": "x&age=old",
        "seat-0": "x",
        "seat-1": "x&seat=poster",
        "hidden-0": "x",
        "hidden-1": "x&hidden=off",
    }


def test_what_htmx_asks_for_is_what_the_link_says() -> None:
    asking = [link for link in get("/").all("a") if link.get("hx-get") is not None]
    assert len(asking) > 20
    assert [link for link in asking if link["hx-get"] != link["href"]] == []


@pytest.mark.parametrize(
    "query",
    ["on=x", "on=twitter&did=like-unlike&world=open&age=old&seat=poster&alerts=off&hidden=off"],
)
@pytest.mark.parametrize("others", ["0", "50"])
def test_the_form_keeps_everything_else(query: str, others: str) -> None:
    (form,) = get(f"/?{query}").all("form")
    fields = {field["name"]: field["value"] for field in form.all("input")}
    assert fields == {**dict(parse_qsl(query)), "others": "7"}
    assert (form["action"], form["method"]) == ("/", "get")
    after = get(f"/?{urlencode({**fields, 'others': others})}")
    assert after.by_id("others")["value"] == others
    assert after.by_id("others-now").text == others


def test_at_40_steps_only_the_way_back_is_open() -> None:
    did = "-".join(["like", "unlike"] * 20)
    page = get(f"/?on=x&did={did}")
    ids = {element.get("id") for element in page.walk() if element.tag == "a"}
    assert ids.isdisjoint({"press", "press-again", "look", "wait"})
    assert page.by_id("press").tag == "span"
    assert page.one(css="steps-full").text.startswith("40 steps is as far as a link goes.")
    assert page.by_id("undo")["href"] == f"/?on=x&did={did.removesuffix('-unlike')}"
    assert page.by_id("over")["href"] == "/?on=x&did="
    assert_sound(page)


def test_before_the_first_step_there_is_no_way_back() -> None:
    page = get("/?on=x&did=")
    assert page.by_id("undo").tag == page.by_id("over").tag == "span"
    assert said(page) == "You have not liked it, so there is nothing to tell."


# What it weighs


@pytest.mark.parametrize("query", ["", "others=50", "did=" + "-".join(["like", "unlike"] * 20)])
def test_it_is_sent_compressed_and_stays_light(query: str) -> None:
    response = Client(headers={"Accept-Encoding": "gzip"}).get(f"/?{query}")
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.content) < 15_000
    assert gzip.decompress(response.content) == Client().get(f"/?{query}").content


# What follows

STORY = {
    "instagram": "Ben was not told. He saw your name at 14:03 and it is gone now, so he can tell "
    "it was you.",
    "facebook": "Ben was not told. He saw your name at 14:03 and it is gone now, so he can tell "
    "it was you.",
    "twitter": "Ben is told outright: it was you who took a like back.",
    "twitter-2023": "Ben was not told. He saw your name at 14:03 and it is gone now, so he can "
    "tell it was you.",
    "x": "Ben was not told. He saw your name at 14:03 and it is gone now, so he can tell it was "
    "you.",
}

OUTRIGHT = "Ben is told outright: it was you who took a like back."
WAS_TOLD = (
    "The unlike was not announced. But Ben was told that you liked it at 14:01, and your name is "
    "not there now, so he can tell it was you."
)
WENT_BACK = "The photo is three years old. Ben can tell that you went back that far."
WORKED_OUT = "You can tell that Ana took a like back."
SEEN = "Ben was not told. He saw your name at 14:23 and it is gone now, so he can tell it was you."

FINDINGS = [
    # By accident, taken back at once: a push was out and waited for the phone to wake.
    ("like-unlike-wait-look", "", "instagram", WAS_TOLD),
    ("like-unlike-wait-look", "", "facebook", WAS_TOLD),
    ("like-unlike-wait-look", "", "twitter", OUTRIGHT),
    ("like-unlike-wait-look", "", "twitter-2023", WAS_TOLD),
    ("like-unlike-wait-look", "", "x", WAS_TOLD),
    # The push had arrived before.
    ("like-wait-unlike-look", "", "instagram", WAS_TOLD),
    ("like-wait-unlike-look", "", "facebook", WAS_TOLD),
    ("like-wait-unlike-look", "", "twitter", OUTRIGHT),
    ("like-wait-unlike-look", "", "twitter-2023", WAS_TOLD),
    ("like-wait-unlike-look", "", "x", WAS_TOLD),
    # The same from the poster's seat.
    ("look-like-wait-unlike-look", "&seat=poster", "instagram", WORKED_OUT),
    ("look-like-wait-unlike-look", "&seat=poster", "facebook", WORKED_OUT),
    (
        "look-like-wait-unlike-look",
        "&seat=poster",
        "twitter",
        "You were told that Ana took a like back.",
    ),
    ("look-like-wait-unlike-look", "&seat=poster", "twitter-2023", WORKED_OUT),
    ("look-like-wait-unlike-look", "&seat=poster", "x", WORKED_OUT),
    # A photo of three years ago.
    ("like-wait-unlike-look", "&age=old", "instagram", WAS_TOLD),
    ("like-wait-unlike-look", "&age=old", "facebook", WAS_TOLD),
    ("like-wait-unlike-look", "&age=old", "twitter", OUTRIGHT),
    ("like-wait-unlike-look", "&age=old", "twitter-2023", WAS_TOLD),
    ("like-wait-unlike-look", "&age=old", "x", WAS_TOLD),
    # The like stood while the poster looked, twice.
    ("like-wait-look-wait-look-unlike-look", "", "instagram", SEEN),
    ("like-wait-look-wait-look-unlike-look", "", "facebook", SEEN),
    ("like-wait-look-wait-look-unlike-look", "", "twitter", OUTRIGHT),
    ("like-wait-look-wait-look-unlike-look", "", "twitter-2023", SEEN),
    ("like-wait-look-wait-look-unlike-look", "", "x", SEEN),
]


@pytest.mark.parametrize("mode", MODES)
def test_the_story_as_it_is_told(mode: str) -> None:
    assert said(get(f"/?on={mode}")) == STORY[mode]


@pytest.mark.parametrize(("did", "rest", "mode", "sentence"), FINDINGS)
def test_a_situation_as_it_is_told(did: str, rest: str, mode: str, sentence: str) -> None:
    page = get(f"/?on={mode}&did={did}{rest}")
    assert said(page) == sentence
    assert page.one(having="data-announce").text == sentence
    assert (page.one(css="finding-more").text.startswith(WENT_BACK)) is (rest == "&age=old")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("did=like", "Ben has not looked yet."),
        ("did=like-look", "Ben knows that you like it."),
        ("did=like-unlike", "Ben has not looked yet, so nothing has given it away."),
        (
            "did=look-like-unlike-look&alerts=off",
            "Ben was not told, and nothing he has seen gives it away.",
        ),
        (
            "did=like-unlike-look&alerts=off",
            "Ben was not told, and nothing he has seen gives it away.",
        ),
    ],
)
def test_other_moments_as_they_are_told(query: str, sentence: str) -> None:
    assert said(get(f"/?on=instagram&{query}")) == sentence


@pytest.mark.parametrize("mode", MODES)
def test_there_are_five_situations_and_each_is_a_plain_link(mode: str) -> None:
    cards = get(f"/?on={mode}").all("li", css="question")
    found = [card.one(css="question-asked").one("a") for card in cards]
    assert [link["href"] for link in found] == [
        f"/?on={mode}&did=like-slip-wait-look",
        f"/?on={mode}&did=like-pause-unlike-look",
        f"/?on={mode}&did=look-like-pause-unlike-look&seat=poster",
        f"/?on={mode}&did=like-pause-unlike-look&age=old",
        f"/?on={mode}&did=like-night-look-unlike-look",
    ]
    assert [card.one(css="question-do").one("a")["href"] for card in cards] == [
        f"/situations/{each.slug}/?on={mode}" for each in SITUATIONS
    ]
    assert [name for link in found for name in link.attributes if name.startswith("hx-")] == []
    assert [link.text for link in found] == [s.question for s in SITUATIONS]


@pytest.mark.parametrize("mode", MODES)
def test_the_answer_beside_a_question_is_what_its_page_finds(mode: str) -> None:
    cards = get(f"/?on={mode}").all("li", css="question")
    found = [card.one(css="question-asked").one("a") for card in cards]
    answers = [card.one(css="question-said").text for card in cards]
    for link, answer in zip(found, answers, strict=True):
        drawn = get(link["href"])
        if "notification" not in link.text:
            assert answer.startswith(said(drawn))
    assert [bool(card.all(css="partly")) for card in cards] == [
        answered(each.slug, mode).partly for each in SITUATIONS
    ]
    assert answers[3].endswith(WENT_BACK)
    page = get(found[1]["href"])
    withdrawn = [row for row in rows(page) if "was withdrawn" in row.text]
    assert answers[1] == "The notice in the app goes. A push that has arrived stays."
    assert len(withdrawn) == 1
    assert page.one("button", css="row-push").text.startswith("Ana liked")


# What is withheld


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("did", ["like", "like-unlike", "look-like-look-unlike-look"])
def test_hidden_rows_can_be_left_out_and_nothing_else_changes(mode: str, did: str) -> None:
    shown, left_out = (
        rows(get(f"/?on={mode}&did={did}&alerts=off&hidden={way}")) for way in ("on", "off")
    )
    hidden = [row for row in shown if "hatch" in row.classes]
    assert hidden
    assert all(row.text.startswith("Hidden: ") for row in hidden)
    assert [row for row in left_out if "hatch" in row.classes or "Hidden" in row.text] == []
    assert [row.text for row in left_out] == [row.text for row in shown if row not in hidden]


# What is assumed


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("did", ["look-like-look-unlike-look", "like-unlike-wait-look", "like"])
def test_what_is_assumed_says_so_and_can_be_turned(mode: str, did: str) -> None:
    demo = Demo(on=mode, did=tuple(map(Step, did.split("-"))))
    page, rules = get(demo.address()), platforms()[mode].rules
    assert dialogs(page)
    for dialog in dialogs(page):
        key = dialog["id"].removeprefix("rule-").replace("-", ".", 1)
        rule = rules[key]
        flips = [link["href"] for link in dialog.all("a", css="button")]
        assert flips == ([demo.flipping(key)] if rule.assumed else [])
        assert ("assumed, because nobody documents it" in dialog.text) is rule.assumed
        assert rule.says in dialog.text
        sources = [link["href"] for link in dialog.all("a") if "button" not in link.classes]
        assert sources == [source.url for source in platforms()[mode].evidence(key)]
    for row in rows(page):
        if "row-name" not in row.classes:
            dialog = page.by_id(row["popovertarget"])
            marked = bool(row.all(css="row-assumed"))
            assert marked is bool(dialog.all("a", css="button"))


@pytest.mark.parametrize("mode", MODES)
def test_an_assumption_turned_is_listed_and_can_be_turned_back(mode: str) -> None:
    for key in platforms()[mode].assumptions:
        address = Demo(on=mode).flipping(key)
        back = get(address).by_id(f"flip-{key.replace('.', '-')}")
        assert back["href"] == f"/?on={mode}"


def test_turning_an_assumption_changes_what_follows() -> None:
    """Where a push is taken back with the like, and waited, nothing was seen."""
    address = "/?on=instagram&did=like-unlike-wait-look"
    page = get(address)
    turned = get(page.by_id("rule-push-recalled").one("a", css="button")["href"])
    assert said(page) == WAS_TOLD
    assert said(turned) == "Ben was not told, and nothing he has seen gives it away."


def test_static_files_of_the_page_exist() -> None:
    page = get("/?others=50")
    paths = {
        element[name].removeprefix(settings.STATIC_URL).split("#")[0]
        for name in ("src", "href")
        for element in page.all(having=name)
        if element[name].startswith(settings.STATIC_URL)
    }
    assert len(paths) > 10
    assert [
        path
        for path in paths
        if not (settings.BASE_DIR / "static" / path).exists() and not path.startswith("django_htmx")
    ] == []


def test_the_parts_of_an_address_stay_in_every_link() -> None:
    """Whatever is pressed, nothing that was set is lost but what the press is about."""
    query = "did=like&others=3&world=open&age=old&alerts=off&hidden=off&flip=push.recalled"
    page = get(f"/?on=instagram&{query}")
    assert urlsplit(page.by_id("look")["href"]).query == (
        "on=instagram&did=like-look&others=3&world=open&age=old&alerts=off&hidden=off"
        "&flip=push.recalled"
    )
    assert page.by_id("on-x")["href"] == (
        "/?on=x&did=like&others=3&world=open&age=old&alerts=off&hidden=off&flip=push.recalled"
    )
