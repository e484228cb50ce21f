"""The two phones: by pointer, by keyboard, without script, and as they look."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Watch

MODES = ["instagram", "facebook", "twitter", "twitter-2023", "x"]
STORY = "Ben was not told. He saw your name at 14:03 and it is gone now, so he can tell it was you."
LIKED = "look-like-look-unlike-look-like"


def heart(page: Page) -> Locator:
    return page.locator("#press")


def count(page: Page) -> Locator:
    return page.locator("#your-count .now")


def poster(page: Page) -> Locator:
    return page.get_by_role("region", name="Ben, who posted it")


def finding(page: Page) -> Locator:
    return page.locator(".finding-said")


def button(page: Page, name: str) -> Locator:
    return page.locator(".steps").get_by_role("link", name=name, exact=True)


def expect_address(page: Page, query: str) -> None:
    expect(page).to_have_url(re.compile(re.escape(f"/?{query}") + "$"))


def open_home(page: Page, query: str = "on=instagram") -> None:
    page.goto(f"/?{query}")


def settle(page: Page) -> None:
    """Wait until nothing is asked for, swapped or moving."""
    busy = page.locator(".htmx-request, .htmx-swapping, .htmx-settling")
    expect(busy).to_have_count(0)
    page.evaluate("Promise.all(document.getAnimations().map(one => one.finished.catch(() => 0)))")


# By pointer


def test_a_press_moves_both_phones_and_back_takes_it_back(page: Page) -> None:
    open_home(page, "on=instagram&did=")
    expect(count(page)).to_have_text("7")
    expect(poster(page)).not_to_contain_text("Ana")
    heart(page).click()
    expect_address(page, "on=instagram&did=like")
    expect(count(page)).to_have_text("8")
    expect(heart(page)).to_have_accessible_name("Unlike")
    expect(poster(page)).to_contain_text("Ana liked your photo")
    heart(page).click()
    expect_address(page, "on=instagram&did=like-unlike")
    expect(count(page)).to_have_text("7")
    expect(poster(page)).to_contain_text("“Ana unliked” is never sent")

    page.go_back()
    expect_address(page, "on=instagram&did=like")
    expect(count(page)).to_have_text("8")
    expect(poster(page)).not_to_contain_text("unliked")
    page.go_back()
    expect(count(page)).to_have_text("7")
    expect(poster(page)).not_to_contain_text("Ana")
    page.go_forward()
    page.go_forward()
    expect_address(page, "on=instagram&did=like-unlike")
    expect(poster(page)).to_contain_text("“Ana unliked” is never sent")
    before = page.get_by_role("main").inner_text()
    page.reload()
    assert page.get_by_role("main").inner_text() == before
    heart(page).click()
    expect_address(page, "on=instagram&did=like-unlike-like")


def test_a_double_press_is_one_step(page: Page, watch: Watch) -> None:
    watch.allow("htmx:")  # it logs that the first request was dropped for the second
    open_home(page, "on=instagram&did=")
    page.route("**/?*", lambda route: (page.wait_for_timeout(150), route.continue_()))
    page.evaluate("for (let i = 0; i < 2; i++) document.getElementById('press').click()")
    expect(heart(page)).to_have_accessible_name("Unlike")
    settle(page)
    expect_address(page, "on=instagram&did=like")
    expect(page.locator(".beat")).to_have_count(1)
    expect(page.get_by_role("alert")).to_be_hidden()


def test_the_heart_answers_before_the_server(page: Page) -> None:
    open_home(page, "on=instagram&did=")
    held: list[Callable[[], None]] = []
    page.route("**/?*", lambda route: held.append(route.continue_))
    heart(page).click()
    expect(page.locator("#your-count .next")).to_be_visible()
    expect(page.locator("#your-count .next")).to_have_text("8")
    expect(count(page)).to_be_hidden()
    assert held
    held[0]()
    expect_address(page, "on=instagram&did=like")
    expect(count(page)).to_be_visible()


def test_what_fails_is_told_and_goes_back(page: Page, watch: Watch) -> None:
    watch.allow("Failed to load resource")
    watch.allow("htmx:")
    open_home(page, "on=instagram&did=")
    page.route("**/?*", lambda route: route.abort())
    heart(page).click()
    expect(page.get_by_role("alert")).to_contain_text("The site cannot be reached.")
    expect(count(page)).to_be_visible()
    expect(count(page)).to_have_text("7")
    expect(page.locator("#your-count .next")).to_be_hidden()
    assert "htmx-request" not in (heart(page).get_attribute("class") or "")
    expect(heart(page)).to_be_focused()
    expect_address(page, "on=instagram&did=")
    page.unroute("**/?*")
    heart(page).click()
    expect(count(page)).to_have_text("8")
    expect(page.get_by_role("alert")).to_be_hidden()


def test_undo_and_start_over(page: Page) -> None:
    open_home(page)
    expect(page.locator(".beat")).to_have_count(5)
    button(page, "Undo").click()
    expect_address(page, "on=instagram&did=look-like-look-unlike")
    expect(page.locator(".beat")).to_have_count(4)
    expect(page.locator("#demo")).to_have_count(1)
    button(page, "Start over").press("Enter")
    expect_address(page, "on=instagram&did=")
    expect(page.locator(".beat")).to_have_count(0)
    expect(finding(page)).to_have_text("You have not liked it, so there is nothing to tell.")
    for spent in ("#undo", "#over"):
        expect(page.locator(spent)).to_have_attribute("aria-disabled", "true")
    expect(page.locator("#over")).to_be_focused()


def test_a_push_is_on_its_way_until_time_passes(page: Page) -> None:
    open_home(page, "on=instagram&did=like")
    push = page.get_by_role("list", name="Lock screen").get_by_role("button")
    expect(push).to_contain_text("On its way, 14:01")
    button(page, "Wait").click()
    expect(push).to_contain_text("Push, 14:01")
    expect(page.locator(".beat").last).to_contain_text("The push arrives")


def test_the_poster_looks_and_can_tell(page: Page) -> None:
    open_home(page, "on=instagram&did=look-like-look-unlike")
    expect(finding(page)).to_have_text("Ben was not told. When he last looked, you liked it.")
    button(page, "Let Ben look").click()
    expect(finding(page)).to_have_text(
        "Ben was not told. He saw your name at 14:03 and it is gone now, so he can tell it was you."
    )
    expect(page.locator("[aria-current=step]")).to_have_text("It was you")


def test_another_platform_sees_the_same_history(page: Page) -> None:
    open_home(page)
    steps = page.locator(".beat-yours").all_inner_texts()
    switch = page.get_by_role("navigation", name="Platform")
    switch.get_by_role("link", name="Twitter, as told").click()
    expect_address(page, "on=twitter")
    expect(finding(page)).to_have_text("Ben is told outright: it was you who took a like back.")
    assert page.locator(".beat-yours").all_inner_texts() == steps
    expect(switch.locator("[aria-current]")).to_have_text("Twitter, as told")
    page.go_back()
    expect(finding(page)).to_have_text(STORY)
    expect(switch.locator("[aria-current]")).to_have_text("Instagram")


def test_a_rule_opens_and_its_assumption_can_be_turned(page: Page) -> None:
    open_home(page, "on=instagram&did=like-unlike-wait-look")
    expect(finding(page)).to_contain_text("he can tell it was you")
    page.locator(".rests-on").get_by_role("button", name="push taken back with the like").click()
    rule = page.get_by_role("dialog", name="Push taken back with the like")
    expect(rule).to_be_visible()
    expect(rule).to_contain_text("assumed, because nobody documents it")
    rule.get_by_role("link", name="Assume the other case").click()
    expect_address(page, "on=instagram&did=like-unlike-wait-look&flip=push.recalled")
    expect(finding(page)).to_contain_text("nothing he has seen gives it away")
    expect(rule).to_be_hidden()
    page.get_by_role("link", name="Turn back").click()
    expect_address(page, "on=instagram&did=like-unlike-wait-look")
    expect(finding(page)).to_contain_text("he can tell it was you")


def test_every_row_opens_its_rule(page: Page) -> None:
    open_home(page, "on=x")
    buttons = poster(page).get_by_role("button")
    assert buttons.count() > 5
    for number in range(buttons.count()):
        row = buttons.nth(number)
        row.click()
        rule = page.locator(f"#{row.get_attribute('popovertarget')}")
        expect(rule).to_be_visible()
        rule.get_by_role("button", name="Close").click()
        expect(rule).to_be_hidden()


def test_what_is_hidden_can_be_left_out(page: Page) -> None:
    open_home(page)
    expect(poster(page)).to_contain_text("“Ana unliked” is never sent")
    page.get_by_role("group", name="Show what is hidden").get_by_role("link", name="No").click()
    expect_address(page, "on=instagram&hidden=off")
    expect(poster(page)).not_to_contain_text("“Ana unliked” is never sent")
    expect(poster(page).locator(".hatch")).to_have_count(0)


def test_after_40_steps_the_heart_is_no_link(page: Page) -> None:
    open_home(page, "on=x&did=" + "-".join(["like", "unlike"] * 19 + ["like"]))
    heart(page).click()
    expect(page.locator(".steps-full")).to_contain_text("40 steps is as far as a link goes.")
    expect(page.locator("a#press")).to_have_count(0)
    expect(heart(page)).to_be_focused()
    expect(button(page, "Wait")).to_have_count(0)
    button(page, "Undo").click()
    expect(page.locator("a#press")).to_be_visible()


def test_the_answer_is_announced_after_a_press_and_not_before(page: Page) -> None:
    open_home(page, "on=instagram&did=look-like-look-unlike")
    status = page.get_by_role("status")
    expect(status).to_have_text("")
    button(page, "Let Ben look").click()
    expect(status).to_have_text(STORY)


def test_a_bad_link_leads_back(page: Page, watch: Watch) -> None:
    watch.allow("Failed to load resource")
    page.goto("/?on=myspace")
    expect(page.get_by_role("heading", level=1)).to_have_text("This link does not work")
    page.get_by_role("link", name="Open the demo as it starts").click()
    expect(finding(page)).to_have_text(STORY)


# By keyboard


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until it is there, as somebody without a pointer does."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail("Tab never gets there")


def test_by_keyboard_alone(page: Page) -> None:
    open_home(page, "on=instagram&did=")
    tab_to(page, heart(page))
    page.keyboard.press("Enter")
    expect(count(page)).to_have_text("8")
    expect(heart(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(count(page)).to_have_text("7")
    expect(heart(page)).to_be_focused()
    tab_to(page, page.locator("#look"))
    page.keyboard.press("Enter")
    expect_address(page, "on=instagram&did=like-unlike-look")
    expect(page.locator("#look")).to_be_focused()
    tab_to(page, page.locator("#over"))
    page.keyboard.press("Enter")
    expect_address(page, "on=instagram&did=")
    expect(page.locator("#over")).to_be_focused()


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_rule_opens_and_closes_by_keyboard(page: Page, key: str) -> None:
    open_home(page)
    row = poster(page).get_by_role("button", name="“Ana unliked” is never sent")
    rule = page.get_by_role("dialog", name="Told when you unlike")
    tab_to(page, row)
    page.keyboard.press(key)
    expect(rule).to_be_visible()
    page.keyboard.press("Tab")
    expect(rule.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(rule).to_be_hidden()
    expect(row).to_be_focused()


def test_the_number_of_others_by_keyboard(page: Page) -> None:
    open_home(page)
    others = page.get_by_role("slider", name="Other people who like it")
    others.focus()
    page.keyboard.press("ArrowRight")
    expect(count(page)).to_have_text("8")
    expect_address(page, "on=instagram&others=8")
    expect(others).to_be_focused()
    expect(page.locator("#others-now")).to_have_text("8")
    page.keyboard.press("End")
    expect(count(page)).to_have_text("50")
    page.keyboard.press("Home")
    expect(count(page)).to_have_text("0")
    expect_address(page, "on=instagram&others=0")


@pytest.mark.parametrize("control", ["on-x", "world-1", "undo", "wait"])
def test_focus_stays_on_what_was_pressed(page: Page, control: str) -> None:
    open_home(page)
    page.locator(f"#{control}").focus()
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("on=instagram$"))
    settle(page)
    expect(page.locator(f"#{control}")).to_be_focused()


# Without script


def test_without_script_links_work(page_without_js: Page) -> None:
    page = page_without_js
    page.goto("/?on=instagram&did=")
    heart(page).click()
    expect_address(page, "on=instagram&did=like")
    expect(count(page)).to_have_text("8")
    button(page, "Wait").click()
    heart(page).click()
    button(page, "Let Ben look").click()
    expect(finding(page)).to_contain_text("he can tell it was you")
    page.go_back()
    expect_address(page, "on=instagram&did=like-wait-unlike")
    page.get_by_role("link", name="Twitter, as told").click()
    expect_address(page, "on=twitter&did=like-wait-unlike")


def test_without_script_the_number_of_others_is_set_by_a_button(page_without_js: Page) -> None:
    page = page_without_js
    page.goto("/?on=x&did=like&world=open")
    page.get_by_role("slider").fill("20")
    page.get_by_role("button", name="Set").click()
    expect(count(page)).to_have_text("21")
    expect_address(page, "on=x&did=like&world=open&others=20")


def test_without_script_rules_open(page_without_js: Page) -> None:
    page = page_without_js
    page.goto("/?on=instagram")
    poster(page).get_by_role("button", name="“Ana unliked” is never sent").click()
    rule = page.locator("#rule-inbox-unlike")
    expect(rule).to_be_visible()
    rule.get_by_role("button", name="Close").click()
    expect(rule).to_be_hidden()


# As it looks


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("options", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_it_is_accessible(
    visitor: Callable[..., Page],
    axe: Callable[[Page], None],
    mode: str,
    options: dict[str, int],
) -> None:
    page = visitor(viewport=options, reduced_motion="reduce")
    open_home(page, f"on={mode}&did=like-unlike-wait-look")
    axe(page)
    poster(page).get_by_role("button").first.click()
    expect(page.locator(":popover-open")).to_have_count(1)
    axe(page)


@pytest.mark.parametrize(
    "query",
    [
        "on=instagram&did=",
        "on=facebook&did=like&others=0&world=open",
        "on=x&seat=poster&hidden=off&age=old",
        "on=twitter&flip=push.recalled&flip=inbox.again",
        "on=instagram&did=" + "-".join(["like", "unlike"] * 20),
    ],
    ids=lambda query: query[:40],
)
def test_other_states_are_accessible(
    page: Page, phone: Page, axe: Callable[[Page], None], query: str
) -> None:
    for each in (page, phone):
        each.emulate_media(reduced_motion="reduce")
        open_home(each, query)
        axe(each)


WIDEST = """() => {
    const width = document.documentElement.clientWidth;
    const out = [...document.querySelectorAll("#demo *")].filter(element => {
        const box = element.getBoundingClientRect();
        return box.width > 1 && (box.right > width + 1 || box.left < -1)
            && getComputedStyle(element).clipPath === "none";
    });
    return [document.documentElement.scrollWidth - width,
            out.map(element => element.className || element.tagName)];
}"""


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
@pytest.mark.parametrize("mode", MODES)
def test_nothing_sticks_out_sideways(page: Page, mode: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    for query in (f"on={mode}", f"on={mode}&did=like-wait-unlike-look&age=old&seat=poster"):
        open_home(page, query)
        assert page.evaluate(WIDEST) == [0, []]


@pytest.mark.parametrize("mode", MODES)
def test_controls_are_large_enough_for_a_thumb(phone: Page, mode: str) -> None:
    open_home(phone, f"on={mode}")
    small = phone.evaluate(
        """[...document.querySelectorAll("#demo :is(a, button, input)")]
            .map(control => [control.id || control.className, control.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.height < 24 || box.width < 24))
            .map(([name]) => name)"""
    )
    assert small == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_jumps_while_it_loads(visitor: Callable[..., Page], size: dict[str, int]) -> None:
    page = visitor(viewport=size)
    page.add_init_script(
        """window.shifts = [];
        new PerformanceObserver(list => {
            window.shifts.push(...list.getEntries().map(entry => entry.value));
        }).observe({type: "layout-shift", buffered: true});"""
    )
    page.goto("/", wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)
    assert sum(page.evaluate("window.shifts")) < 0.01


def test_what_one_presses_stays_where_it_is(phone: Page) -> None:
    """The page does not scroll or jump under a finger."""
    open_home(phone, "on=instagram&did=")
    heart(phone).scroll_into_view_if_needed()
    before = phone.evaluate("[scrollY, document.getElementById('press').getBoundingClientRect().y]")
    heart(phone).tap()
    expect(count(phone)).to_have_text("8")
    settle(phone)
    after = phone.evaluate("[scrollY, document.getElementById('press').getBoundingClientRect().y]")
    assert after == before


BOXES = """selectors => selectors.map(selector => {
    const {top, bottom} = document.querySelector(selector).getBoundingClientRect();
    return [top, bottom];
})"""
SIZES = [(1440, 900), (1366, 768), (1024, 768), (390, 844), (390, 664), (360, 640)]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_heart_and_finding_are_in_view_together(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    open_home(page, "on=instagram&did=like-unlike-wait-look")
    (above, upper), (lower, below) = sorted(page.evaluate(BOXES, ["#press", ".finding"]))
    assert 0 <= above < upper < lower < below <= height


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1366, 768), (1024, 768)])
@pytest.mark.parametrize("mode", MODES)
def test_the_finding_hides_nothing_in_a_wide_window(
    page: Page, mode: str, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    open_home(page, f"on={mode}")
    (_, end), (undo, undone), (over, _) = page.evaluate(BOXES, [".finding", "#undo", "#over"])
    assert end < undo == over < undone <= height
    page.evaluate("document.querySelector('.theirs .side').scrollIntoView({block: 'end'})")
    (_, end), (_, low) = page.evaluate(BOXES, [".finding", ".theirs .side"])
    rows = page.locator(".theirs .row").last.bounding_box()
    assert rows
    assert end < rows["y"] < low <= height + 1


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1366, 768)])
def test_no_press_moves_the_phones(page: Page, width: int, height: int) -> None:
    """The finding stands above them, so it keeps its height."""
    page.set_viewport_size({"width": width, "height": height})
    open_home(page, "on=instagram&did=")
    tops = set()
    for control in ("#press", "#press", "#wait", "#look", "#undo"):
        tops.add(page.evaluate(BOXES, ["#press"])[0][0])
        page.locator(control).click()
        settle(page)
    assert len(tops) == 1


MOVING = """() => {
    window.moved = new Set();
    const note = () => {
        for (const one of document.getAnimations()) {
            const {delay, duration} = one.effect.getComputedTiming();
            if (delay + duration > 1) window.moved.add(one.animationName ?? one.transitionProperty);
        }
        requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
}"""


@pytest.mark.parametrize(("motion", "moves"), [("no-preference", True), ("reduce", False)])
def test_nothing_moves_for_who_asked_for_it(
    visitor: Callable[..., Page], motion: str, *, moves: bool
) -> None:
    page = visitor(reduced_motion=motion)
    open_home(page, "on=instagram&did=")
    page.evaluate(MOVING)
    heart(page).click()
    expect(count(page)).to_have_text("8")
    page.wait_for_timeout(300)
    page.locator("#on-x").click()
    expect_address(page, "on=x&did=like")
    page.wait_for_timeout(300)
    moved = set(page.evaluate("[...window.moved]"))
    assert ({"arrive", "beat"} <= moved) if moves else moved == set()


CONTRASTS = """() => {
    const light = colour => colour.match(/[\\d.]+/g).slice(0, 3).map(Number)
        .map(part => part / 255)
        .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
    const of = element => light(getComputedStyle(element).color);
    const ground = {yours: light("rgb(246, 243, 238)"), theirs: light("rgb(23, 21, 28)")};
    return Object.entries(ground).flatMap(([side, below]) =>
        [...document.querySelectorAll(`.beat-${side}, .beat-${side} small`)].map(element => {
            const [dark, bright] = [of(element), below].sort((a, b) => a - b);
            return (bright + 0.05) / (dark + 0.05);
        }));
}"""


def test_the_seam_can_be_read_on_both_its_sides(page: Page, phone: Page) -> None:
    """Axe does not judge text on a gradient, and the seam is one."""
    for each in (page, phone):
        open_home(each, "on=instagram&did=look-like-wait-unlike-look")
        found = each.evaluate(CONTRASTS)
        assert len(found) > 10
        assert min(found) >= 4.5
