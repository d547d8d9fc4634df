"""The figures as a table for people and as JSON."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.figures import BY_THE_CLOCK, PARTS, ROLES, TARGETS, Delivered, Latency, Results, Throughput


def against_targets(results: Results) -> dict[str, float]:
    """The figures that have a target, as far as they were measured."""
    found: dict[str, float] = {}
    if results.empty:
        found["events_per_second"] = results.empty.per_second
        found["cpu_per_1000"] = results.empty.cpu_per_1000()
        runs = [run for run in (results.empty, results.full) if run]
        found["memory_growth"] = max(run.memory[role].growth for run in runs for role in ROLES if role in run.memory)
    if results.empty_latency:
        found["p50_ms"], found["p99_ms"] = results.empty_latency.p50, results.empty_latency.p99
    if results.empty and results.full:
        found["full_ratio"] = results.full.per_second / results.empty.per_second
    return found


def as_json(results: Results) -> dict[str, Any]:
    """Everything, with what follows from it."""
    figures = against_targets(results)
    out: dict[str, Any] = asdict(results)
    for name in ("empty", "full"):
        run: Throughput | None = getattr(results, name)
        if run:
            out[name] |= {
                "events_per_second": run.per_second,
                "events_per_second_from_start": run.per_second_from_start,
                "events_per_second_by_cpu_alone": run.per_second_at_full_use,
                "cpu_per_1000": {p: run.cpu_per_1000(p) for p in PARTS} | {"together": run.cpu_per_1000()},
                "cpu_per_1000_from_start": {p: run.cpu_per_1000_from_start(p) for p in PARTS}
                | {"together": run.cpu_per_1000_from_start()},
                "exactly_once": run.delivered.exact,
            }
    if results.empty and results.passthrough and results.passthrough.per_second:
        out["ratio_to_passthrough"] = results.empty.per_second / results.passthrough.per_second
    if results.empty and results.full:
        out["full_ratio_by_cpu"] = results.empty.cpu_per_1000() / results.full.cpu_per_1000()
    out["machine_shared"] = results.shared()
    out["targets"] = {
        t.name: {"target": t.value, "at_least": t.at_least, "figure": figures[t.name], "met": t.met(figures[t.name])}
        for t in TARGETS
        if t.name in figures
    }
    return out


def show(results: Results, console: Console) -> None:
    """Print all tables."""
    runs = [(name, run) for name, run in (("empty ledger", results.empty), ("full ledger", results.full)) if run]
    if runs:
        console.print(_throughput(runs))
        for name, run in runs:
            console.print(_parts(name, run))
    delays = [(n, d) for n, d in (("empty ledger", results.empty_latency), ("full ledger", results.full_latency)) if d]
    if delays:
        console.print(_latency(delays))
    if results.passthrough:
        console.print(_passthrough(results))
    if results.full and results.empty:
        by_cpu = results.empty.cpu_per_1000() / results.full.cpu_per_1000()
        rows = results.full_rows
        console.print(
            f"Full ledger: {rows['event']:,} events, {rows['delivery']:,} deliveries, {rows['receipt']:,} receipts, "
            f"{rows['clock']:,} clocks, {rows['person']:,} people. Ratio by processor time alone: {by_cpu:.2f}."
        )
    console.print(_targets(results))
    if results.shared():
        console.print(
            "[yellow]Others kept the machine busy: rates and delays (?) say little, processor time is inflated.[/]"
        )


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold")
    for index, column in enumerate(columns):
        table.add_column(column, justify="left" if index == 0 else "right")
    return table


def _throughput(runs: list[tuple[str, Throughput]]) -> Table:
    table = _table(
        "Throughput: events that wait in their topics → every delivery marked sent", "", *(n for n, _ in runs)
    )
    lines: tuple[tuple[str, Callable[[Throughput], str]], ...] = (
        ("events, of which refused", lambda r: f"{r.events:,}, {r.refused}"),
        ("deliveries an event (besides, answers to publishers)", _deliveries),
        (
            "mean size of a summary; topics they went to",
            lambda r: f"{r.delivered.mean_bytes:,.0f} B; {r.delivered.topics}",
        ),
        ("events/s, steady: from the first batch kept to all sent", lambda r: f"{r.per_second:,.0f}"),
        ("events/s from the start of the processes", lambda r: f"{r.per_second_from_start:,.0f}"),
        (
            "the last event kept, then the last delivery sent, s",
            lambda r: f"{r.seconds_kept:.1f}, {r.seconds_steady:.1f}",
        ),
        ("events/s that processor time alone would allow", lambda r: f"{r.per_second_at_full_use:,.0f}"),
        ("cores that others (the harness too) kept busy", lambda r: f"{r.others_busy:.2f} of {r.cores}"),
        ("recipients hold each delivery exactly once", lambda r: _exact(r.delivered)),
    )
    for words, figure in lines:
        table.add_row(words, *(figure(run) for _, run in runs))
    return table


def _deliveries(r: Throughput) -> str:
    return f"{r.delivered.deliveries / r.events:.2f} ({r.delivered.answers:,})"


def _exact(d: Delivered) -> str:
    return "yes" if d.exact else f"NO: {d.missing} missing, {d.twice} twice, {d.strangers} unknown"


def _parts(name: str, run: Throughput) -> Table:
    title = f"Processor seconds for 1,000 events, and memory in MB: {name}"
    table = _table(title, "", "steady", "from start", "peak", "after a third", "at the end", "growth")
    for part in PARTS:
        cells = [f"{run.cpu_per_1000(part):.3f}", f"{run.cpu_per_1000_from_start(part):.3f}"]
        if memory := run.memory.get(part):
            cells += [f"{memory.peak:,.0f}", f"{memory.early:,.0f}", f"{memory.late:,.0f}", f"{memory.growth:+.0%}"]
        table.add_row(part, *cells)
    table.add_row("together", f"{run.cpu_per_1000():.3f}", f"{run.cpu_per_1000_from_start():.3f}", style="bold")
    return table


def _latency(delays: list[tuple[str, Latency]]) -> Table:
    rate = delays[0][1].rate
    table = _table(
        f"Delay at {rate:.0f} events/s: broker's timestamp → recipient holds the summary", "", *(n for n, _ in delays)
    )
    table.add_row("deliveries timed, at how many recipients", *(f"{d.samples:,}, {d.watched}" for _, d in delays))
    table.add_row(
        "p50, p90, p99, worst, ms", *(f"{d.p50:.0f}, {d.p90:.0f}, {d.p99:.0f}, {d.worst:.0f}" for _, d in delays)
    )
    for stage in delays[0][1].stages:
        table.add_row(f"mean ms {stage}", *(f"{d.stages.get(stage, 0.0):.1f}" for _, d in delays))
    table.add_row("pacing late by at most, ms (the harness's)", *(f"{d.late_by:.0f}" for _, d in delays))
    for part in PARTS:
        table.add_row(f"processor seconds for 1,000 events: {part}", *(f"{d.cpu[part]:.2f}" for _, d in delays))
    table.add_row("together", *(f"{sum(d.cpu.values()):.2f}" for _, d in delays))
    table.add_row("cores that others (the harness too) kept busy", *(f"{d.others_busy:.2f}" for _, d in delays))
    table.add_row("all recipients hold each delivery exactly once", *(_exact(d.delivered) for _, d in delays))
    return table


def _passthrough(results: Results) -> Table:
    raw = results.passthrough
    assert raw is not None
    table = _table("Raw aiokafka pass-through of the same events, nothing kept", "", "figure")
    table.add_row("copies out, bytes each, topics", f"{raw.copies:,}, {raw.bytes_each:,}, {raw.topics}")
    table.add_row("events/s", f"{raw.per_second:,.0f}")
    table.add_row(
        "processor seconds for 1,000 events: its own, Kafka's", f"{raw.cpu_per_1000:.3f}, {raw.kafka_per_1000:.3f}"
    )
    if results.empty and raw.per_second:
        table.add_row("Sharewell's events/s as a ratio", f"{results.empty.per_second / raw.per_second:.2f}")
        both = raw.cpu_per_1000 + raw.kafka_per_1000
        table.add_row("Sharewell's processor time as a ratio", f"{results.empty.cpu_per_1000() / both:.1f}")
    return table


def _targets(results: Results) -> Table:
    table = _table("Targets", "", "figure", "target", "")
    for row in _target_rows(results):
        table.add_row(*row)
    return table


def _target_rows(results: Results) -> Iterator[tuple[str, ...]]:
    figures = against_targets(results)
    shared = results.shared()
    for t in TARGETS:
        goal = _goal(t.value, t.unit, t.at_least)
        if t.name not in figures:
            yield t.words, "not measured", goal, ""
            continue
        verdict = "met" if t.met(figures[t.name]) else "not met"
        colour = "yellow" if shared and t.name in BY_THE_CLOCK else "green" if verdict == "met" else "red"
        yield t.words, f"{figures[t.name]:,.2f}", goal, f"[{colour}]{verdict}{'?' * (colour == 'yellow')}[/]"


def _goal(value: float, unit: str, at_least: bool) -> str:
    return f"{'at least' if at_least else 'at most'} {value:,g}{' ' if unit and unit != '/s' else ''}{unit}"
