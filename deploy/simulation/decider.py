"""One revision's rule book at work, in a process of its own: `python -I decider.py TREE`; batches in, outcomes out.

It runs with the contracts and the router of TREE, which may be of another day than this file: it asks of them only
what they have had from the start. One JSON document a line each way; what goes wrong is told by its kind and place,
never by its text, which may hold a person."""

import sys
from hashlib import blake2b
from pathlib import Path
from typing import Any

_SECTIONS = ("what_happened", "risk_and_impact", "voice_of_child", "context", "author", "lawful_basis_and_consent")
_WHOLE = ("asked", "flags", "why_you")
"""Parts of a summary that are compared as one. Not so `told` (who else is told) and `withheld`: they follow from what
the others get."""


def main(tree: str) -> None:
    """Answer the first line with the rule book's version, or with why there is none; then each batch."""
    rest = [one for one in sys.path if not (Path(one or ".") / "router" / "policy").is_dir()]
    sys.path[:] = [tree, *rest]
    import orjson

    try:
        decide_all, version = _decider(tree)
    except Exception as error:  # of the rule book alone: no event has been read yet
        _say(orjson.dumps({"broken": f"{_kind(error)} at {_place(error, tree)}: {error}"}))
        return
    _say(orjson.dumps({"version": version, "wrong": _wrong()}))
    for line in sys.stdin.buffer:
        _say(orjson.dumps(decide_all(orjson.loads(line))))


def _decider(tree: str) -> tuple[Any, str]:
    import orjson

    from router.decide import decide
    from router.directory import Cover
    from router.events import Received
    from router.explain import restored
    from router.policy.book import rule_book

    book = rule_book()
    texts: dict[int, str] = {}
    covers: dict[int, Any] = {}

    def cover_of(version: int) -> Any:
        if version not in covers:
            covers[version] = Cover.read(version, orjson.loads(texts[version]))
        return covers[version]

    def one(asked: dict[str, Any]) -> dict[str, Any]:
        raw = asked["raw"].encode("latin-1")
        record = Received(asked["publisher"], raw, None, asked["topic"], asked["partition"], asked["offset"])
        families = {int(number): doc for number, doc in asked["families"].items()}
        try:
            try:
                event, facts = restored(record, asked["facts"], cover_of(asked["cover"]), families)
            except LookupError:
                return {"refused": True}
            plan = decide(event, facts, book)
        except Exception as error:
            return {"failed": f"{_kind(error)} at {_place(error, tree)}"}
        return _outcome(plan, facts.cover)

    def all_of(batch: dict[str, Any]) -> list[dict[str, Any]]:
        texts.update({int(version): doc for version, doc in batch["covers"].items()})
        return [one(asked) for asked in batch["events"]]

    return all_of, book.version


def _wrong() -> list[str]:
    """What the revision's own checks say against its rule book, but for those that try every condition."""
    try:
        from router.policy.book import rule_book
        from router.policy.checks import check_book

        return [str(one) for one in check_book(rule_book(), tried=False)]
    except (ImportError, TypeError):  # a revision with other checks, or none
        return []


def _outcome(plan: Any, cover: Any) -> dict[str, Any]:
    """What a plan brings about, without any content: names of fields, with digests to tell whether they differ."""

    def service(team: str | None) -> str:
        known = cover.teams.get(team) if team else None
        return str(known.service) if known else (team or "")

    found: dict[str, list[list[Any]]] = {}
    for one in plan.deliveries:
        fields = _fields(one.body) if one.kind == "summary" else {}
        found.setdefault(one.kind, []).append([one.child, one.team, service(one.team), "", fields])
    for clock in plan.clocks:
        if clock.task is None:
            rungs = _digest(
                [
                    clock.needs,
                    clock.steps,
                    clock.met_by,
                    clock.at_once_on,
                    clock.paragraph,
                    getattr(clock, "turns", None),
                ]
            )
            found.setdefault("clock", []).append(
                [clock.child, clock.team, service(clock.team), clock.words, {"": rungs}]
            )
    for task in plan.tasks:
        found.setdefault("task", []).append([task.child, task.owner, service(task.owner), task.words, {}])
    for answer in plan.answers:
        about = [str(p.get("path")) for p in answer.get("problems", ())] or [str(answer.get("about", ""))]
        for path in about:
            found.setdefault("feedback", []).append([None, "", "publisher", f"{answer['kind']} {path}".strip(), {}])
    for name in ("meets", "unmeets", "turns", "remembered"):
        for one in getattr(plan, name, ()):
            what = {"meets": "ends clocks", "unmeets": "starts clocks again", "turns": "turns clocks"}.get(
                name, "counts"
            )
            kind = one.kind if name == "remembered" else one.type
            found.setdefault("standing", []).append([one.child, None, "", f"{what}: {kind}", {}])
    return found


def _fields(body: bytes) -> dict[str, str]:
    import orjson

    data = orjson.loads(body)["data"]
    shown = {name: data.get(name) for name in _WHOLE}
    for section in _SECTIONS:
        shown.update(data.get(section) or {})
    return {name: _digest(value) for name, value in shown.items() if value not in (None, [], {})}


def _digest(value: Any) -> str:
    import orjson

    return blake2b(orjson.dumps(value, default=str, option=orjson.OPT_SORT_KEYS), digest_size=8).hexdigest()


def _kind(error: BaseException) -> str:
    return type(error).__name__


def _place(error: BaseException, tree: str) -> str:
    at, place = error.__traceback__, "?"
    while at:
        file = at.tb_frame.f_code.co_filename
        if file.startswith(tree):
            place = f"{file[len(tree) :].lstrip('/')}:{at.tb_lineno}"
        at = at.tb_next
    return place


def _say(line: bytes) -> None:
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1])
