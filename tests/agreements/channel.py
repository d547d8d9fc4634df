"""Every way of reaching recipients: in order, each failure its own, and able to say what has arrived."""

from abc import ABC, abstractmethod
from datetime import UTC, datetime, timedelta

import orjson

from router.compose import envelope
from router.deliver import Channel
from router.events import stable_id
from router.ledger import Due, Numbered, Unresolved

CHILD = "0d5e9b9c-6f5c-7d9e-8a52-3f0f6d7c1a11"
CANARIES = (b"Kanarienvogel", b"9990000018", CHILD.encode())
"""What stands in the content and must stand nowhere else."""


def row(n: int, team: str = "hv-north", child: str | None = CHILD, kind: str = "summary", size: int = 0) -> Numbered:
    """The n-th delivery to a team, about somebody with a name and a number."""
    id = stable_id("delivery", team, str(n))
    about = {"person": child, "name": {"family": "Kanarienvogel"}, "nhs_number": "9990000018", "filling": "x" * size}
    body = envelope("test-summary-1", id, "2026-03-16T09:00:00+00:00", id, None, {"delivery_id": id, "child": about})
    return Numbered(Due(n, id, 0, team, child, kind, body, 0), n, datetime.now(UTC))


def left(*rows: Numbered) -> list[Unresolved]:
    """These as a worker that went away left them, a minute ago."""
    return [Unresolved(1, datetime.now(UTC) - timedelta(minutes=1), n) for n in rows]


class ChannelCase(ABC):
    """A channel and the far end of it."""

    channel: Channel

    @abstractmethod
    async def reachable(self, *teams: str) -> None:
        """Make these teams (and the publisher `ed`) reachable; every other is not."""

    @abstractmethod
    async def received(self, team: str, kind: str = "summary") -> list[bytes]:
        """What has come there, in its order."""

    @abstractmethod
    async def labels(self, team: str) -> list[bytes]:
        """Whatever the transport shows beside the content: keys, headers, names of places."""


class Channels:
    """What an outbound channel does."""

    async def test_what_is_sent_arrives_in_order_and_with_its_number(self, case: ChannelCase) -> None:
        await case.reachable("hv-north")
        rows = [row(n) for n in range(1, 21)]
        sent = await case.channel.send(rows)
        assert (sent.arrived, sent.failed, sent.errors) == (rows, [], {})
        messages = [orjson.loads(raw) for raw in await case.received("hv-north")]
        assert [m["data"]["delivery_id"] for m in messages] == [n.due.id for n in rows]
        assert [int(m["sequence"]) for m in messages] == list(range(1, 21))
        assert messages[0]["data"]["child"]["name"] == {"family": "Kanarienvogel"}, "the content is left as it is"

    async def test_each_goes_to_its_own(self, case: ChannelCase) -> None:
        await case.reachable("hv-north", "sn-north")
        rows = [row(1), row(1, "sn-north"), row(2), row(1, "ed", None, "answer")]
        await case.channel.send(rows)
        assert [orjson.loads(x)["id"] for x in await case.received("hv-north")] == [rows[0].due.id, rows[2].due.id]
        assert [orjson.loads(x)["id"] for x in await case.received("sn-north")] == [rows[1].due.id]
        assert [orjson.loads(x)["id"] for x in await case.received("ed", "answer")] == [rows[3].due.id]

    async def test_a_destination_that_cannot_be_reached_fails_alone(self, case: ChannelCase) -> None:
        await case.reachable("hv-north")
        rows = [row(1, "hv-nowhere"), row(1), row(2, "hv-nowhere"), row(2)]
        sent = await case.channel.send(rows)
        assert [n.due.team for n in sent.failed] == ["hv-nowhere", "hv-nowhere"]
        assert sorted(n.due.team for n in sent.arrived) == ["hv-north", "hv-north"]
        assert len(await case.received("hv-north")) == 2
        assert list(sent.errors) == ["hv-nowhere"]
        assert " " not in sent.errors["hv-nowhere"], "the kind of error and never its text, which may hold content"

    async def test_after_a_failure_it_sends_again(self, case: ChannelCase) -> None:
        await case.reachable("hv-north")
        failed = row(1, "hv-later")
        assert (await case.channel.send([failed, row(1)])).failed == [failed]
        await case.reachable("hv-north", "hv-later")
        assert (await case.channel.send([failed])).arrived == [failed]
        assert [orjson.loads(x)["id"] for x in await case.received("hv-later")] == [failed.due.id]

    async def test_it_can_say_what_arrived_and_what_did_not(self, case: ChannelCase) -> None:
        await case.reachable("hv-north", "sn-north")
        there = [row(1), row(2), row(1, "sn-north"), row(1, "ed", None, "answer")]
        await case.channel.send(there)
        never = [row(3), row(2, "sn-north"), row(1, "hv-nowhere")]
        assert await case.channel.arrived(left(*there, *never)) == {n.due.id for n in there}
        assert await case.channel.arrived([]) == set()

    async def test_a_large_batch_arrives_whole_and_in_order(self, case: ChannelCase) -> None:
        await case.reachable("hv-north", "sn-north")
        rows = [row(n, team, size=3000) for n in range(1, 401) for team in ("hv-north", "sn-north")]
        sent = await case.channel.send(rows)
        assert sent.failed == []
        for team in ("hv-north", "sn-north"):
            numbers = [int(orjson.loads(x)["sequence"]) for x in await case.received(team)]
            assert numbers == list(range(1, 401))

    async def test_nothing_but_the_content_tells_who_the_child_is(self, case: ChannelCase) -> None:
        await case.reachable("hv-north")
        await case.channel.send([row(1)])
        labels = await case.labels("hv-north")
        assert not [canary for canary in CANARIES for label in labels if canary in label]
