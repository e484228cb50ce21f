"""The rules as data, and their versions."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.test import Client

from explainer.published import COLUMNS, LICENCE, Platforms, defused
from feed.disclosure import versions as versions_module
from feed.disclosure.platforms import Platform
from feed.disclosure.versions import (
    FILE,
    VersionError,
    changes_since,
    current_version,
    digest,
    read,
    versions,
)
from feed.modes import platforms
from feed.rules import TITLES, answer

from .pages import read_page

# No test here asks for the database, so each fails on the first query.

DATA = ["/platforms.json", "/platforms.csv", "/platforms.schema.json"]
PAGES = ["/platforms/data/", "/changes/", "/changes.atom"]
NOT_TODAY = {"twitter", "twitter-2023", "pixelfed-2023"}
ATOM = "{http://www.w3.org/2005/Atom}"


def text(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200
    assert response.cookies == {}
    return response.content.decode()


# Nobody changes a rule silently


def test_the_newest_version_is_of_the_rules_as_they_are() -> None:
    now, newest = digest(platforms()), current_version()
    assert now == newest.digest, (
        f"the rules’ digest is {now} and version {newest.number} has {newest.digest}: a rule of a "
        f"platform was changed, or a platform was added or removed. Add a [[version]] to "
        f"{FILE.name} with number = {newest.number + 1}, today’s date, digest = “{now}”, a note, "
        "and what was added, removed or changed (rule, was, now, why). Before the first "
        f"release, set the digest of version {newest.number} instead."
    )


def test_what_the_versions_say_of_the_rules_now_is_so() -> None:
    last = {
        (change.platform, change.rule): change.now
        for version in versions()
        for change in version.changes
    }
    for (slug, key), now in last.items():
        if slug in platforms():
            rule = platforms()[slug].rules[key]
            assert (now.value, now.assume) == (rule.value, rule.assume), (slug, key)


def test_the_digest_is_of_values_and_not_of_prose(capsys: pytest.CaptureFixture[str]) -> None:
    x = platforms()["x"]

    def with_rule(**fields: object) -> dict[str, Platform]:
        rule = x.inbox.again.model_copy(update=fields)
        other = x.model_copy(update={"inbox": x.inbox.model_copy(update={"again": rule})})
        other.__dict__.pop("rules", None)
        return {"x": other}

    same = digest({"x": x})
    assert digest(with_rule(says="Otherwise said.", confidence="low", sources=())) == same
    assert digest({"x": x.model_copy(update={"note": "Another."})}) == same
    assert digest(with_rule(value=not x.inbox.again.holds, assume=None)) != same
    assert digest(with_rule(assume=not x.inbox.again.holds)) != same
    assert digest({"other": x}) != same
    assert digest({**platforms()}) == digest(dict(reversed(platforms().items())))
    call_command("rules_digest")
    assert capsys.readouterr().out.strip() == digest(platforms())


# A list of versions

FIRST = 'number = 1\ndate = 2026-11-21\ndigest = "a"\nnote = "The first."\n'
CHANGE = """
[[version.changes]]
platform = "mastodon"
rule = "inbox.again"
was = { value = "unknown", assume = false }
now = { value = true }
why = "A report says so."
"""
AUDIENCE = """
[[version.changes]]
platform = "x"
rule = "likers.audience"
was = { value = "everyone" }
now = { value = "poster" }
why = "Likes became private."
"""
SECOND = (
    '[[version]]\nnumber = 2\ndate = 2027-01-31\ndigest = "b"\nnote = "A correction."\n'
    f'added = ["x"]\nremoved = ["myspace"]\n{CHANGE}{AUDIENCE}'
)
THIRD = (
    '[[version]]\nnumber = 3\ndate = 2027-02-01\ndigest = "c"\nnote = "Back."\n'
    + CHANGE.replace("was =", "before =").replace("now =", "was =").replace("before =", "now =")
)
AGAIN = "it was “No, assumed”, it is “Yes”. A report says so."
PRIVATE = "it was “Everyone”, it is “The poster”. Likes became private."


def write(folder: Path, *parts: str) -> Path:
    path = folder / "versions.toml"
    path.write_text("[[version]]\n" + "\n".join([FIRST, *parts]))
    return path


@pytest.fixture
def three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three versions stand in the list."""
    monkeypatch.setattr(versions_module, "FILE", write(tmp_path, SECOND, THIRD))
    versions.cache_clear()
    yield
    versions.cache_clear()


def test_the_list_begins_with_the_rules_that_were_published_first() -> None:
    first = versions()[0]
    assert (first.number, first.date, first.changes) == (1, date(2026, 11, 21), ())


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("number", "slug", "expected"),
    [
        (0, "mastodon", [(2, True), (3, "unknown")]),
        (1, "mastodon", [(2, True), (3, "unknown")]),
        (2, "mastodon", [(3, "unknown")]),
        (3, "mastodon", []),
        (99, "mastodon", []),
        (1, "x", [(2, "poster")]),
        (1, "instagram", []),
    ],
)
def test_a_link_of_a_version_learns_what_was_corrected_since(
    number: int, slug: str, expected: list[tuple[int, object]]
) -> None:
    assert current_version().number == 3
    assert [(c.number, c.now.value) for c in changes_since(number, slug)] == expected


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ((SECOND.replace("number = 2", "number = 3"),), "they go 1, 2, 3"),
        ((SECOND.replace("2027", "2025"),), "version 2 is older than the one before"),
        ((SECOND.partition("added")[0],), "version 2 changes nothing"),
        ((SECOND.replace("inbox.again", "inbox.twice"),), "there is no rule “inbox.twice”"),
        ((SECOND.replace("{ value = true }", '{ value = "maybe" }'),), "“inbox.again” cannot be"),
        ((SECOND.replace("{ value = true }", "{ holds = true }"),), "has a value"),
        ((SECOND.replace(", assume = false", ""),), "names what it assumes"),
        (('why = "Nothing of the kind."',), "version.0.why: Extra inputs are not permitted"),
        (("note = 3",), "this is not TOML"),
        (('[[version]]\nnumber = "2"',), "version.1.date: Field required"),
    ],
)
def test_a_bad_list_is_refused(tmp_path: Path, parts: tuple[str, ...], problem: str) -> None:
    read(write(tmp_path, SECOND, THIRD))
    with pytest.raises(VersionError) as caught:
        read(write(tmp_path, *parts))
    assert str(caught.value).startswith("versions.toml: ")
    assert problem in str(caught.value)


@pytest.mark.usefixtures("three")
def test_the_changes_are_told_the_latest_first() -> None:
    page = read_page(text("/changes/"))
    told = page.all("li", css="version")
    assert [item["id"] for item in told] == ["version-3", "version-2", "version-1"]
    second = told[1]
    assert [p.text for p in second.all("p")] == [
        "31 January 2027",
        "A correction.",
        "Added: X",
        "Removed: myspace",
    ]
    assert [item.text for item in second.all("li")[1:]] == [
        f"Mastodon, a second like announced again: {AGAIN}",
        f"X, who sees the names of who likes it: {PRIVATE}",
    ]
    assert [a["href"] for a in second.all("a")] == [
        "/platforms/mastodon/#inbox-again",
        "/platforms/x/#likers-audience",
    ]


@pytest.mark.usefixtures("three")
def test_a_platform_tells_what_was_corrected_of_it() -> None:
    found = {
        slug: [
            item.text
            for part in read_page(text(f"/platforms/{slug}/")).all("ul", css="corrections")
            for item in part.all("li")
        ]
        for slug in ("mastodon", "x", "instagram")
    }
    again = "A second like announced again: it was"
    assert found == {
        "mastodon": [
            f"{again} “Yes”, it is “No, assumed”. A report says so. Version 3, 1 February 2027",
            f"{again} “No, assumed”, it is “Yes”. A report says so. Version 2, 31 January 2027",
        ],
        "x": [
            f"Who sees the names of who likes it: {PRIVATE} Version 2, 31 January 2027",
        ],
        "instagram": [],
    }


@pytest.mark.usefixtures("three")
def test_the_feed_tells_the_same_as_the_page() -> None:
    response = Client().get("/changes.atom")
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(response.content)
    entries = feed.findall(f"{ATOM}entry")
    assert [
        [entry.findtext(f"{ATOM}{part}") for part in ("title", "id", "updated")]
        for entry in entries
    ] == [
        [
            f"Version {number} of the rules",
            f"http://testserver/changes/#version-{number}",
            f"{day}T00:00:00+00:00",
        ]
        for number, day in [(3, "2027-02-01"), (2, "2027-01-31"), (1, "2026-11-21")]
    ]
    assert entries[1].findtext(f"{ATOM}summary") == (
        "A correction.\nAdded: X.\nRemoved: myspace.\n"
        f"Mastodon, a second like announced again: {AGAIN}\n"
        f"X, who sees the names of who likes it: {PRIVATE}"
    )
    assert feed.findtext(f"{ATOM}updated") == "2027-02-01T00:00:00+00:00"
    selves = [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert selves == ["http://testserver/changes.atom"]


# JSON


def test_the_json_fits_its_schema_and_comes_back_as_it_was() -> None:
    served = text("/platforms.json")
    whole = Platforms.model_validate_json(served)
    assert f"{whole.model_dump_json(by_alias=True, indent=1)}\n" == served
    schema = json.loads(text("/platforms.schema.json"))
    assert schema == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Platforms.model_json_schema(mode="serialization"),
    }
    assert set(schema["required"]) == set(json.loads(served))
    assert whole.schema_ == "http://testserver/platforms.schema.json"


def test_the_json_holds_every_rule_of_every_platform() -> None:
    served = json.loads(text("/platforms.json"))
    assert served["version"] == current_version().number
    assert served["date"] == str(current_version().date)
    assert served["licence"] == LICENCE.model_dump()
    assert [each["slug"] for each in served["platforms"]] == list(platforms())
    for each, platform in zip(served["platforms"], platforms().values(), strict=True):
        assert each["page"] == f"http://testserver/platforms/{platform.slug}/"
        assert each["today"] is (platform.slug not in NOT_TODAY)
        assert each["as_told"] is (platform.slug == "twitter")
        assert each["words"] == platform.words.model_dump()
        assert each["period"] == platform.period.model_dump(mode="json")
        assert each["checked"] == str(platform.checked)
        assert list(each["sources"]) == list(platform.sources)
        assert all(source["url"].startswith("http") for source in each["sources"].values())
        assert [rule["key"] for rule in each["rules"]] == list(platform.rules)
        for given, (key, rule) in zip(each["rules"], platform.rules.items(), strict=True):
            assert given == {
                "key": key,
                "title": TITLES[key],
                "answer": answer(key, rule),
                "value": rule.holds,
                "assumed": rule.assumed,
                "otherwise": rule.flipped().holds if rule.assumed else None,
                "says": rule.says,
                "confidence": rule.confidence,
                "sources": list(rule.sources),
            }


# CSV


def test_the_csv_has_one_row_a_rule() -> None:
    response = Client().get("/platforms.csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    name = f"can-they-tell-platforms-v{current_version().number}.csv"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response.content.startswith("\ufeffplatform,today,key,".encode())
    found = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
    assert list(found[0]) == list(COLUMNS)
    rules = [(p, key) for p in platforms().values() for key in p.rules]
    assert len(found) == len(rules)
    for row, (platform, key) in zip(found, rules, strict=True):
        rule, holds = platform.rules[key], platform.rules[key].holds
        urls = [source.url for source in platform.evidence(key)]
        assert row == {
            "platform": platform.slug,
            "today": "false" if platform.slug in NOT_TODAY else "true",
            "key": key,
            "answer": answer(key, rule),
            "value": str(holds).lower() if isinstance(holds, bool) else str(holds),
            "assumed": "true" if rule.assumed else "false",
            "says": rule.says,
            "confidence": rule.confidence or "",
            "sources": "\n".join(f"http://testserver{u}" if u[0] == "/" else u for u in urls),
        }


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-cmd", "'-cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("-2.0", "-2.0"),
        ("+3", "+3"),
        ("2 = 2", "2 = 2"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(cell: str, expected: str) -> None:
    assert defused(cell) == expected


# The page that documents both


def test_the_page_documents_every_column_and_shows_real_data() -> None:
    page = read_page(text("/platforms/data/"))
    columns = page.one("dl", css="columns")
    assert {div.one("dt").text: div.one("dd").text for div in columns.all("div")} == COLUMNS
    links = [a["href"] for a in page.one("main").all("a")]
    assert set(DATA) | {LICENCE.url, "/changes/"} <= set(links)
    assert LICENCE.note in page.one("main").text
    shown = json.loads(page.one("pre").text)
    served = json.loads(text("/platforms.json"))
    assert {name: shown[name] for name in shown if name != "platforms"} == {
        name: served[name] for name in served if name != "platforms"
    }
    (rule,) = shown["platforms"][0]["rules"]
    assert rule in served["platforms"][0]["rules"]
    Platforms.model_validate(shown)


# Kept by anybody


@pytest.mark.parametrize("address", [*DATA, *PAGES])
def test_it_may_be_kept_and_is_not_sent_twice(address: str) -> None:
    first = Client().get(address)
    seconds = 24 * 3600 if address in DATA else 600
    assert first.headers["Cache-Control"] == f"public, max-age={seconds}"
    assert first.cookies == {}
    again = Client().get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = Client().get(address, headers={"If-None-Match": '"another"'})
    assert (other.status_code, other.content) == (200, first.content)
    assert Client().post(address).status_code == 405
    assert Client().head(address).status_code == 200


@pytest.mark.parametrize("address", DATA)
def test_data_is_open_to_other_sites_and_old_words_are_not_kept_by_a_date(address: str) -> None:
    response = Client().get(address)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Last-Modified" not in response.headers
    since = {"If-Modified-Since": "Sat, 01 Jan 2050 00:00:00 GMT"}
    assert Client().get(address, headers=since).status_code == 200
