"""Every recipient's inbox, and the letters in it: checked against their contract on the way in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from contracts.register import whole
from router.compose import numbered
from router.deliver import Sent
from router.ledger import Numbered, Unresolved
from router.page import page
from tests.story_people import Json


@dataclass(frozen=True)
class Letter:
    """One message in an inbox: a summary, withdrawal, escalation or answer. `letter["asked"]` reads its data."""

    type: str
    team: str
    sequence: int
    data: Json
    raw: bytes

    def __getitem__(self, name: str) -> Any:
        return self.data[name]

    @property
    def id(self) -> str:
        """The delivery's id, which receipts name."""
        return str(self.data.get("delivery_id") or self.data["status_id"])

    @property
    def child(self) -> str | None:
        """Whom it is about."""
        about = self.data.get("child")
        return about["person"] if about else None

    @property
    def page(self) -> str:
        """The letter as a person reads it."""
        return page(orjson.loads(self.raw))

    @property
    def withheld(self) -> dict[str, str]:
        """What was left out → why."""
        return {w["what"]: w["why"] for w in self.data["withheld"]}

    @property
    def asks(self) -> dict[str, str | None]:
        """What is asked → by when."""
        return {a["what"]: a.get("by") for a in self.data["asked"]}

    @property
    def flows(self) -> set[str]:
        """The flows that this team is told for."""
        return {w["flow"] for w in self.data["why_you"]}


class Inboxes:
    """Every recipient's inbox: a channel that may be told to fail, as a destination or as a whole."""

    def __init__(self, check: bool = True) -> None:
        self._check = check
        self.letters: dict[tuple[str, str], list[Letter]] = {}
        self.refusing: set[str] = set()
        """Teams whose inbox takes nothing now."""
        self.silent_after: int | None = None
        """So many letters arrive, and then their sender dies: the outcome is not known to it."""

    async def send(self, batch: Sequence[Numbered]) -> Sent:
        """Put each letter into its inbox, in order; those of a team that refuses fail."""
        sent = Sent()
        for n in batch:
            if n.due.team in self.refusing:
                sent.failed.append(n)
                sent.errors[n.due.team] = "Refused"
                continue
            if self.silent_after == 0:
                raise ConnectionError("the sender died here")
            if self.silent_after is not None:
                self.silent_after -= 1
            self._put(n)
            sent.arrived.append(n)
        return sent

    def _put(self, n: Numbered) -> None:
        raw = numbered(n.due.body, n.sequence)
        parsed = orjson.loads(raw)
        if self._check:
            whole(parsed["type"]).validate_json(raw)
        letter = Letter(parsed["type"], n.due.team, n.sequence, parsed["data"], raw)
        assert not self._check or letter.page.strip(), "a letter that reads as nothing"
        self.letters.setdefault((n.due.kind, n.due.team), []).append(letter)

    async def arrived(self, left: Sequence[Unresolved]) -> set[str]:
        """Of these, the ids that are in their inbox."""
        return {u.numbered.due.id for u in left} & {x.id for letters in self.letters.values() for x in letters}

    def of(self, kind: str, team: str | None = None) -> list[Letter]:
        """The letters of one kind in one inbox, or in all."""
        return [x for (k, t), letters in self.letters.items() if k == kind and team in (None, t) for x in letters]
