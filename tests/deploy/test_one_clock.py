"""No process reads its own wall clock for a decision: the one `now` is PostgreSQL's; who may look, and why (R14)."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("contracts", "router", "adapters", "deploy")
ASKS = {"now", "utcnow", "today", "time", "time_ns", "localtime", "gmtime", "ctime", "strftime"}
OF = {"datetime", "date", "time"}
BY_ITSELF = "set_to_current_time"
"""How a figure of Prometheus' asks."""
MAY = {
    "deploy/logging.py": "when a line was printed",
    "deploy/health.py": "how far the others' clocks are from this one",
    "deploy/local.py": "which folders of ended test stacks are old enough to remove",
    "deploy/first_fill.py": "the made-up borough of `make up` is of today",
    "deploy/examples/recipient.py": "a recipient's own program, to be copied",
}


def asks(tree: ast.AST) -> Iterator[int]:
    """The lines that ask the computer what time it is: by the module or class, or by a name taken from it."""
    taken = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "time"
        for alias in node.names
        if alias.name in ASKS
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in taken:
            yield node.lineno
        if isinstance(node, ast.Attribute):
            of = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if (node.attr in ASKS and of in OF) or node.attr == BY_ITSELF:
                yield node.lineno


def test_nobody_asks_the_computer_for_the_time_but_who_may() -> None:
    found = {
        str(path.relative_to(ROOT)): lines
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        if (lines := list(asks(ast.parse(path.read_text()))))
    }
    assert {name: lines for name, lines in found.items() if name not in MAY} == {}
    assert sorted(found) == sorted(MAY), "who need not be named any more"


def test_every_way_of_asking_is_seen() -> None:
    ways = (
        "from datetime import datetime\ndatetime.now(UTC)",
        "import datetime\ndatetime.datetime.utcnow()",
        "from datetime import date\nday = date.today",
        "import time\ntime.time()",
        "from time import time_ns as at\nat()",
        "field(default_factory=datetime.now)",
        "BEAT.labels(role).set_to_current_time()",
    )
    assert [len(list(asks(ast.parse(way)))) for way in ways] == [1] * len(ways)
    assert list(asks(ast.parse("from time import monotonic\nmonotonic(); reading.now(); at.time()"))) == []
