"""The gate: no change to a published contract may break those who send it or read it.

`python -m contracts.gate` says what is wrong; `--write` publishes what is new or compatible. jsoncompat answers yes or
no and overlooks patterns (0.3.1), and a person has to be told what breaks whom: so the comparison is ours, and tests
ask jsoncompat for a second opinion."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from contracts.compatibility import Json, narrowings
from contracts.errors import problems_of
from contracts.pages import catalogue, errors_page, types_page
from contracts.register import PUBLISHED, all_types, envelope_schema, outgoing_types, schema_of, whole

ENVELOPE = "envelope"
_NEW_VERSION = "Leave this version as it was published and make a new type with the next number."
_WRITE = "Run `python -m contracts.gate --write` and commit contracts/published."


class Finding(NamedTuple):
    """One reason why the gate is shut."""

    type: str
    what: str
    breaks: str
    mend: str

    @property
    def words(self) -> str:
        """As the command prints it."""
        return f"{self.type}: {self.what}\n    breaks: {self.breaks}\n    mend: {self.mend}\n"


def judge(type_name: str, old: Json, new: Json, outgoing: bool) -> list[Finding]:
    """What a change of one schema breaks: what we take may only widen, what we send may only narrow or grow."""
    found = list(_sent(type_name, old, new) if outgoing else _taken(type_name, old, new))
    return list(dict.fromkeys(found))


def _taken(type_name: str, old: Json, new: Json) -> Iterator[Finding]:
    words = {
        "field-gone": "was removed or renamed",
        "field-mandatory": "became mandatory",
        "choice-gone": "takes fewer choices",
        "type-changed": "takes another kind of value",
        "limit-tighter": "has a tighter limit",
        "form-changed": "takes another form",
    }
    for path, kind, detail in narrowings(new, old):
        yield Finding(
            type_name,
            f"{path} {words[kind]} ({detail})",
            "publishers and replays: messages that were valid are refused",
            _NEW_VERSION,
        )
    was, now = old.get("x-sharewell", {}), new.get("x-sharewell", {})
    for mark in ("published_by", "about", "also_about"):
        if (lost := set(was.get(mark, ())) - set(now.get(mark, ()))) and now.get(mark):
            yield Finding(type_name, f"{mark} lost {sorted(lost)}", "those who publish it: refused", _NEW_VERSION)
    if now.get("also_about") and not was.get("also_about"):
        yield Finding(type_name, "another subject became mandatory", "those who publish it: refused", _NEW_VERSION)
    for name, field in old.get("properties", {}).items():
        restricted, still = field.get("restricted"), new.get("properties", {}).get(name, {}).get("restricted")
        if restricted and name in new.get("properties", {}) and still != restricted:
            yield Finding(
                type_name,
                f"{name} is no longer {restricted}",
                "the people it is about: what was written in confidence would be shown (rule E)",
                _NEW_VERSION,
            )


def _sent(type_name: str, old: Json, new: Json) -> Iterator[Finding]:
    words = {
        "field-gone": "is sent and was not expected",
        "field-mandatory": "may now be missing",
        "choice-gone": "may hold a new choice",
        "type-changed": "may hold another kind of value",
        "limit-tighter": "may go over its limit",
        "form-changed": "may have another form",
    }
    for path, kind, detail in narrowings(old, new):
        yield Finding(
            type_name,
            f"{path} {words[kind]} ({detail})",
            "recipients' systems, which read by the old schema",
            _NEW_VERSION,
        )
    for path in sorted(_paths(old, old) - _paths(new, new)):
        yield Finding(
            type_name, f"{path} is no longer sent", "recipients' systems, which show this field", _NEW_VERSION
        )


def _paths(schema: Any, root: Json, path: str = "") -> set[str]:
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    found = {path} if path else set()
    for branch in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        found |= _paths(branch, root, path)
    if "items" in schema:
        found |= _paths(schema["items"], root, f"{path}[]")
    for name, field in schema.get("properties", {}).items():
        found |= _paths(field, root, f"{path}.{name}" if path else name)
    return found


def findings(published: Path = PUBLISHED) -> list[Finding]:
    """Everything that keeps the gate shut."""
    found = [finding for name in (ENVELOPE, *all_types()) for finding in _of_schema(name, published)]
    for file in sorted(published.glob("*.schema.json")):
        name = file.name.removesuffix(".schema.json")
        if name not in (ENVELOPE, *all_types()):
            found.append(Finding(name, "the type is gone", "everybody who sends or reads it", "Put its contract back."))
    for name in all_types():
        found += _of_examples(name, published)
    return found + _of_pages(published)


def _of_schema(name: str, published: Path) -> list[Finding]:
    file = published / f"{name}.schema.json"
    if not file.exists():
        return [Finding(name, "the type is not published", "nobody yet", _WRITE)]
    old, new = json.loads(file.read_text("utf-8")), _now(name)
    if old == new:
        return []
    broken = judge(name, old, new, outgoing=name in outgoing_types())
    return broken or [Finding(name, "the published schema is out of date; the change is compatible", "nobody", _WRITE)]


def _of_examples(name: str, published: Path) -> list[Finding]:
    files = [published / "examples" / f"{name}.json", *sorted((published / "examples").glob(f"{name}.*.json"))]
    found = []
    for file in files:
        if not file.exists():
            mend = f"Write {file.name}: a whole CloudEvent, about people who do not exist."
            found.append(Finding(name, "the type has no example", "newcomers, who start from it", mend))
            continue
        try:
            whole(name).validate_json(file.read_bytes())
        except ValidationError as error:
            where = ", ".join(f"{p.path}: {p.code}" for p in problems_of(error, prefix=""))
            broken = "whoever sends what the example shows"
            found.append(Finding(name, f"{file.name} is no longer valid ({where})", broken, _NEW_VERSION))
    return found


def _of_pages(published: Path) -> list[Finding]:
    found = []
    file = published / "errors.json"
    old: Json = json.loads(file.read_text("utf-8")) if file.exists() else {}
    for code, entry in old.items():
        if code not in catalogue():
            found.append(
                Finding("errors", f"the code {code} is gone", "publishers, whose systems act on it", "Put it back.")
            )
        elif catalogue()[code]["kind"] != entry["kind"]:
            found.append(Finding("errors", f"{code} changed its kind", "publishers", "Make a new code."))
    for name, text in _pages().items():
        if not found and (not (published / name).exists() or (published / name).read_text("utf-8") != text):
            found.append(Finding("pages", f"{name} is out of date", "whoever reads it", _WRITE))
    return found


def write(published: Path = PUBLISHED) -> list[Finding]:
    """Publish what is new or compatible; what is left is returned, and is not written."""
    (published / "examples").mkdir(parents=True, exist_ok=True)
    for name in (ENVELOPE, *all_types()):
        if all(finding.mend == _WRITE for finding in _of_schema(name, published)):
            (published / f"{name}.schema.json").write_text(_text(_now(name)), "utf-8")
    if all(finding.mend == _WRITE for finding in _of_pages(published)):
        for name, text in _pages().items():
            (published / name).write_text(text, "utf-8")
    return findings(published)


def _pages() -> dict[str, str]:
    return {"errors.json": _text(catalogue()), "errors.md": errors_page(), "README.md": types_page()}


def _now(name: str) -> Json:
    found: Json = json.loads(json.dumps(envelope_schema() if name == ENVELOPE else schema_of(name)))
    return found


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def main(arguments: Sequence[str]) -> int:
    """0: open; 1: shut, and why; 2: not understood."""
    if set(arguments) - {"--write"}:
        sys.stderr.write("usage: python -m contracts.gate [--write]\n")
        return 2
    shut = write() if arguments else findings()
    for finding in shut:
        sys.stdout.write(finding.words)
    sys.stdout.write(f"{len(all_types())} contracts, {len(shut)} findings\n")
    return 1 if shut else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
