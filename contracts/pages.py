"""The published pages: which types there are, and what each error means."""

from typing import Any

from contracts.error_catalogue import CATALOGUE
from contracts.register import event_types, outgoing_types, receipt_types


def catalogue() -> dict[str, dict[str, str]]:
    """The error codes as JSON: code → meaning, mend, kind."""
    return {code: entry._asdict() for code, entry in CATALOGUE.items()}


def errors_page() -> str:
    """The error codes as a page."""
    rows = [f"| `{code}` | {entry.meaning} | {entry.mend} | {entry.kind} |" for code, entry in CATALOGUE.items()]
    return "\n".join(
        [
            "# Errors",
            "",
            "What Sharewell answers on `status.<publisher>` about an event. All that is wrong comes at once, each with",
            "the field's path, and never with a value of the event. *refused*: kept, not routed, and somebody's to",
            "mend; *reported*: routed all the same. No code is ever taken back or given another meaning.",
            "",
            "| code | meaning | how to mend it | |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )


def types_page() -> str:
    """The types, in and out, as a page."""
    rows = [
        f"| {_link(name)} | {', '.join(sorted(model.published_by))} | {_first_line(model)} |"
        for name, model in event_types().items()
    ]
    ours = [f"| {_link(name)} | {_first_line(model)} |" for name, model in outgoing_types().items()]
    receipts = [f"| {_link(name)} | {_first_line(model)} |" for name, model in receipt_types().items()]
    return "\n".join(
        [
            "# Contracts",
            "",
            "Each record is a CloudEvent 1.0 in structured JSON ([its attributes](envelope.schema.json)). The schemas",
            "below are of its `data`; each has an example of a whole event in [examples](examples), on people who do",
            "not exist. `python -m contracts.gate` sees to it that a published version breaks no sender and no reader.",
            "",
            "## What publishers send",
            "",
            "| type | published by | |",
            "| --- | --- | --- |",
            *rows,
            "",
            "## What recipients answer",
            "",
            "| type | |",
            "| --- | --- |",
            *receipts,
            "",
            "## What Sharewell sends",
            "",
            "A reader ignores fields it does not know.",
            "",
            "| type | |",
            "| --- | --- |",
            *ours,
            "",
        ]
    )


def _link(name: str) -> str:
    return f"[{name}]({name}.schema.json)"


def _first_line(model: type[Any]) -> str:
    return (model.__doc__ or "").strip().splitlines()[0]
