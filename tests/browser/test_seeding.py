"""Seeding people in a browser: tried out, watched, stopped, resumed after a closed tab, undone."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from feed import crowds, jobs
from feed.auditing import audit
from feed.models import Person, Photo, Room, Seeding
from tests.feed.test_pictures import picture, written

from .conftest import Watch

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 120


@pytest.fixture(autouse=True)
def many_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that there is time to press something meanwhile."""
    monkeypatch.setattr(crowds, "STEP", 200)
    monkeypatch.setattr(jobs, "PHOTOS_UNDONE", 60)


@pytest.fixture
def signed_in(admin_client: Client, live_server: LiveServer) -> Callable[[Page], Page]:
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


def dry_run(page: Page) -> None:
    page.goto("/admin/feed/seeding/add/")
    page.get_by_label("People:").fill(str(PEOPLE))
    page.get_by_role("button", name="Dry run").click()
    expect(page.get_by_role("heading", name="Dry run: nothing is made yet")).to_be_visible()


def state(page: Page, said: str) -> None:
    expect(page.get_by_role("heading", name=said, exact=True)).to_be_visible(timeout=60_000)


def make(page: Page) -> None:
    page.get_by_role("button", name=f"Make {PEOPLE} people").click()
    state(page, "Being made")


def part_way(page: Page) -> None:
    """Until some of the photos are there, and not all."""
    expect(page.locator("#seeding-progress")).to_contain_text(
        re.compile(r"and [1-9]\d* of 360 photos are there"), timeout=60_000
    )


def undo(page: Page) -> None:
    page.get_by_text("Undo all of it").click()
    page.get_by_role("button", name="Delete what was made").click()


def test_from_dry_run_to_done_to_undone(page: Page) -> None:
    dry_run(page)
    assert (Room.objects.count(), Seeding.objects.count()) == (0, 0)
    make(page)
    part_way(page)
    state(page, "Done")
    expect(page.get_by_role("progressbar")).to_have_js_property("position", 1)
    expect(page.locator("#seeding-progress")).to_contain_text("100 %: 120 of 120 people")
    room = Room.objects.get()
    assert (room.people.count(), room.photos.count(), audit(room)) == (PEOPLE, 3 * PEOPLE, [])
    undo(page)
    state(page, "Undone")
    expect(page.locator("#seeding-progress")).to_contain_text("Nothing of it is left.")
    assert (Room.objects.count(), Person.objects.count(), Photo.objects.count()) == (0, 0, 0)


def test_stopped_it_stands_and_resumed_it_goes_on_from_there(page: Page) -> None:
    dry_run(page)
    make(page)
    part_way(page)
    page.get_by_role("button", name="Stop").click()
    state(page, "Stopped")
    done = Seeding.objects.get().done
    page.wait_for_timeout(500)
    assert Seeding.objects.get().done == done < crowds.steps(jobs.options_of(Seeding.objects.get()))
    page.reload()
    state(page, "Stopped")
    page.get_by_role("button", name="Resume").click()
    state(page, "Done")
    room = Room.objects.get()
    assert (room.photos.count(), audit(room)) == (3 * PEOPLE, [])


def test_after_a_closed_tab_it_goes_on_where_two_watch_it_at_once(page: Page) -> None:
    dry_run(page)
    make(page)
    part_way(page)
    context: BrowserContext = page.context
    page.close()
    job = Seeding.objects.get()
    assert job.state == Seeding.State.RUNNING
    tabs = [context.new_page() for _ in range(2)]
    for tab in tabs:
        tab.goto(f"/admin/feed/seeding/{job.pk}/change/")
    for tab in tabs:
        state(tab, "Done")
    room = Room.objects.get()
    assert (room.people.count(), room.photos.count(), audit(room)) == (PEOPLE, 3 * PEOPLE, [])


def test_when_a_step_fails_the_button_asks_again(page: Page, watch: Watch) -> None:
    watch.allow("ERR_FAILED")
    watch.allow("console: htmx:")
    dry_run(page)
    page.route("**/step/", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        make(page)
    button = page.get_by_role("button", name="Next step")
    expect(button).to_be_visible()
    page.unroute("**/step/")
    button.click()
    state(page, "Done")
    assert Photo.objects.count() == 3 * PEOPLE


def test_without_script_each_step_is_a_press(page_without_js: Page) -> None:
    page = page_without_js
    dry_run(page)
    make(page)
    for done in range(3):
        assert Seeding.objects.get().done == done
        page.get_by_role("button", name="Next step").click()
        page.wait_for_load_state()
    page.get_by_role("button", name="Stop").click()
    state(page, "Stopped")
    expect(page.get_by_role("button", name="Next step")).to_have_count(0)
    undo(page)
    state(page, "Being undone")
    while page.get_by_role("button", name="Next step").count():
        page.get_by_role("button", name="Next step").click()
        page.wait_for_load_state()
    state(page, "Undone")
    assert (Room.objects.count(), Person.objects.count()) == (0, 0)


def test_what_cannot_be_made_is_said_beside_its_field(page: Page) -> None:
    page.goto("/admin/feed/seeding/add/?people=40&names=cast&photos_each=3&weeks=2&likes=9")
    row = page.locator(".form-row", has=page.get_by_label("People:"))
    expect(row).to_contain_text("There are 12 people in the cast.")
    assert Seeding.objects.count() == 0


def archive(files: dict[str, bytes]) -> FilePayload:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    return {"name": "class.zip", "mimeType": "application/zip", "buffer": packed.getvalue()}


def with_pictures(page: Page) -> None:
    """The dry run of a class with pictures of its own and accounts, among them files to refuse."""
    page.goto("/admin/feed/seeding/add/")
    page.get_by_label("People:").fill("4")
    page.get_by_label("Sign-in accounts:").check()
    files = {"old harbour.jpg": written(picture()), "notes.txt": b"Hello"}
    page.get_by_label("Photos from a ZIP:").set_input_files(archive(files))
    page.get_by_role("button", name="Dry run").click()
    expect(page.get_by_role("heading", name="1 picture from class.zip")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_class_with_pictures_of_its_own_and_accounts(
    page: Page, page_without_js: Page, script: bool
) -> None:
    page = page if script else page_without_js
    with_pictures(page)
    expect(page.get_by_text("notes.txt: This is not a picture")).to_be_visible()
    expect(page.get_by_text("4 people get sign-in accounts")).to_be_visible()
    shown = page.get_by_role("list", name="Pictures").locator("img")
    expect(shown).to_have_js_property("naturalWidth", 300)
    page.reload()
    page.get_by_role("button", name="Make 4 people").click()
    while page.get_by_role("button", name="Next step").count() and not script:
        page.get_by_role("button", name="Next step").click()
        page.wait_for_load_state()
    state(page, "Done")
    assert set(Photo.objects.values_list("title", "alt")) == {("Old harbour", "Old harbour")}
    page.get_by_role("link", name="Hand out sign-in accounts").click()
    expect(page.get_by_role("button", name="Make 4 accounts")).to_be_visible()


def test_back_from_a_dry_run_is_the_form_as_it_was(page: Page) -> None:
    with_pictures(page)
    page.go_back()
    expect(page.get_by_label("People:")).to_have_value("4")
    expect(page.get_by_role("button", name="Dry run", exact=True)).to_be_visible()


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(page: Page, tmp_path: Path) -> None:
    large = tmp_path / "large.zip"
    large.write_bytes(bytes(16 * 2**20 + 1))
    page.goto("/admin/feed/seeding/add/")
    chosen = page.get_by_label("Photos from a ZIP:")
    chosen.set_input_files(large)
    page.get_by_role("button", name="Dry run").click()
    said = "The file has 16 MB, and 15 MB is the most."
    expect(chosen).to_have_js_property("validationMessage", said)
    assert page.url.endswith("/admin/feed/seeding/add/")


def test_by_keyboard_alone(page: Page) -> None:
    page.goto("/admin/feed/seeding/add/")
    page.get_by_label("People:").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    make = page.get_by_role("button", name="Make 3 people")
    make.focus()
    page.keyboard.press("Enter")
    state(page, "Done")
    page.get_by_text("Undo all of it").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    state(page, "Undone")


def test_its_pages_are_accessible(page: Page, axe: Callable[[Page], None], watch: Watch) -> None:
    """axe itself fetches what style sheets import, and tries to add it to the page."""
    watch.allow("Applying inline style violates")
    watch.allow("404 (Not Found)")
    with_pictures(page)
    axe(page)
    dry_run(page)
    make(page)
    page.get_by_role("button", name="Stop").click()
    state(page, "Stopped")
    axe(page)


def test_nothing_is_cut_off_on_a_phone(phone: Page) -> None:
    with_pictures(phone)
    width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert phone.evaluate(width) == 0
    dry_run(phone)
    make(phone)
    assert phone.evaluate(width) == 0
