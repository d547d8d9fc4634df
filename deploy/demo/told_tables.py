"""The demo's tables of who was told: every event, every service, what was withheld, what went back."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.text import Text

from adapters.storage.records import UNSENT
from adapters.storage.rows import ClockRow, DeliveryRow
from contracts.parts.services import Service
from deploy.demo import words
from deploy.demo.held import EventHeld, Held
from deploy.demo.table import Cell, show
from deploy.demo.wire import Letter

STYLES = {
    "acknowledged": "green",
    "filed": "green",
    "acted": "green",
    "not-ours": "yellow",
    "replaced": "dim",
    UNSENT: "dim",
    "failed": "red",
    "lost": "red",
}
STATUS_KINDS = {
    "accepted": "Accepted",
    "refused": "Refused",
    "conflict": "Conflict",
    "superseded-by-newer": "Older than kept",
    "live-flags": "Live flags",
    "quality": "Quality feedback",
}
UNREAD = ("sent", "collected", "validated", "matched")


def every_event(console: Console, held: Held) -> None:
    """Each event, each child it concerned, who was told and how far each has come."""
    show(
        console,
        "Every event, and who was told",
        "How far: sent, collected by the system, acknowledged by a person, filed in the record, acted upon.",
        ("Kept at", "Published, and by whom", "About", "Told, and how far each has come"),
        _event_rows(held),
        widest=(8, 27, 23, None),
    )


def _event_rows(held: Held) -> Iterable[Sequence[Cell]]:
    for event in held.events:
        sent = held.sent_of[event.id]
        first: tuple[Cell, Cell] = (words.clock(event.accepted_at), _what(event))
        children: list[str | None] = list(dict.fromkeys(v.child for v in event.decision if v.child)) or [None]
        for child in children:
            mine = [d for d in sent if d.child == child] if child else sent
            about = words.who(held, child, event.happened_at) if child else "–"
            yield *first, about, _told(held, event, child, mine)
            first = ("", "")


def _what(event: EventHeld) -> Text:
    action = {"update": ", put right", "cancel": ", cancelled"}.get(event.action, "")
    return Text.assemble(f"{words.what(event.type)}{action}", "\n", (event.publisher, "dim"))


def _told(held: Held, event: EventHeld, child: str | None, sent: Sequence[DeliveryRow]) -> Text:
    parts = [_rung(held, d) for d in sent]
    nobody = dict.fromkeys(v.detail for v in event.decision if v.child == child and v.outcome == "nobody-found")
    parts += [Text(f"a task: {why}", "yellow") for why in nobody]
    if not parts:
        whole = next((v.detail for v in event.decision if v.row < 0), "no row of the rule book names anybody")
        parts.append(Text(f"nobody: {whole}", "dim"))
    return Text(" · ").join(parts)


def _rung(held: Held, d: DeliveryRow) -> Text:
    """'SN acted, late'."""
    clock = held.clock_of.get(d.id)
    far = d.state.replace("-", " ")
    if clock is not None and d.state in UNREAD:
        far = f"unanswered, {_alerted(held, clock)} told"
    elif clock is not None:
        far = f"{far}, late"
    again = " (after not ours)" if d.because == "not-ours" else ""
    again = " (after a person said who)" if d.because in ("match", "nobody-found") else again
    kind = "withdrawal " if d.kind == "withdrawal" else ""
    style = "yellow" if clock is not None else STYLES.get(d.state, "")
    return Text.assemble((f"{words.service(held, d.team)} ", "bold"), (f"{kind}{far}{again}", style))


def _alerted(held: Held, clock: ClockRow) -> str:
    """Whom a clock told: 'lead and NN'."""
    own = held.cover.teams.get(clock.team or "")
    owners = [owner for _, owner in clock.fired if owner]
    names = ["lead" if own is not None and own.lead == o else words.service(held, o) for o in owners]
    return " and ".join(dict.fromkeys(names))


def withheld(console: Console, letters: Iterable[Letter]) -> None:
    """What each kind of recipient did not get, and why, as the summaries themselves say it."""
    found: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for letter in letters:
        if letter.is_summary:
            service = letter.message["data"]["to"]["service"]
            found_for = found[service]
            for one in letter.message["data"]["withheld"]:
                found_for[one["why"]][one["what"]] += 1
    show(
        console,
        "What was withheld, and why",
        "Every summary names what was left out of it. In brackets: from how many summaries.",
        ("From", "What was left out", "Why"),
        (
            (service if first else "", ", ".join(f"{w} ({n})" for w, n in what.most_common()), why)
            for service, whys in sorted(found.items())
            for first, (why, what) in zip((True, *[False] * len(whys)), whys.items(), strict=False)
        ),
    )


def recipients(console: Console, held: Held) -> None:
    """By service: how many it was told, how far up the ladder, and whether in time."""
    by: dict[str, list[DeliveryRow]] = defaultdict(list)
    for d in held.summaries:
        by[words.service(held, d.team)].append(d)
    rungs = ("acknowledged", "filed", "acted")
    read = {r.delivery for r in held.receipts if r.state in rungs}
    said: dict[str, set[str]] = defaultdict(set)
    for r in held.receipts:
        said[r.state].add(r.delivery)
    late = {c.delivery for c in held.clocks if c.state == "met"}
    show(
        console,
        "Who was told, by service",
        "Channel: Kafka. A team reads summaries.<team> and answers on receipts.<team>.",
        ("Service", "Told #", "Collected #", "Read #", "Filed #", "Acted #", "Late #", "Never read #"),
        (
            (
                Service(service).words,
                str(len(mine)),
                *(_in(mine, said[state]) for state in ("collected",)),
                _in(mine, read),
                _in(mine, said["filed"]),
                _in(mine, said["acted"]),
                _in(mine, late),
                str(sum(d.id not in read and d.id not in said["not-ours"] for d in mine)),
            )
            for service, mine in sorted(by.items(), key=lambda one: -len(one[1]))
        ),
    )


def _in(mine: Sequence[DeliveryRow], ids: Iterable[str | None]) -> str:
    wanted = set(ids)
    return str(sum(d.id in wanted for d in mine))


def publishers(console: Console, letters: Iterable[Letter]) -> None:
    """What went back to those who published."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for letter in letters:
        if letter.topic.startswith("status."):
            found[letter.to].update(entry["kind"] for entry in letter.message["data"]["entries"])
    kinds = [k for k in STATUS_KINDS if any(k in counts for counts in found.values())]
    show(
        console,
        "What went back to publishers",
        "On status.<publisher>, about their own records and nobody else's.",
        ("Publisher", *(f"{STATUS_KINDS[k]} #" for k in kinds)),
        ((p, *(str(counts[k] or "·") for k in kinds)) for p, counts in sorted(found.items())),
    )
