"""Presses at the same moment, by real threads, on the databases that the site can run on."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

from tests.feed.postgres import postgres, server_binaries

Scenes = dict[str, dict[str, Any]]


def run_presses(database_url: str) -> Scenes:
    done = subprocess.run(
        [sys.executable, "-m", "tests.feed.presses"],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "socialsite.settings"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    scenes: Scenes = json.loads(done.stdout)
    return scenes


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def scenes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scenes:
    if request.param == "sqlite":
        return run_presses(f"sqlite:///{tmp_path_factory.mktemp('presses')}/db.sqlite3")
    if server_binaries() is None:
        pytest.skip("NOT TESTED ON POSTGRESQL: no server binaries here (initdb, pg_ctl)")
    with postgres() as url:
        return run_presses(url)


@pytest.mark.parametrize("scene", ["everybody_on_one_photo", "everybody_on_eight_photos"])
def test_no_press_is_lost(scenes: Scenes, scene: str) -> None:
    """Thirty-two people like, unlike, like, unlike and like: all of it counts."""
    assert scenes[scene] == {
        "errors": [],
        "changed": 160,
        "events": 160,
        "ties": 0,
        "counted": 32,
        "likes": 32,
        "drifts": [],
    }


def test_one_person_in_many_windows_likes_once(scenes: Scenes) -> None:
    """Which of the presses come to nothing is up to chance; each that did not is in the log."""
    result = scenes["one_person_in_many_windows"]
    assert (result["errors"], result["drifts"], result["ties"]) == ([], [], 0)
    assert result["changed"] == result["events"]
    assert result["counted"] == result["likes"] == result["events"] % 2 == 1


def test_whoever_leaves_while_pressing_leaves_no_like(scenes: Scenes) -> None:
    result = scenes["everybody_leaves_while_pressing"]
    assert (result["errors"], result["drifts"], result["ties"]) == ([], [], 0)
    assert result["changed"] == result["events"]
    assert (result["counted"], result["likes"]) == (0, 0)


def test_one_visitors_first_presses_all_land_in_one_copy(scenes: Scenes) -> None:
    nothing = {"counted": 0, "likes": 0, "events": 0, "ties": 0, "drifts": []}
    assert scenes["one_visitors_first_presses"] == {
        "errors": [],
        "changed": 32,
        "copies": 1,
        "demo": nothing,
        "counted": 32,
        "likes": 32,
        "events": 32,
        "ties": 0,
        "drifts": [],
    }
