"""Files in and out of a room in a browser: tried out, refused with a reason, taken in."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import FilePayload, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from explainer.models import Comment
from feed import exchange
from feed.auditing import audit
from feed.models import Person, Room

from .conftest import Watch

pytestmark = pytest.mark.django_db(transaction=True)

TABLES = ("people", "photos", "follows", "events")
HEAD = "handle,name,pronouns,place,bio,avatar"
PEEP = "avatars/peep-01-ada.svg"
IDA = f"ida,Ida,she,,,{PEEP}"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def signed_in(
    demo_room: None, admin_client: Client, live_server: LiveServer
) -> Callable[[Page], Page]:
    cookie = admin_client.cookies[settings.SESSION_COOKIE_NAME]

    def sign_in(page: Page) -> Page:
        page.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
        )
        return page

    return sign_in


@pytest.fixture
def page(page: Page, signed_in: Callable[[Page], Page]) -> Page:
    return signed_in(page)


@pytest.fixture
def phone(phone: Page, signed_in: Callable[[Page], Page]) -> Page:
    return signed_in(phone)


@pytest.fixture
def page_without_js(page_without_js: Page, signed_in: Callable[[Page], Page]) -> Page:
    return signed_in(page_without_js)


@pytest.fixture
def empty(demo_room: None) -> Room:
    demo = Room.objects.get()
    return Room.objects.create(key="class", name="Class", touched_at=demo.touched_at)


def written(content: bytes) -> FilePayload:
    return {"name": "file.csv", "mimeType": "text/csv", "buffer": content}


def attempt(page: Page, room: Room, file: FilePayload | Path, table: str = "people") -> None:
    page.goto(f"/admin/feed/room/{room.pk}/import/")
    page.get_by_label("Table:").select_option(table)
    page.get_by_label("File:").set_input_files(file)
    page.get_by_role("button", name="Dry run").click()


def said(page: Page, text: str) -> None:
    expect(page.locator("#content")).to_contain_text(text)


def test_a_room_goes_out_and_comes_in_as_it_was(page: Page, empty: Room, tmp_path: Path) -> None:
    demo = Room.objects.get(key="harbour")
    page.goto("/admin/feed/room/")
    page.get_by_role("row", name="Harbour").get_by_role("link", name="Out and in").click()
    for table in TABLES:
        with page.expect_download() as download:
            page.get_by_role("link", name=f"harbour-{table}.csv").click()
        download.value.save_as(tmp_path / f"{table}.csv")
    for table in TABLES:
        attempt(page, empty, tmp_path / f"{table}.csv", table)
        expect(page.get_by_role("heading", name=f"Dry run of {table}")).to_be_visible()
        page.get_by_role("button", name=f"Import {table}").click()
        expect(page.get_by_text(f"Imported {table}:")).to_be_visible()
    for table in TABLES:
        again = b"".join(exchange.export(empty, table))
        assert again == (tmp_path / f"{table}.csv").read_bytes()
        assert again == b"".join(exchange.export(demo, table))
    assert audit(empty) == []


BAD = {
    "wrong encoding": (f"{HEAD}\nx,Zoë,she,,,{PEEP}".encode("latin-1"), "Save it as “CSV UTF-8”."),
    "missing column": (HEAD.replace(",bio", "").encode(), "the column “bio” is missing."),
    "unknown column": (f"{HEAD},age".encode(), "the column “age” is unknown."),
    "duplicate handle": (f"{HEAD}\n{IDA}\n{IDA}".encode(), "This is there already, in row 2."),
    "long name": (
        f"{HEAD}\n{IDA}\nx,{'n' * 10_000},she,,,{PEEP}".encode(),
        "Ensure this value has at most 80 characters (it has 10000).",
    ),
    "no table": (b"\x89PNG\r\n\x1a\n\0\0", "The file is not UTF-8"),
    "nothing": (b"", "The file is empty."),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_says_why_and_leaves_nothing(page: Page, empty: Room, case: str) -> None:
    content, reason = BAD[case]
    attempt(page, empty, written(content))
    said(page, reason)
    expect(page.get_by_role("button", name="Import people")).to_have_count(0)
    assert page.evaluate(WIDER) == 0
    assert empty.people.count() == 0


def test_a_refused_row_is_named_by_number_and_column(page: Page, empty: Room) -> None:
    attempt(page, empty, written(f"{HEAD}\n{IDA}\nx/y,X,it,,,{PEEP}".encode()))
    said(page, "1 new, 0 changed, 0 as they are, 1 refused.")
    rows = page.get_by_role("row").filter(has=page.get_by_role("cell", name="3", exact=True))
    expect(rows).to_have_text(
        [
            "3handleA handle has no slash, since it stands in addresses.",
            "3pronounsValue 'it' is not a valid choice.",
        ]
    )


def test_formulas_stay_words(page: Page, empty: Room, tmp_path: Path) -> None:
    attempt(page, empty, written(f"{HEAD}\nx,'=1+1,she,,,{PEEP}".encode()))
    said(page, "1 new")
    page.get_by_role("button", name="Import people").click()
    expect(page.get_by_text("Imported people: 1 new, 0 changed.")).to_be_visible()
    assert Person.objects.get(room=empty).name == "=1+1"
    with page.expect_download() as download:
        page.get_by_role("link", name="class-people.csv").click()
    download.value.save_as(tmp_path / "people.csv")
    assert ",'=1+1," in (tmp_path / "people.csv").read_text(encoding="utf-8-sig")


@pytest.fixture
def huge(tmp_path: Path) -> Path:
    file = tmp_path / "huge.csv"
    with file.open("wb") as out:
        out.truncate(100 * 2**20)
    return file


def test_100_mb_are_refused_before_they_are_sent(page: Page, empty: Room, huge: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))
    attempt(page, empty, huge)
    field = page.get_by_label("File:")
    expect(field).to_have_js_property(
        "validationMessage", "The file has more than 10 MB. Split it."
    )
    assert "POST" not in asked
    field.set_input_files(written(f"{HEAD}\n{IDA}".encode()))
    page.get_by_role("button", name="Dry run").click()
    said(page, "1 new")


def test_without_script_they_are_refused_as_they_come(
    page_without_js: Page, empty: Room, huge: Path, watch: Watch
) -> None:
    watch.allow("413")
    attempt(page_without_js, empty, huge)
    expect(page_without_js.get_by_role("heading", level=1)).to_have_text("That was too large")
    expect(page_without_js.get_by_role("main")).to_contain_text("a CSV file 10 MB")


def test_without_script_a_file_comes_in(page_without_js: Page, empty: Room) -> None:
    attempt(page_without_js, empty, written(f"{HEAD}\n{IDA}".encode()))
    page_without_js.get_by_role("button", name="Import people").click()
    expect(page_without_js.get_by_text("Imported people: 1 new, 0 changed.")).to_be_visible()
    assert empty.people.get().name == "Ida"


def test_pressed_twice_a_file_comes_in_once(page: Page, empty: Room) -> None:
    attempt(page, empty, written(f"{HEAD}\n{IDA}".encode()))
    page.get_by_role("button", name="Import people").dblclick()
    expect(page.locator(".messagelist")).to_be_visible()
    assert empty.people.count() == 1


def test_all_of_it_goes_by_keyboard(page: Page, empty: Room) -> None:
    page.goto(f"/admin/feed/room/{empty.pk}/import/")
    page.get_by_label("Table:").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_label("File:")).to_be_focused()
    page.get_by_label("File:").set_input_files(written(f"{HEAD}\n{IDA}".encode()))
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Dry run")).to_be_focused()
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Import people")
    expect(button).to_be_visible()
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Imported people: 1 new, 0 changed.")).to_be_visible()


# All pages of the admin that are ours or that we changed


PAGES = [
    "/admin/", "/admin/feed/room/state/", "/admin/feed/room/rules/",
    "/admin/feed/room/rules/instagram/", "/admin/feed/room/", "/admin/feed/room/add/",
    "/admin/feed/room/{room}/change/", "/admin/feed/room/{room}/delete/",
    "/admin/feed/room/{room}/import/", "/admin/feed/person/", "/admin/feed/person/add/",
    "/admin/feed/person/{person}/change/", "/admin/feed/person/{person}/history/",
    "/admin/feed/follow/", "/admin/feed/photo/", "/admin/feed/photo/{photo}/change/",
    "/admin/feed/event/", "/admin/feed/event/{event}/change/", "/admin/feed/comment/",
    "/admin/feed/comment/{comment}/delete/", "/admin/feed/seeding/", "/admin/feed/seeding/add/",
    "/admin/explainer/comment/", "/admin/explainer/comment/{read}/change/", "/admin/auth/group/",
    "/admin/auth/user/", "/admin/password_change/",
]  # fmt: skip


@pytest.fixture
def addresses(demo_room: None) -> list[str]:
    room = Room.objects.get()
    read = Comment.objects.create(chapter="lists", text="Ah", written_at=room.touched_at)
    some = {
        "room": room, "person": room.people.earliest("pk"), "photo": room.photos.earliest("pk"),
        "event": room.events.earliest("pk"), "read": read,
        "comment": room.photos.filter(comment_count__gt=0).earliest("pk").comments.earliest("pk"),
    }  # fmt: skip
    return [page.format(**{name: row.pk for name, row in some.items()}) for page in PAGES]


def test_every_page_of_the_admin_is_accessible_and_fits(
    page: Page,
    phone: Page,
    addresses: list[str],
    axe: Callable[[Page], None],
    watch: Watch,
) -> None:
    """axe itself fetches what style sheets import, and tries to add it to the page."""
    watch.allow("Applying inline style violates")
    watch.allow("404 (Not Found)")
    for address in addresses:
        page.goto(address)
        expect(page).to_have_title(re.compile(r" \| Can they tell\? admin$"))
        axe(page)
        phone.goto(address)
        assert phone.evaluate(WIDER) == 0, address


def test_signing_in_is_accessible_and_bears_the_name_of_the_site(
    visitor: Callable[..., Page], axe: Callable[[Page], None], watch: Watch
) -> None:
    watch.allow("Applying inline style violates")
    watch.allow("404 (Not Found)")
    page = visitor()
    page.goto("/admin/login/")
    expect(page).to_have_title("Log in | Can they tell? admin")
    expect(page.locator("#site-name")).to_have_text("Can they tell?")
    expect(page.locator("link[rel=icon]")).to_have_attribute("href", "/static/icons/logo.svg")
    axe(page)


def right_of(what: Locator) -> float:
    box = what.bounding_box()
    assert box
    return box["x"] + box["width"]


def test_one_sees_as_a_person_from_the_list(page: Page) -> None:
    """Whom it is about and the press fit on a screen, however much else a list tells."""
    user = User.objects.create(username=f"mika-{'m' * 25}@{'r' * 40}")
    Person.objects.filter(handle="mika").update(
        user=user, handle=f"mika-{'m' * 25}", place="Llanfairpwllgwyngyll"
    )
    page.goto("/admin/feed/person/?q=m")
    press = page.get_by_role("row").filter(has_text="mika").get_by_role("button")
    assert right_of(press) <= right_of(page.locator("#changelist-form"))
    press.click()
    expect(page).to_have_url(re.compile("/feed/$"))
    expect(page.get_by_role("banner")).to_contain_text("Mika")


def test_readers_comments_are_published_in_bulk(page: Page, addresses: list[str]) -> None:
    page.goto("/admin/")
    page.get_by_role("link", name="Readers’ comments").click()
    page.get_by_label("Select all objects on this page for an action").check()
    page.get_by_label("Action:").select_option(label="Approve: everybody sees them")
    page.get_by_role("button", name="Go").click()
    expect(page.locator(".messagelist")).to_have_text("Approved: 1.")
    assert Comment.objects.get().state == "approved"
