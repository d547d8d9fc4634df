"""`sharewell check`: would these events be accepted? Nothing is sent, and no database is needed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.commands import shown
from deploy.commands.ends import USAGE, WRONG, Ended
from deploy.commands.records import Record, records_in

if TYPE_CHECKING:
    from router.directory import Cover, Publisher

STAND_IN = "publisher"


def check(
    file: Annotated[Path, typer.Argument(help="a CloudEvent as JSON, or one a line; - for standard input")],
    publisher: Annotated[
        str | None, typer.Option("--as", help="check as this publisher of --directory", metavar="PUBLISHER")
    ] = None,
    directory: Annotated[
        Path | None, typer.Option(help="a directory file, which says what each publisher may send", metavar="FILE")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="tell the result as JSON")] = False,
) -> None:
    """Check events and receipts against their contracts, offline: every error at once, and how to mend it.

    Without --as each event is taken as coming from a system that may send its type. What is merely missing in
    quality is told too: such an event is accepted, and its sender hears what to record.

    Example: sharewell contracts ed-attendance-discharged-1 --example | sharewell check -

    Exit codes: 0 all would be accepted; 1 at least one would be refused; 2 the file or the publisher is not there.
    """
    if (publisher is None) != (directory is None):
        mend = "Or neither of the two: then the sender is taken to be the right one."
        raise Ended(USAGE, "--as and --directory go together: the directory says who may send what.", mend)
    known = _publisher(publisher, directory) if publisher and directory else None
    results = [_result(record, known) for record in records_in(file)]
    refused = sum(not r["accepted"] for r in results)
    if json:
        shown.as_json({"accepted": len(results) - refused, "refused": refused, "records": results})
    else:
        for result in results:
            _tell(result)
        shown.say(f"{shown.count(len(results), 'record')}: {len(results) - refused} accepted, {refused} refused.")
    if refused:
        raise typer.Exit(WRONG)


def _publisher(name: str, directory: Path) -> "Publisher":
    from adapters.storage.directory_file import check_file
    from router.directory import Cover

    with directory.open("rb") as lines:
        checked = check_file([next(lines, b"")])
    if checked.wrong:
        raise Ended(USAGE, "The directory file's first line cannot be read.", "See: sharewell directory load --help")
    found = Cover.read(1, checked.cover).publishers.get(name)
    if found is None:
        raise Ended(USAGE, "The directory has no such publisher.", "Its first line lists them.")
    return found


def _result(record: Record, known: "Publisher | None") -> dict[str, Any]:
    from router.accept import Refused, accept
    from router.events import Received
    from router.receipts import accept_receipt

    came = Received(known.id if known else STAND_IN, record.raw, None, "file", 0, record.line)
    kind = record.text("type")
    if kind == "receipt-1":
        receipt = accept_receipt(came)
        return _told(record, receipt.problems if isinstance(receipt, Refused) else (), ())
    event = accept(came, _cover(record, known))
    if isinstance(event, Refused):
        return _told(record, event.problems, ())
    return _told(record, (), _quality(event))


def _cover(record: Record, known: "Publisher | None") -> "Cover":
    """A directory of one publisher: the one asked for, or one that may send what the record is."""
    from contracts.parts.services import Service
    from contracts.register import event_types
    from router.directory import Cover, Publisher

    if known is not None:
        return Cover(0, (), (known,))
    model = event_types().get(record.text("type") or "")
    service = min(model.published_by) if model and model.published_by else Service.DESK
    source = record.text("source") or ""
    return Cover(0, (), (Publisher(STAND_IN, source, service, "", STAND_IN),))


def _quality(event: Any) -> tuple[dict[str, str], ...]:
    """What would be fed back, as far as it depends on the event alone."""
    from router.appraise import appraise
    from router.policy.book import rule_book

    policy = rule_book().of(event.type)
    return tuple(appraise(event, (), policy, None).feedback) if policy else ()  # type: ignore[arg-type]


def _told(record: Record, problems: Any, quality: tuple[dict[str, str], ...]) -> dict[str, Any]:
    from contracts.register import all_types

    kind = record.text("type")
    return {
        "line": record.line,
        "type": kind if kind in all_types() else None,
        "accepted": not problems,
        "problems": [{"code": p.code, "path": p.path, "message": p.message, "mend": p.mend} for p in problems],
        "quality": list(quality),
    }


def _tell(result: dict[str, Any]) -> None:
    verdict = "accepted" if result["accepted"] else "refused"
    kind = f" ({result['type']})" if result["type"] else ""
    shown.say(f"line {result['line']}: {verdict}{kind}")
    for problem in result["problems"]:
        shown.say(f"  {problem['path'] or 'the record'}: {problem['message']} [{problem['code']}]")
        shown.say(f"    mend: {problem['mend']}")
    for missing in result["quality"]:
        shown.say(f"  quality: there is no {missing['words']} ({missing['flow']}, {missing['paragraph']})")
