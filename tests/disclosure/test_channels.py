"""E-mail, pushes that cannot be stopped, and the seats of an open protocol, each in one table."""

from __future__ import annotations

from pathlib import Path

import pytest

from feed.disclosure.disclose import Viewer, disclose, watch
from feed.disclosure.infer import Exposure, infer
from feed.disclosure.looks import Fact, Suspects
from feed.disclosure.platforms import FOLDER, PlatformError, Seat, read
from feed.disclosure.trace import trace

from .cast import history, minute, platform

POSTER = Viewer(Seat.POSTER, "ben")
LIKE, UNLIKE = (1, "ana", "like"), (2, "ana", "unlike")

# like (minute 1), unlike (minute 2 or none), rules, asked at minute → state of the e-mail, outcome
# and rule of its trace
MAILS = {
    "is not sent where none is": ((LIKE,), {"like": False}, 9, None, "withheld mail.like"),
    "is out at once": ((LIKE,), {}, 1, "delivered", "shown mail.like"),
    "outlives the like": ((LIKE, UNLIKE), {}, 9, "delivered", "shown mail.like"),
    "waits": ((LIKE,), {"delay": 120}, 2.5, "not sent yet", "coming mail.delay"),
    "is out after a while": ((LIKE,), {"delay": 120}, 3, "delivered", "shown mail.like"),
    "is stopped in time": ((LIKE, UNLIKE), {"delay": 120}, 9, "never sent", "withheld mail.delay"),
    "is stopped at the last": (
        (LIKE, UNLIKE),
        {"delay": 60},
        9,
        "never sent",
        "withheld mail.delay",
    ),
    "is not stopped too late": ((LIKE, UNLIKE), {"delay": 59}, 9, "delivered", "shown mail.like"),
}


@pytest.mark.parametrize("case", MAILS)
def test_an_email(case: str) -> None:
    events, mail, at, state, said = MAILS[case]
    rules = platform(**{f"mail__{name}": value for name, value in ({"like": True} | mail).items()})
    past = history(*events, asleep=True)
    screen = disclose(history=past, platform=rules, viewer=POSTER, at=minute(at))
    assert [str(mail.state) for mail in screen.mails] == ([state] if state else [])
    traced = trace(history=past, platform=rules, viewer=POSTER, at=minute(at))
    assert [f"{t.outcome} {t.rule}" for t in traced if t.channel == "mail"] == [said]


def test_an_email_tells_the_poster_at_the_next_look_alone() -> None:
    rules = platform(mail__like=True, inbox__like=False, push__like=False, likers__audience="liker")
    looks = [
        screen.look
        for screen in watch(
            history=history(LIKE, UNLIKE),
            platform=rules,
            viewer=POSTER,
            moments=[minute(at) for at in (0.5, 3, 4)],
        )
    ]
    assert [look.liked for look in looks] == [set(), {Fact(minute(1), "ana")}, set()]
    assert [look.unliked for look in looks] == [set(), set(), set()]


def test_an_email_goes_with_the_moment_before_anybody_is_told() -> None:
    rules = platform(mail__like=True, limits__delay=90)
    screen = disclose(history=history(LIKE, UNLIKE), platform=rules, viewer=POSTER, at=minute(9))
    assert [str(mail.state) for mail in screen.mails] == ["never sent"]


@pytest.mark.parametrize(
    ("rules", "state"),
    [
        ({"stopped": True}, "never sent"),
        ({"stopped": False}, "delivered"),
        ({"stopped": False, "recalled": True}, "delivered"),  # it was not out to be recalled
    ],
)
def test_a_push_that_waits_is_stopped_or_sent_all_the_same(
    rules: dict[str, bool], state: str
) -> None:
    screen = disclose(
        history=history(LIKE, UNLIKE),
        platform=platform(push__delay=120, **{f"push__{name}": on for name, on in rules.items()}),
        viewer=POSTER,
        at=minute(9),
    )
    assert [str(push.state) for push in screen.pushes] == [state]


# network.unlike → who of the seats is told of the unlike by name
TOLD = {
    "nobody": [],
    "servers": [Seat.SERVER],
    "readers": [Seat.READER],
    "everyone": [Seat.SERVER, Seat.READER],
}


@pytest.mark.parametrize("audience", TOLD)
def test_an_unlike_goes_out_by_the_protocol_to_its_seats_and_no_other(audience: str) -> None:
    rules, past = platform(network__unlike=audience), history(LIKE, UNLIKE)
    told, traced = [], []
    for seat in Seat:
        viewer = Viewer(seat, "ben" if seat in (Seat.POSTER, Seat.APP) else None)
        screen = disclose(history=past, platform=rules, viewer=viewer, at=minute(9))
        told += [seat] * (screen.unlikers == (Fact(minute(2), "ana"),))
        finding = infer([screen.look], Suspects(frozenset({"ana"})))
        assert (finding.exposure("ana") is Exposure.DISCLOSED) is (seat in told)
        traced += [
            (seat, f"{t.outcome} {t.rule}")
            for t in trace(history=past, platform=rules, viewer=viewer, at=minute(9))
            if t.channel == "network"
        ]
    assert told == TOLD[audience]
    assert traced == [
        (seat, f"{'shown' if seat in told else 'withheld'} network.unlike")
        for seat in (Seat.SERVER, Seat.READER)
    ]


class TestUndocumented:
    """What a file only lists is assumed, and said in its own words."""

    def listing(self, tmp_path: Path, listed: str, without: str = "") -> Path:
        text = (FOLDER / "instagram.toml").read_text(encoding="utf-8")
        head, _, rest = text.partition(f"[{without}]\n") if without else (text, "", "")
        text = head + rest.partition("\n[")[1] + rest.partition("\n[")[2]
        path = tmp_path / "some.toml"
        path.write_text(
            text.replace('undocumented = ["mail", "push.stopped"]', f"undocumented = {listed}"),
            encoding="utf-8",
        )
        return path

    def test_is_filled_in(self, tmp_path: Path) -> None:
        listed = '["mail", "push.stopped", "inbox.again"]'
        rule = read(self.listing(tmp_path, listed, "inbox.again")).inbox.again
        assert (rule.assumed, rule.holds, rule.flipped().holds) == (True, True, False)
        assert rule.says == (
            "Nobody documents whether the poster is told again when you like the photo a second "
            "time."
        )

    def test_is_not_said_to_be_undocumented_where_the_code_is_open(self, tmp_path: Path) -> None:
        path = self.listing(tmp_path, '["mail", "push.stopped", "inbox.again"]', "inbox.again")
        path.write_text(f"open_source = true\n{path.read_text('utf-8')}", encoding="utf-8")
        assert read(path).inbox.again.says == (
            "Not looked up in the source code of Instagram: whether the poster is told again when "
            "you like the photo a second time."
        )

    @pytest.mark.parametrize(
        ("listed", "message"),
        [
            ('["mail"]', "some.toml: push.stopped: it is missing"),
            (
                '["mail", "push.stopped", "inbox.again"]',
                "some.toml: undocumented: inbox.again is listed here and given as well",
            ),
            (
                '["mail", "push"]',
                "some.toml: undocumented: push.like is listed here and given as well",
            ),
            ('["colour"]', "some.toml: undocumented: there is no part and no rule “colour”"),
            (
                '["mail.hue"]',
                "some.toml: undocumented: there is no part and no rule “mail.hue”",
            ),
            (
                '"mail"',
                (
                    "some.toml: undocumented: it must be a list of parts and rules, such as "
                    '["ranking", "inbox.again"]'
                ),
            ),
        ],
    )
    def test_is_refused(self, tmp_path: Path, listed: str, message: str) -> None:
        with pytest.raises(PlatformError) as error:
            read(self.listing(tmp_path, listed))
        assert str(error.value) == message
