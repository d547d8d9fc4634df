"""At a journey's end: all that stands on the topics and in the ledger, as lines of its history."""

import shutil

import orjson

from tests.journeys.checker import Judgement, judge
from tests.journeys.history import History
from tests.journeys.installation import Installation
from tests.journeys.wire import read_all

LEDGER = {
    "event": 'SELECT no, id, publisher, type, topic, partition, "offset", considered,'
    " told + not_applicable + withheld + nobody_found AS outcomes, convert_from(decision, 'UTF8')::json AS decision,"
    " happened_at, accepted_at, m ->> 'mash_ref' AS ref, m ->> 'answering_team' AS team"
    " FROM event,"
    " LATERAL (SELECT CASE WHEN type LIKE 'mash-%' THEN convert_from(raw, 'UTF8')::json -> 'data' END AS m) AS x",
    "inbox": "SELECT id, publisher, event_no FROM inbox",
    "refusal": 'SELECT topic, partition, "offset", publisher, state FROM refusal',
    "conflict": 'SELECT topic, partition, "offset", publisher, id FROM conflict',
    "delivery": "SELECT d.id, e.id AS event, d.kind, d.child, d.team, d.because, s.sequence,"
    " CASE WHEN EXISTS (SELECT FROM attempt_failure f WHERE f.delivery = d.id AND f.attempt = s.attempt) THEN 'failed'"
    " WHEN s.no IS NULL AND d.withdrawn_by IS NOT NULL AND d.no NOT IN (SELECT no FROM due) THEN 'unsent'"
    " WHEN a.outcome = 'failed' THEN 'sent' ELSE a.outcome END AS outcome"
    " FROM delivery d LEFT JOIN event e ON e.no = d.event_no LEFT JOIN sent s ON s.no = d.no"
    " LEFT JOIN attempt a ON a.no = s.attempt",
    "due": "SELECT q.no, d.id AS delivery, q.attempts FROM due q JOIN delivery d ON d.no = q.no",
    "attempt": "SELECT outcome, count(*) AS count FROM attempt GROUP BY 1",
    "receipt": "SELECT team, id, delivery, state FROM receipt",
    "incident": "SELECT kind, delivery, team FROM incident",
    "clock": "SELECT c.id, c.state, c.rung, c.due <= (SELECT at FROM stepped_time) AS overdue, c.needs, c.delivery,"
    " c.flow, c.child, c.team, c.thing, c.starts, c.steps::json -> 0 ->> 0 AS first_due, c.ended_at"
    " FROM clock c",
    "fired": "SELECT clock, rung, at, delivery FROM clock_fired",
    "task": "SELECT id, kind, event_no FROM task",
}


async def judged(place: Installation) -> Judgement:
    """What the history shows until now; it goes on afterwards."""
    place.history.flush()
    path = place.folder / "judged.jsonl"
    shutil.copy(place.history.path, path)
    await dump(place, History(path))
    return judge(path)


async def dump(place: Installation, history: History) -> None:
    """Write down what there is, for the checker."""
    for record in await read_all(place.bootstrap, place.topics("summaries", "status")):
        body = orjson.loads(record.value)
        data = body["data"]
        history.add(
            "record",
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            key=(record.key or b"").decode(),
            delivery=dict(record.headers).get("sharewell-delivery", b"").decode(),
            id=body["id"],
            type=body["type"],
            sequence=int(body["sequence"]),
            event=body.get("causationid"),
            child=(data.get("who") or data.get("child") or {}).get("person"),
            size=len(record.value),
            entries=[(e["kind"], e.get("event_id")) for e in data.get("entries", ())],
        )
    with place.connect() as connection:
        for what, query in LEDGER.items():
            cursor = connection.execute(query)
            names = [column.name for column in cursor.description or ()]
            for row in cursor:
                history.add(f"ledger {what}", **dict(zip(names, row, strict=True)))
    history.flush()
