"""The platform files as they are shipped, and how a bad one is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed.disclosure.platforms import (
    FOLDER,
    PARTS,
    Audience,
    Platform,
    PlatformError,
    Rule,
    Seat,
    each_rule,
    read,
    read_all,
    rounded,
    settings,
)

from .cast import PINNED

PLATFORMS = read_all()
ARTICLE = "/credits/#article"

# A question mark stands for a rule that nobody documents: the value is what is assumed.
MATRIX = """
rule                 instagram    facebook     twitter      twitter-2023 x
limits.delay         0?           0?           0?           0?           0?
limits.undo_within   ever?        ever?        ever?        ever?        ever?
inbox.like           yes          yes          yes          yes          yes
inbox.unlike         no           no           no           no           no
inbox.withdrawn      yes          yes          yes?         yes?         yes?
inbox.again          yes?         yes?         yes?         yes?         yes?
inbox.grouped        yes          no?          no?          no?          no?
push.like            yes          yes          yes          yes          yes
push.unlike          no           no           no           no           no
push.delay           0?           0?           0?           0?           0?
push.stopped         yes?         yes?         yes?         yes?         yes?
push.waits           172800?      172800?      172800?      172800?      172800?
push.recalled        no?          no?          no?          no?          no?
mail.like            no?          no?          no?          no?          no?
mail.delay           0?           0?           0?           0?           0?
count.audience       everyone     everyone     everyone     everyone     everyone
count.written        exact?       exact?       exact?       exact?       exact?
count.hideable       yes          yes          no?          no?          no?
likers.audience      everyone     everyone     everyone     everyone     poster
likers.first         100          all?         all          all?         all?
unlikers.audience    nobody       nobody       poster       nobody       nobody
insights.audience    poster       nobody?      poster       poster       poster
insights.likes       net?         net?         net?         net?         gross?
insights.unlikes     no           no?          no           no           yes
developer.likers     none         none         all          all          100
developer.count      yes          yes          yes          yes          yes
developer.unlikes    none         none         none         none         number
developer.tracking   forbidden    forbidden    forbidden    forbidden    forbidden
developer.penalty    account      account      account      account      access
network.unlike       nobody?      nobody?      nobody       nobody       nobody
profile.likes        liker        liker?       everyone     everyone     liker
figures.comments     yes          no?          yes          yes          yes
figures.shares       yes          no?          yes          yes          yes
figures.views        yes          no?          yes          yes          yes
figures.reach        yes          no?          no?          no?          no
ranking.like         1.0?         1.0?         0.5          0.5          0.5
ranking.unlike       -1.0?        -1.0?        -0.5?        -0.5?        0.0
ranking.comment      2.0?         2.0?         13.5         13.5         5.0
ranking.share        2.0?         2.0?         1.0          1.0          1.0
ranking.time         0.5?         0.5?         5.5          5.5          0.24
ranking.others       0.1?         0.1?         0.1?         0.1?         0.1?
ranking.age          -1.0?        -1.0?        -1.0?        -1.0?        -1.0?
ranking.standing     -4.0?        -4.0?        -4.0?        -4.0?        -4.0?
ranking.reach        0.05?        0.05?        0.05?        0.05?        0.05?
"""

# What the article says of its three platforms; the modes named after them must show it.
CLAIMS = [
    ("A2", "count.audience", {"instagram": "everyone", "facebook": "everyone"}),
    ("A2", "count.audience", {"twitter": "everyone"}),
    ("A4", "inbox.like", {"instagram": True, "facebook": True, "twitter": True}),
    ("A4", "push.like", {"instagram": True, "facebook": True, "twitter": True}),
    ("A7", "inbox.unlike", {"instagram": False}),
    ("A7", "unlikers.audience", {"instagram": "nobody"}),
    ("A8", "inbox.unlike", {"facebook": False}),
    ("A8", "unlikers.audience", {"facebook": "nobody"}),
    ("A9", "unlikers.audience", {"twitter": "poster"}),
    ("A16", "inbox.unlike", {"twitter": False}),
    ("A16", "push.unlike", {"instagram": False, "facebook": False, "twitter": False}),
]


def written(rule: Rule[object]) -> str:
    value = ("no", "yes")[rule.holds] if isinstance(rule.holds, bool) else rule.holds
    return f"{value}?" if rule.assumed else f"{value}"


def contrast_on_white(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


each_platform = pytest.mark.parametrize("platform", PLATFORMS.values(), ids=list(PLATFORMS))


class TestShippedFiles:
    def test_say_what_the_table_says(self) -> None:
        header, *rows = [line.split() for line in MATRIX.strip().splitlines()]
        slugs = header[1:]
        keys = PLATFORMS["x"].rules
        assert slugs == [*PINNED]
        assert [
            [key, *(written(PLATFORMS[slug].rules[key]) for slug in slugs)] for key in keys
        ] == rows

    def test_bear_the_name_of_their_platform(self) -> None:
        assert {path.stem for path in FOLDER.glob("*.toml")} == set(PLATFORMS)

    @pytest.mark.parametrize(("claim", "key", "values"), CLAIMS, ids=lambda part: str(part)[:20])
    def test_show_what_the_article_claims(
        self, claim: str, key: str, values: dict[str, object]
    ) -> None:
        assert {slug: PLATFORMS[slug].rules[key].holds for slug in values} == values

    def test_twitter_as_told_and_by_the_evidence_differ_in_the_list_of_unlikers_alone(self) -> None:
        told, evidence = PLATFORMS["twitter"].rules, PLATFORMS["twitter-2023"].rules
        assert [key for key in told if told[key].holds != evidence[key].holds] == [
            "unlikers.audience"
        ]

    def test_are_of_today_but_for_ended_periods_and_what_is_only_told(self) -> None:
        apart = {slug for slug, platform in PLATFORMS.items() if not platform.today}
        assert apart == {"twitter", "twitter-2023", "pixelfed-2023"}
        assert [slug for slug, platform in PLATFORMS.items() if platform.as_told] == ["twitter"]

    @each_platform
    def test_back_every_known_rule_with_sources_that_exist(self, platform: Platform) -> None:
        bare = [
            key for key, rule in platform.rules.items() if not rule.assumed and not rule.sources
        ]
        assert bare == []
        for key, rule in platform.rules.items():
            assert [platform.sources[name] for name in rule.sources] == [*platform.evidence(key)]

    @each_platform
    def test_name_no_source_in_vain(self, platform: Platform) -> None:
        used = {name for rule in platform.rules.values() for name in rule.sources}
        assert used == set(platform.sources)

    @each_platform
    def test_give_every_source_an_address_that_can_be_opened(self, platform: Platform) -> None:
        assert [
            source.url
            for source in platform.sources.values()
            if not source.url.startswith("https://") and source.url != ARTICLE
        ] == []

    def test_tell_the_same_of_a_source_wherever_they_name_it(self) -> None:
        sources = [s for platform in PLATFORMS.values() for s in platform.sources.values()]
        assert len(set(sources)) == len({s.url for s in sources}) < len(sources)

    @each_platform
    def test_turn_every_assumption_round_and_back(self, platform: Platform) -> None:
        assert platform.assumptions
        for key in platform.assumptions:
            other = platform.flipped(key)
            changed = [k for k in platform.rules if other.rules[k] != platform.rules[k]]
            assert changed == [key]
            assert other.rules[key].holds != platform.rules[key].holds
            assert other.assumptions == platform.assumptions
            assert other.flipped(key) == platform

    def test_turn_several_assumptions_round_at_once(self) -> None:
        x = PLATFORMS["x"]
        both = x.flipped("inbox.withdrawn", "inbox.again")
        assert (both.inbox.withdrawn.holds, both.inbox.again.holds) == (False, False)
        assert (x.inbox.withdrawn.holds, x.inbox.again.holds) == (True, True)

    @pytest.mark.parametrize("key", ["likers.audience", "likers.colour", "likers", ""])
    def test_refuse_to_turn_round_what_is_no_assumption(self, key: str) -> None:
        with pytest.raises(KeyError, match=re.escape(repr(key))):
            PLATFORMS["x"].flipped(key)

    def test_put_each_rule_into_one_plain_sentence(self) -> None:
        odd = [
            (platform.slug, key, rule.says)
            for platform, key, rule in each_rule(PLATFORMS)
            if not re.fullmatch(r"[A-Z][^!]{20,158}\.", rule.says) or ". " in rule.says
        ]
        assert odd == []

    def test_say_of_a_rule_that_nobody_documents_it_where_nobody_does(self) -> None:
        silent = [
            (platform.slug, key)
            for platform, key, rule in each_rule(PLATFORMS)
            if rule.assumed
            and not re.search(
                r"[Nn]obody documents|is documented|does not say|not found|Not looked up", rule.says
            )
        ]
        assert silent == []

    def test_wear_colours_of_their_own_that_can_be_read(self) -> None:
        accents = [platform.accent for platform in PLATFORMS.values()]
        assert len(set(accents)) == len(accents)
        assert [accent for accent in accents if contrast_on_white(accent) < 4.5] == []


def changed(key: str, line: str | None) -> str:
    """A good file with one line of a table replaced, added, or (for None) left out."""
    text = (FOLDER / "instagram.toml").read_text(encoding="utf-8")
    table, _, name = key.rpartition(".")
    start = text.index(f"[{table}]\n") + len(table) + 3 if table else 0
    head, rest = text[:start], text[start:]
    end = rest.index("\n[") if "\n[" in rest else len(rest)
    body, tail = rest[:end], rest[end:]
    lines = [found for found in body.splitlines() if not found.startswith(f"{name} = ")]
    return head + "\n".join([*([line] if line else []), *lines]) + "\n" + tail


def refused(tmp_path: Path, content: str | bytes, name: str = "bad.toml") -> str:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(PlatformError) as error:
        read_all(tmp_path)
    return str(error.value)


AUDIENCES = (
    "'nobody', 'poster', 'liker', 'followers', 'servers', 'readers', 'everyone' or 'app', "
    "or 'unknown'"
)
KINDS = (
    "\"the platform's own words\", 'source code', 'several reports', 'one report' or 'the article'"
)
WRITTEN = "“exact”, “none”, “rounded from N” (N at least 1000) or “fuzzed by N”"

BAD = [
    # unknown keys
    (
        "inbox.like.because",
        "because = 1",
        (
            "inbox.like.because: there is no such key; there are: value, says, assume, otherwise, "
            "sources, confidence"
        ),
    ),
    (
        "words.verb",
        'verb = "like"',
        (
            "words.verb: there is no such key; "
            "there are: like, unlike, liked, unliked, noun, likes, icon"
        ),
    ),
    (
        "sources.terms.author",
        'author = "Ann"',
        "sources.terms.author: there is no such key; there are: title, url, date, dated, kind",
    ),
    # what is missing
    ("accent", None, "accent: it is missing"),
    ("inbox.like.says", None, "inbox.like.says: it is missing"),
    ("inbox.like.value", None, "inbox.like.value: it is missing"),
    ("words.noun", None, "words.noun: it is missing"),
    # wrong values, one of each type
    (
        "inbox.like.value",
        'value = "yes"',
        "inbox.like.value: it must be true or false, or 'unknown'; it is \"yes\"",
    ),
    (
        "inbox.like.value",
        "value = 1",
        "inbox.like.value: it must be true or false, or 'unknown'; it is 1",
    ),
    (
        "inbox.again.assume",
        'assume = "maybe"',
        'inbox.again.assume: it must be true or false; it is "maybe"',
    ),
    (
        "count.audience.value",
        'value = "friends"',
        f'count.audience.value: it must be {AUDIENCES}; it is "friends"',
    ),
    (
        "likers.first.value",
        "value = 0",
        "likers.first.value: it must be at least 1, or 'all', or 'unknown'; it is 0",
    ),
    (
        "likers.first.value",
        "value = true",
        "likers.first.value: it must be a whole number, or 'all', or 'unknown'; it is true",
    ),
    ("push.waits.assume", "assume = -1", "push.waits.assume: it must be at least 0; it is -1"),
    (
        "push.waits.assume",
        "assume = 0.5",
        "push.waits.assume: it must be a whole number; it is 0.5",
    ),
    (
        "limits.undo_within.assume",
        'assume = "never"',
        "limits.undo_within.assume: it must be a whole number, or 'ever'; it is \"never\"",
    ),
    (
        "count.written.assume",
        'assume = "rounded from 10"',
        f'count.written.assume: it must be {WRITTEN}; it is "rounded from 10"',
    ),
    (
        "count.written.assume",
        "assume = 7",
        "count.written.assume: it must be text in quotes; it is 7",
    ),
    (
        "developer.unlikes.value",
        'value = "all"',
        (
            "developer.unlikes.value: it must be 'names', 'number' or 'none', or 'unknown'; "
            'it is "all"'
        ),
    ),
    ("accent", 'accent = "red"', 'accent: it must be a colour, such as “#c13584”; it is "red"'),
    (
        "slug",
        'slug = "Insta gram"',
        (
            "slug: it must be small letters, digits and hyphens, such as “twitter-2023”; "
            'it is "Insta gram"'
        ),
    ),
    ("order", 'order = "first"', 'order: it must be a whole number; it is "first"'),
    (
        "words.icon",
        'icon = "fist"',
        "words.icon: it must be 'heart', 'thumb', 'star' or 'arrow'; it is \"fist\"",
    ),
    ("words.like", 'like = " "', 'words.like: it must not be empty; it is " "'),
    (
        "period.since",
        'since = "soon"',
        'period.since: it must be a date, such as 2026-01-31; it is "soon"',
    ),
    ("period.until", "until = 2021-01-01", "period.until: it comes before period.since"),
    # evidence
    ("sources.terms.url", None, "sources.terms.url: it is missing"),
    ("sources.terms.date", None, "sources.terms.date: it is missing"),
    ("sources.terms.kind", None, "sources.terms.kind: it is missing"),
    (
        "sources.terms.url",
        'url = "example.org"',
        (
            "sources.terms.url: it must be an address that begins with https://, http:// or /; "
            'it is "example.org"'
        ),
    ),
    (
        "sources.terms.date",
        'date = "2024"',
        'sources.terms.date: it must be a date, such as 2026-01-31; it is "2024"',
    ),
    (
        "sources.terms.kind",
        'kind = "hearsay"',
        f'sources.terms.kind: it must be {KINDS}; it is "hearsay"',
    ),
    (
        "inbox.like.sources",
        'sources = "article"',
        'inbox.like.sources: it must be a list, such as ["article"]; it is "article"',
    ),
    (
        "inbox.like.confidence",
        'confidence = "sure"',
        "inbox.like.confidence: it must be 'high', 'medium' or 'low'; it is \"sure\"",
    ),
    (
        "inbox.like.sources",
        'sources = ["hearsay"]',
        (
            "inbox.like.sources: no source “hearsay”; there are: article, touchgenix, slipsum, "
            "slipsum-limit, nexone, tech-times, reels, qainsta, hidden-counts, pocketnow, "
            "washington-examiner, list-2021, list-2026, insights, terms, like-patrol, apple, "
            "onesignal, mastodon, signals"
        ),
    ),
    (
        "ranking.like.assume",
        'assume = "much"',
        'ranking.like.assume: it must be a number; it is "much"',
    ),
    (
        "ranking.others.assume",
        "assume = -0.1",
        "ranking.others.assume: it must be at least 0; it is -0.1",
    ),
    (
        "ranking.reach.assume",
        "assume = 5.0",
        "ranking.reach.assume: it must be at most 1; it is 5.0",
    ),
    # what goes with what
    (
        "inbox.like.sources",
        None,
        'inbox.like: a rule needs "sources", or the value "unknown"',
    ),
    (
        "inbox.like.confidence",
        None,
        'inbox.like: a rule with sources needs "confidence": high, medium or low',
    ),
    (
        "inbox.again.assume",
        None,
        'inbox.again: a rule that is "unknown" names what it assumes, in "assume"',
    ),
    (
        "push.waits.otherwise",
        None,
        'push.waits: a rule that is "unknown" names the other case, in "otherwise"',
    ),
    (
        "push.waits.otherwise",
        "otherwise = 172800",
        'push.waits: a rule that is "unknown" names the other case, in "otherwise"',
    ),
    (
        "inbox.again.otherwise",
        "otherwise = false",
        'inbox.again: "otherwise" is left out for true or false: it is the other',
    ),
    (
        "inbox.like.assume",
        "assume = true",
        'inbox.like: "assume" and "otherwise" go with the value "unknown" only',
    ),
    (
        "insights.unlikes.value",
        "value = true",
        (
            "insights.unlikes: a number of unlikes needs likers.first = “all”, because the engine "
            "reasons from such a number only beside a complete list"
        ),
    ),
]


class TestBadFile:
    @pytest.mark.parametrize(
        ("key", "line", "message"), BAD, ids=[f"{key}: {line}" for key, line, _ in BAD]
    )
    def test_is_refused_with_one_message(
        self, tmp_path: Path, key: str, line: str | None, message: str
    ) -> None:
        assert refused(tmp_path, changed(key, line)) == f"bad.toml: {message}"

    def test_differs_from_a_good_one_by_its_one_line(self, tmp_path: Path) -> None:
        path = tmp_path / "good.toml"
        path.write_text(changed("inbox.like.value", "value = true"), encoding="utf-8")
        assert read(path) == PLATFORMS["instagram"]

    @pytest.mark.parametrize(
        ("table", "missing"),
        [("inbox.again", "inbox.again"), ("network.unlike", "network"), ("words", "words")],
    )
    def test_lacks_a_table(self, tmp_path: Path, table: str, missing: str) -> None:
        text = (FOLDER / "instagram.toml").read_text(encoding="utf-8")
        without = re.sub(rf"(?ms)^\[{table}\]\n.*?(?=^\[|\Z)", "", text)
        assert refused(tmp_path, without) == f"bad.toml: {missing}: it is missing"

    def test_misspells_a_rule(self, tmp_path: Path) -> None:
        text = (FOLDER / "instagram.toml").read_text(encoding="utf-8")
        assert refused(tmp_path, text.replace("[inbox.again]", "[inbox.agian]")) == (
            "bad.toml: inbox.agian: there is no such key; "
            "there are: like, unlike, withdrawn, again, grouped"
        )

    def test_misspells_a_channel(self, tmp_path: Path) -> None:
        text = (FOLDER / "instagram.toml").read_text(encoding="utf-8")
        assert refused(tmp_path, text.replace("[network.unlike]", "[netwerk.unlike]")) == (
            "bad.toml: netwerk: there is no such key; there are: slug, name, label, order, "
            "open_source, as_told, accent, note, checked, period, words, sources, "
            f"{', '.join(PARTS)}"
        )

    def test_has_a_value_in_the_place_of_a_rule(self, tmp_path: Path) -> None:
        text = (FOLDER / "instagram.toml").read_text(encoding="utf-8")
        without = re.sub(r"(?ms)^\[network\.unlike\]\n.*\Z", '[network]\nunlike = "no"\n', text)
        assert refused(tmp_path, without) == (
            'bad.toml: network.unlike: it must be a table of keys; it is "no"'
        )

    def test_is_not_toml(self, tmp_path: Path) -> None:
        assert refused(tmp_path, 'slug = "x\n') == (
            "bad.toml: this is not TOML: Illegal character '\\n' (at line 1, column 10)"
        )

    def test_is_not_utf_8(self, tmp_path: Path) -> None:
        assert refused(tmp_path, b'name = "caf\xe9"\n') == (
            "bad.toml: it must be text in UTF-8: invalid continuation byte"
        )

    def test_cannot_be_read(self, tmp_path: Path) -> None:
        (tmp_path / "bad.toml").mkdir()
        with pytest.raises(PlatformError, match=r"^bad\.toml: it cannot be read: Is a directory$"):
            read_all(tmp_path)

    def test_has_the_slug_of_another(self, tmp_path: Path) -> None:
        text = changed("slug", 'slug = "instagram"')
        (tmp_path / "a.toml").write_text(text, encoding="utf-8")
        assert refused(tmp_path, text, name="b.toml") == (
            "b.toml: slug: “instagram” is the slug of a.toml too; each file needs one of its own"
        )


class TestFolder:
    def test_without_files_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(PlatformError) as error:
            read_all(tmp_path)
        assert str(error.value) == f"{tmp_path}: there is no platform file (*.toml) in it"

    def test_is_read_in_the_order_of_the_switch(self, tmp_path: Path) -> None:
        for name, order in (("a", 3), ("b", 1), ("c", 2), ("d", 2)):
            text = changed("order", f"order = {order}").replace('"instagram"', f'"{name}"', 1)
            (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        assert list(read_all(tmp_path)) == ["b", "c", "d", "a"]


@pytest.mark.parametrize(
    ("audience", "seats"),
    [
        ("nobody", ""),
        ("poster", "poster"),
        ("liker", "liker"),
        ("followers", "poster liker friend"),
        ("servers", "server"),
        ("readers", "reader"),
        ("everyone", "poster liker friend stranger server reader"),
        ("app", "app"),
    ],
)
def test_an_audience_takes_in_these_seats(audience: str, seats: str) -> None:
    assert [seat for seat in Seat if Audience(audience).includes(seat)] == seats.split()


@pytest.mark.parametrize(
    ("value", "start", "text", "low", "high"),
    [
        (0, 1000, "0", 0, 0),
        (999, 1000, "999", 999, 999),
        (1_000, 1000, "1K", 1_000, 1_049),
        (1_249, 1000, "1.2K", 1_150, 1_249),
        (1_250, 1000, "1.3K", 1_250, 1_349),
        (9_999, 10_000, "9,999", 9_999, 9_999),
        (10_000, 10_000, "10K", 10_000, 10_049),
        (99_949, 1000, "99.9K", 99_850, 99_949),
        (99_950, 1000, "100K", 99_950, 100_499),
        (999_499, 1000, "999K", 998_500, 999_499),
        (999_500, 1000, "1M", 999_500, 1_049_999),
        (99_950_000, 1000, "100M", 99_950_000, 100_499_999),
    ],
)
def test_a_count_is_rounded(value: int, start: int, text: str, low: int, high: int) -> None:
    assert rounded(value, start) == (text, low, high)


# Values cluster where the writing changes, so that the edges are met.
edges = st.sampled_from([1_000, 10_000, 99_950, 100_000, 999_500, 1_000_000, 99_950_000])
counts = st.one_of(
    st.integers(0, 200_000_000),
    st.integers(0, 3_000),
    st.builds(lambda edge, step: max(0, edge + step), edges, st.integers(-120, 120)),
)
starts = st.one_of(st.sampled_from([1_000, 10_000]), st.integers(1_000, 2_000_000))


@given(value=counts, start=starts)
def test_a_rounded_count_stands_for_itself_and_for_all_that_are_written_alike(
    value: int, start: int
) -> None:
    text, low, high = rounded(value, start)
    assert low <= value <= high
    assert {rounded(same, start) for same in (low, high, (low + high) // 2)} == {(text, low, high)}


@given(value=counts, start=starts)
def test_the_next_count_outside_is_written_differently(value: int, start: int) -> None:
    text, low, high = rounded(value, start)
    above = rounded(high + 1, start)
    assert above[0] != text
    assert above[1] == high + 1
    if low:
        below = rounded(low - 1, start)
        assert below[0] != text
        assert below[2] == low - 1


@given(one=counts, other=counts, start=starts)
def test_counts_written_differently_stand_for_different_values(
    one: int, other: int, start: int
) -> None:
    text, low, high = rounded(one, start)
    other_text, other_low, other_high = rounded(other, start)
    if text == other_text:
        assert (low, high) == (other_low, other_high)
    else:
        assert high < other_low or other_high < low


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("exact", ("exact", 0)),
        ("none", ("none", 0)),
        ("rounded from 10000", ("rounded", 10_000)),
        ("fuzzed by 3", ("fuzzed", 3)),
    ],
)
def test_the_writing_of_counts_is_taken_apart(text: str, expected: tuple[str, int]) -> None:
    assert settings(text) == expected
