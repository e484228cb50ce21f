"""The credits page: every picture that is shown, and whose it is."""

import re

import pytest
from django.conf import settings
from django.test import Client

from feed.credits import avatar_credits, photo_credits

from .pages import Element, read_page


@pytest.fixture
def page() -> Element:
    """Without a database, so that a query fails."""
    response = Client().get("/credits/")
    assert response.status_code == 200
    assert response.cookies == {}
    return read_page(response.content.decode())


def static(path: str) -> str:
    return f"{settings.STATIC_URL}{path}"


def shown_by(page: Element, image: str) -> Element:
    """The entry of one picture."""
    (entry,) = [
        entry for entry in page.all("li") for img in entry.all("img") if img["src"] == static(image)
    ]
    return entry


def test_every_picture_that_is_served_has_its_credit() -> None:
    folder = settings.BASE_DIR / "static"
    served = {
        f"{kind}/{path.name}"
        for kind in ("photos", "avatars")
        for path in (folder / kind).iterdir()
    }
    assert served == {credit.image for credit in (*photo_credits(), *avatar_credits())}


def test_every_picture_is_on_the_page_once_with_what_it_shows(page: Element) -> None:
    images = [(img["src"], img["alt"]) for img in page.one("main").all("img")]
    assert images == [
        (static(credit.image), credit.alt) for credit in (*photo_credits(), *avatar_credits())
    ]


def test_every_photo_names_its_maker_and_licence_and_where_it_came_from(page: Element) -> None:
    for photo in photo_credits():
        entry = shown_by(page, photo.image)
        assert photo.title in entry.text
        if photo.attribution:
            assert photo.attribution in entry.text
        else:
            assert photo.author in entry.text
            assert photo.licence_name in entry.text
        links = [link["href"] for link in entry.all("a")]
        assert links == [photo.origin] * bool(photo.origin)
        assert photo.origin or photo.source_package in entry.text


def test_where_the_licence_asks_for_attribution_the_licence_is_named() -> None:
    asking = [photo for photo in photo_credits() if photo.licence.startswith("CC-BY")]
    assert asking
    for photo in asking:
        assert re.search(r"CC[ -]BY", photo.attribution), photo.file


def test_portraits_are_credited(page: Element) -> None:
    assert "Open Peeps by Pablo Stanley, rendered with DiceBear, CC0 1.0." in page.text
    assert {avatar.licence for avatar in avatar_credits()} == {"CC0-1.0"}
    assert {avatar.credit for avatar in avatar_credits()} == {avatar_credits()[0].credit}


def test_the_article_can_be_pointed_at(page: Element) -> None:
    """Rules that go by the article link to this place."""
    article = page.by_id("article")
    assert "Can Someone See When You Unlike Their Photo?" in article.text


def test_links_to_other_sites_do_not_say_where_one_came_from(page: Element) -> None:
    out = [link for link in page.all("a") if link["href"].startswith("http")]
    assert out
    assert [link for link in out if link.get("rel") != "noreferrer noopener"] == []
