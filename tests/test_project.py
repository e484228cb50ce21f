"""The project as a whole: it starts, it refuses what is wrong, and its papers are true."""

import os
import re
import shutil
import socket
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import resolve
from django_htmx.middleware import HtmxDetails
from pytest_django import Settings

from feed.checks import check_platforms
from socialsite.pages import render_page

ROOT = settings.BASE_DIR
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
KEY = "k" * 50


def python(
    code: str, *, folder: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run code in a fresh interpreter that has nothing in its environment but what is given."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=folder,
        env={"DJANGO_SETTINGS_MODULE": "socialsite.settings", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


# Code


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_engine_knows_nothing_of_django_or_the_project() -> None:
    modules = sorted(path.stem for path in (ROOT / "feed" / "disclosure").glob("[a-z]*.py"))
    assert "platforms" in modules
    imports = "; ".join(f"import feed.disclosure.{module}" for module in modules)
    done = python(
        f"import sys; {imports}\n"
        "print([name for name in sys.modules if name.split('.')[0] in "
        "('django', 'environ', 'socialsite', 'explainer')"
        " or name.startswith('feed.') and not name.startswith('feed.disclosure')])"
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_the_feed_never_imports_the_explainer() -> None:
    importing = re.compile(r"^\s*(from|import) explainer\b", re.MULTILINE)
    guilty = [p.name for p in (ROOT / "feed").rglob("*.py") if importing.search(p.read_text())]
    assert guilty == []


# Starting


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"ALLOWED_HOSTS": "example.org"}, "needs a SECRET_KEY of its own"),
        ({"ALLOWED_HOSTS": "*"}, "needs a SECRET_KEY of its own"),
        ({"ALLOWED_HOSTS": "localhost, example.org", "SECRET_KEY": "short"}, "50 characters"),
        ({"ALLOWED_HOSTS": "example.org", "SECRET_KEY": KEY, "DEBUG": "on"}, "Leave DEBUG off"),
        ({"DEBUG": "maybe"}, "DEBUG must be one of on, true, yes, 1, off, false, no, 0"),
        ({"HTTPS": "2"}, "HTTPS must be one of on, true, yes, 1, off, false, no, 0"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL"),
        ({"DATABASE_URL": "mysql://host/name"}, "DATABASE_URL must be sqlite:////path/to/file or"),
        ({"DATABASE_URL": "postgres://u:p@host:port/n"}, "DATABASE_URL must be sqlite:////path"),
    ],
)
def test_settings_refuse(environment: dict[str, str], message: str) -> None:
    done = python("import socialsite.settings", **environment)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert message in last
    assert "u:p@" not in last


def test_settings_need_no_environment_on_this_computer() -> None:
    done = python("from socialsite.settings import *; print(DEBUG, PUBLIC, HTTPS)")
    assert (done.stdout.strip(), done.stderr) == ("False False False", "")


def test_settings_for_others_pass_the_deployment_checks() -> None:
    done = python(
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('check', deploy=True, fail_level='WARNING', tags=['security'])",
        ALLOWED_HOSTS="example.org",
        SECRET_KEY="b2Fq-7dLxw_R4mK0zN9sVtYhPcJ3uQeG1iT5oA8yXnZfWkBvMEp6",
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("url", "engine"),
    [("", "sqlite3"), ("sqlite:////tmp/a.sqlite3", "sqlite3"), ("postgres://h/n", "postgresql")],
)
def test_the_database_address_picks_the_engine_and_connections_stay_open(
    url: str, engine: str
) -> None:
    done = python(
        "from socialsite.settings import DATABASES as d; "
        "print(d['default']['ENGINE'], d['default']['CONN_MAX_AGE'])",
        DATABASE_URL=url,
    )
    assert done.stdout.strip() == f"django.db.backends.{engine} None"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the code whose platform files a test may spoil."""
    for name in ("feed", "explainer", "socialsite", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("server", ["wsgi", "asgi"])
def test_the_server_does_not_start_on_a_bad_platform_file(copy: Path, server: str) -> None:
    (copy / "feed" / "platforms" / "bad.toml").write_text("name = 3")
    done = python(f"import socialsite.{server}", folder=copy)
    assert done.returncode == 1
    assert done.stdout == ""
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("feed.disclosure.platforms.PlatformError: bad.toml: ")


def test_the_check_names_a_bad_platform_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert check_platforms() == []
    (tmp_path / "bad.toml").write_text("name = [")
    monkeypatch.setattr("feed.checks.FOLDER", tmp_path)
    (error,) = check_platforms()
    assert error.id == "feed.E001"
    assert error.msg.startswith("bad.toml: this is not TOML: ")


# Setting up


def tool(name: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one of the tools where nothing is to be found but in one folder."""
    runner = sys.executable if name.endswith(".py") else shutil.which("sh")
    assert runner
    return subprocess.run(
        [runner, ROOT / "tools" / name],
        cwd=folder,
        env={"PATH": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def pretend(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!{shutil.which('sh')}\n{script}\n")
    (folder / name).chmod(0o755)


def test_a_taken_port_is_named_and_another_offered(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = tool("free.py", tmp_path, HOST="127.0.0.1", PORT=str(port))
    assert done.returncode == 1
    assert f"cannot be served on 127.0.0.1:{port}: Address already in use." in done.stderr
    assert f"make run PORT={port + 1}" in done.stderr
    assert tool("free.py", tmp_path, HOST="127.0.0.1", PORT=str(port)).returncode == 0


@pytest.mark.parametrize("port", ["0", "65536", "http", ""])
def test_a_port_that_is_none_is_refused(tmp_path: Path, port: str) -> None:
    done = tool("free.py", tmp_path, HOST="127.0.0.1", PORT=port)
    assert done.stderr == f"PORT must be a number from 1 to 65535; it is {port!r}.\n"


def test_a_python_that_is_too_old_is_named(tmp_path: Path) -> None:
    pretend(tmp_path, "python3", 'if [ "$1" = -V ]; then echo Python 3.9.2; else exit 3; fi')
    done = tool("python.sh", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "needs Python 3.11 or later. Found: Python 3.9.2.\n" in done.stderr
    assert "make PYTHON=" in done.stderr


def test_a_python_that_cannot_make_environments_is_told_how_to(tmp_path: Path) -> None:
    pretend(tmp_path, "python3", 'case "$2" in *venv*) exit 1;; *print*) echo 3.12;; esac')
    done = tool("python.sh", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "sudo apt-get install python3.12-venv\n" in done.stderr


def test_the_first_python_that_will_do_is_taken(tmp_path: Path) -> None:
    pretend(tmp_path, "python3.13", "exit 127")
    pretend(tmp_path, "python3.11", "exit 0")
    assert tool("python.sh", tmp_path).stdout == f"{tmp_path}/python3.11\n"


def test_no_chromium_to_be_had_is_told_how_to_get_one(tmp_path: Path) -> None:
    for command in ("cat", "id"):
        (tmp_path / command).symlink_to(str(shutil.which(command)))
    done = tool("chromium.sh", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "sudo apt-get install chromium" in done.stderr
    assert "make test CHROMIUM=" in done.stderr


# A page or its part


def request(**headers: str) -> HttpRequest:
    made = RequestFactory().get("/", headers=headers)
    made.htmx = HtmxDetails(made)  # type: ignore[attr-defined]
    return made


PAGE = (
    "{% extends 'base.html' %}{% block main %}"
    "{% partialdef part inline %}<p>{{ word }}</p>{% endpartialdef %}{% endblock %}"
)


@pytest.fixture
def page_html(tmp_path: Path, settings: Settings) -> str:
    (tmp_path / "page.html").write_text(PAGE)
    templates = [{**settings.TEMPLATES[0]}]
    templates[0]["DIRS"] = [*templates[0]["DIRS"], tmp_path]
    settings.TEMPLATES = templates
    return "page.html"


@pytest.mark.parametrize(
    ("headers", "partial", "whole"),
    [
        ({}, "part", True),
        ({"HX-Request": "true"}, "part", False),
        ({"HX-Request": "true"}, None, True),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, "part", True),
        ({"HX-History-Restore-Request": "true"}, "part", True),
    ],
)
def test_one_address_serves_the_page_or_its_part(
    page_html: str, headers: dict[str, str], partial: str | None, whole: bool
) -> None:
    response = render_page(
        request(**headers), page_html, {"word": "Hello"}, partial=partial, status=400
    )
    assert response.status_code == 400
    text = response.content.decode().strip()
    assert text.startswith("<!doctype html>") is whole
    assert "<p>Hello</p>" in text if whole else text == "<p>Hello</p>"
    assert response.headers["Vary"] == "HX-Request, HX-History-Restore-Request, HX-Target"


# Pages

PAGES = [
    ("/", 200),
    ("/feed/", 200),
    ("/feed/?turned=30", 200),
    ("/feed/?order=time", 200),
    ("/feed/order/", 200),
    ("/feed/explore/", 200),
    ("/feed/search/?q=mika", 200),
    ("/feed/notifications/", 200),
    ("/feed/insights/", 200),
    ("/feed/tracker/", 200),
    ("/feed/leave/", 200),
    ("/feed/photo/1/", 200),
    ("/feed/photo/1/?then=2", 200),
    ("/feed/photo/1/log/", 200),
    ("/feed/photo/1/insights/", 200),
    ("/feed/people/ana/likes/", 200),
    ("/feed/people/ana/followers/", 200),
    ("/feed/people/ana/", 200),
    ("/feed/photo/4711/", 404),
    ("/guide/", 200),
    ("/guide/instagram/", 200),
    ("/guide/instagram/comments/", 200),
    ("/guide/nothing/", 404),
    ("/situations/", 200),
    ("/myths/", 200),
    ("/search/?q=notice", 200),
    ("/platforms/", 200),
    ("/platforms/mastodon/", 200),
    ("/platforms/nothing/", 404),
    ("/platforms/data/", 200),
    ("/compare/", 200),
    ("/compare/history/", 200),
    ("/compare/mastodon/gotosocial/", 200),
    ("/changes/", 200),
    ("/privacy/", 200),
    ("/credits/", 200),
    ("/nothing-here/", 404),
    ("/admin/login/", 200),
]


class Page(HTMLParser):
    """What a browser would run, paint or fetch from a page, and its headings."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.fetched: list[str] = []
        self.headings = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        self.headings += tag == "h1"
        if tag != "a":
            names = ("src", "href", "srcset", "poster", "action", "data")
            self.fetched += [value for name in names if (value := given.get(name))]


@pytest.mark.usefixtures("demo_room")
@pytest.mark.parametrize(("path", "status"), PAGES)
def test_every_page_keeps_others_out(client: Client, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    policy = dict(
        directive.strip().split(" ", 1)
        for directive in response.headers["Content-Security-Policy"].split(";")
    )
    assert policy == {
        "default-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response.headers["Permissions-Policy"]


@pytest.mark.usefixtures("demo_room")
@pytest.mark.parametrize(("path", "status"), PAGES)
def test_every_page_fetches_from_this_site_only_and_runs_nothing_inline(
    client: Client, path: str, status: int
) -> None:
    response = client.get(path)
    assert response.status_code == status
    page = Page(response.content.decode())
    assert page.fetched
    assert [url for url in page.fetched if re.match(r"//|[a-z]+:", url)] == []
    assert page.inline == []
    assert path.startswith("/admin/") or page.headings == 1


def test_every_link_around_a_page_leads_somewhere() -> None:
    paths = re.findall('href="(/[^"]*)"', (ROOT / "templates" / "base.html").read_text())
    assert {"/", "/guide/", "/feed/", "/privacy/", "/credits/"} <= set(paths)
    for path in paths:
        resolve(path)


@pytest.mark.parametrize("name", ["400", "403", "404", "500", "403_csrf"])
def test_error_pages_need_nothing_to_be_drawn(name: str) -> None:
    html = render_to_string(f"{name}.html")
    assert Page(html).headings == 1


def test_a_press_from_a_page_that_is_out_of_date_says_so() -> None:
    response = Client(enforce_csrf_checks=True).post("/admin/login/")
    assert response.status_code == 403
    assert "<h1>This page is out of date</h1>" in response.content.decode()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT / "templates")))
def test_templates_hold_nothing_inline_and_every_icon_they_name_exists(path: Path) -> None:
    text = path.read_text()
    assert re.findall(r"<style|<script(?![^>]*\ssrc=)|\s(?:style|on[a-z]+|hx-on[^=]*)=", text) == []
    named = set(re.findall(r"""{% icon ["']([^"']+)["']""", text))
    sprite = (ROOT / "static" / "icons" / "sprite.svg").read_text()
    assert named <= set(re.findall(r'<symbol id="([^"]+)"', sprite))


# The look


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def over(colour: str, below: str) -> str:
    """A colour with eight digits, the last two its opacity, as it looks on another."""
    alpha = int(colour[7:9], 16) / 255
    mixed = (
        round(int(colour[i : i + 2], 16) * alpha + int(below[i : i + 2], 16) * (1 - alpha))
        for i in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02x}" for part in mixed)


def tokens(side: str) -> dict[str, str]:
    """The colours of one side, with ``var()`` resolved."""
    css = (ROOT / "static" / "css" / "tokens.css").read_text()
    found: dict[str, str] = {}
    for selector, block in re.findall(r"\n  ([^{}@]+?) {(.*?)\n  }", css, re.DOTALL):
        if {part.strip() for part in selector.split(",")} & {":root", side}:
            found |= re.findall(r"--([\w-]+): ([^;]+);", block)
    for name in found:
        while (inner := re.fullmatch(r"var\(--([\w-]+)\)", found[name])) is not None:
            found[name] = found[inner[1]]
    return found


@pytest.mark.parametrize("side", [".paper", ".ink"])
def test_words_and_controls_stand_out_on_both_sides(side: str) -> None:
    colour = tokens(side)
    assert luminance(colour["bg"]) < 0.1 if side == ".ink" else luminance(colour["bg"]) > 0.8
    for surface in ("bg", "raised", "raised-2"):
        for words in ("fg", "muted", "heart-text"):
            assert contrast(colour[words], colour[surface]) >= 4.5, (words, surface)
        for shape in ("edge", "focus", "heart", "hatch-edge"):
            assert contrast(colour[shape], colour[surface]) >= 3, (shape, surface)
        hatched = over(colour["hatch-line"], colour[surface])
        assert contrast(colour["hatch-fg"], hatched) >= 4.5, surface
    assert contrast(colour["on-heart"], colour["heart-fill"]) >= 4.5
    assert contrast(colour["on-mark"], colour["mark"]) >= 4.5


# The papers


def test_the_readme_names_commands_that_exist() -> None:
    readme = (ROOT / "README.md").read_text()
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:    |`|\d )make ([a-z]+)", readme))
    assert {"run", "dev", "test", "clean"} <= named <= targets
    for path in re.findall(r"`((?:tools|tests|feed|static|templates)/[\w/.]*)`", readme):
        assert (ROOT / path).exists(), path


def test_the_readme_lists_the_environment_that_is_read() -> None:
    readme = (ROOT / "README.md").read_text()
    source = (ROOT / "socialsite" / "settings.py").read_text()
    read = re.findall(r"""(?:env\.\w+|switch)\(\s*["']([A-Z_]+)["']""", source)
    assert sorted(re.findall(r"^\| `([A-Z_]+)`", readme, re.MULTILINE)) == sorted(read)


def test_requirements_are_pinned_and_each_direct_one_says_why() -> None:
    direct = True
    for line in (ROOT / "requirements.txt").read_text().splitlines():
        if line.startswith("#") or not line:
            direct = line != "# needed by these"
            continue
        assert re.fullmatch(r"[\w.\[\]-]+==[\w.]+( +# \S.*)?", line), line
        assert ("#" in line) is direct, line


def test_everything_under_static_is_found_by_its_hash(tmp_path: Path) -> None:
    """Each address in a style sheet leads to a file, or collecting them would fail."""
    done = python(
        "import django; django.setup()\n"
        "from django.conf import settings; from pathlib import Path\n"
        "settings.STATIC_ROOT = Path(__import__('os').environ['TO'])\n"
        "from django.core.management import call_command\n"
        "call_command('collectstatic', interactive=False, verbosity=0)",
        TO=str(tmp_path),
        PATH=os.defpath,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "staticfiles.json").exists()
