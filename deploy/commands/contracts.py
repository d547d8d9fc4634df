"""`sharewell contracts`: what may be sent, what comes out, each with its schema and an example."""

from typing import Annotated, Any

import typer

from deploy.commands import shown
from deploy.commands.ends import USAGE, Ended


def contracts(
    kind: Annotated[
        str | None, typer.Argument(help="a type, such as ed-attendance-discharged-1", metavar="[TYPE]")
    ] = None,
    schema: Annotated[bool, typer.Option("--schema", help="its JSON Schema")] = False,
    example: Annotated[bool, typer.Option("--example", help="a whole example event, about nobody real")] = False,
    json: Annotated[bool, typer.Option("--json", help="tell the list or the fields as JSON")] = False,
) -> None:
    """List the types of messages, or show one of them.

    Example: sharewell contracts dart-notified-1 --example > event.json; sharewell check event.json

    Exit codes: 0 shown; 2 there is no such type.
    """
    from contracts.register import all_types, example_of, schema_of

    if kind is None:
        if schema or example:
            raise Ended(USAGE, "Say of which type.", "List them: sharewell contracts")
        _list(json)
        return
    if kind not in all_types():
        raise Ended(USAGE, "There is no contract of this type.", _nearest(kind))
    if schema:
        shown.as_json(schema_of(kind))
    elif example:
        try:
            shown.as_json(example_of(kind))
        except FileNotFoundError:
            raise Ended(USAGE, "This type has no example.", "See its schema: --schema") from None
    else:
        _fields(kind, json)


def _nearest(kind: str) -> str:
    from difflib import get_close_matches

    from contracts.register import all_types

    near = get_close_matches(kind, all_types(), 2, 0.7)
    return f"Perhaps {' or '.join(near)}." if near else "List them: sharewell contracts"


def _list(json: bool) -> None:
    from contracts.register import event_types, model_of, outgoing_types, receipt_types

    kinds = (("in", event_types()), ("receipt", receipt_types()), ("out", outgoing_types()))
    found = [
        {
            "type": name,
            "direction": direction,
            "published_by": sorted(getattr(model_of(name), "published_by", ())),
            "about": _first_line(model_of(name)),
        }
        for direction, types in kinds
        for name in types
    ]
    if json:
        shown.as_json(found)
        return
    for direction, title in (
        ("in", "What publishers send"),
        ("receipt", "What recipients answer"),
        ("out", "What Sharewell sends"),
    ):
        rows = [
            (str(f["type"]), ", ".join(f["published_by"]), str(f["about"]))
            for f in found
            if f["direction"] == direction
        ]
        if direction == "in":
            shown.table(title, ("Type", "Published by", "When"), rows, "Nothing.")
        else:
            shown.table(title, ("Type", "What it is"), [(r[0], r[2]) for r in rows], "Nothing.")
        shown.say("")


def _fields(kind: str, json: bool) -> None:
    from contracts.parts.event import EventData, field_marks
    from contracts.register import model_of

    model = model_of(kind)
    marks = field_marks(model) if issubclass(model, EventData) else {}
    rows: list[dict[str, Any]] = [
        {
            "field": name,
            "label": marks.get(name, {}).get("label"),
            "section": marks.get(name, {}).get("section"),
            "mandatory": field.is_required(),
            "restricted": marks.get(name, {}).get("restricted"),
        }
        for name, field in model.model_fields.items()
    ]
    if json:
        shown.as_json({"type": kind, "about": _first_line(model), "fields": rows})
        return
    shown.table(
        f"{kind}: {_first_line(model)}",
        ("Field of data", "Shown as", "Section", "Mandatory", "Restricted"),
        [
            (
                r["field"],
                r["label"] or "–",
                (r["section"] or "–").replace("_", " "),
                "yes" if r["mandatory"] else "no",
                r["restricted"] or "–",
            )
            for r in rows
        ],
        "It has no fields.",
    )
    shown.say(
        "", f"Its schema: sharewell contracts {kind} --schema", f"An example: sharewell contracts {kind} --example"
    )


def _first_line(model: Any) -> str:
    return (model.__doc__ or "").strip().splitlines()[0]
