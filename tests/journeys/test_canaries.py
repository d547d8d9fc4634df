"""Canary names and NHS numbers, in good, bad and broken input, at DEBUG: in nothing written but what is meant."""

import asyncio
import os
import re
from datetime import timedelta
from pathlib import Path
from random import Random
from urllib.request import urlopen

import orjson

from deploy.borough import events
from tests.journeys.installation import START, Installation, running
from tests.journeys.left_running import command_of, family_of
from tests.journeys.wire import Publisher, read_all

CANARY = "Zzcanarius"


async def test_no_name_and_no_number_is_in_logs_keys_headers_topics_metrics_or_errors(tmp_path: Path) -> None:
    rng = Random(31)
    async with Installation(tmp_path, SHAREWELL_LOG_LEVEL="DEBUG") as place:
        people = place.borough.people
        numbers = {doc["nhs"] for doc in people.values() if "nhs" in doc}
        names = {doc["name"]["family"] for doc in people.values() if "name" in doc} | {CANARY}
        publisher = Publisher(place.bootstrap, place.history)
        sent, children = 0, rng.sample(place.borough.children, 30)
        break_file_of(place, children[0])
        for child in children:
            good = events.ed_discharge(place.borough, child, START, rng)
            event = orjson.loads(good.value)
            subject = event["data"]["subjects"][0]
            broken = [
                {**event, "id": CANARY},
                {**event, "type": f"{CANARY}-1"},
                {**event, "subject": subject["nhs_number"]},
                {**event, "data": {**event["data"], CANARY: subject["nhs_number"]}},
                {**event, "data": {**event["data"], "subjects": [{**subject, "birth_date": CANARY}]}},
                {**event, "data": {**event["data"], "presenting_complaint": {"said": CANARY}}},
                {**event, "data": CANARY},
            ]
            await publisher.publish(good)
            for bad in broken:
                await publisher.send(f"events.{good.publisher}", orjson.dumps(bad), good.key)
            number = subject["nhs_number"].encode()
            await publisher.send(
                f"events.{good.publisher}", events.ed_arrival(place.borough, child, START, rng).value, number
            )
            raw = good.value[: len(good.value) // 2]
            await publisher.send(f"events.{good.publisher}", raw, good.key, headers=[(CANARY, b"\xff")])
            sent += 3 + len(broken)
        async with running(place):
            await place.until(
                lambda: place.value("SELECT (SELECT count(*) FROM event) + (SELECT count(*) FROM refusal)") >= sent,
                120,
                "everything is kept",
            )
            await place.until(place.nothing_due, 60, "everything is sent")
            await answers_with_canaries(place, publisher, rng)
            await asyncio.to_thread(place.stack.kafka.restart)
            await asyncio.to_thread(place.stack.postgres.restart)
            place.step_to(START + timedelta(days=9))
            await place.until(lambda: place.value("SELECT count(*) FROM clock_fired") > 0, 60, "clocks fire")
            await place.until(place.nothing_due, 60, "the alerts are sent")
            lists = [command_of(pid) for pid in family_of(os.getpid())]
            ports = re.findall(r'"port":([0-9]+)', place.workers.logs())
            pages = ""
            for port in ports:
                pages += await asyncio.to_thread(_page, port)
        assert "sharewell_events_accepted_total" in pages
        assert any("deliver1" in line for line in lists), "the roles are in the list of processes"
        records = await read_all(place.bootstrap, place.topics("summaries", "status"))
        outside = "\n".join(f"{r.topic} {r.key!r} {[(name, value) for name, value in r.headers]!r}" for r in records)
        status = "\n".join(r.value.decode() for r in await read_all(place.bootstrap, place.topics("status")))
        problems = "\n".join(bytes(p[0]).decode() for p in place.ask("SELECT problems FROM refusal"))
        await publisher.stop()
        assert "not-processed" in problems, "the broken file broke nobody"
        servers = "\n".join(
            log.read_text(errors="replace") for log in (place.stack.kafka.log, place.stack.postgres.log)
        )
        errors = place.ask(
            "SELECT error FROM attempt UNION SELECT last_error FROM destination UNION SELECT words FROM incident"
        )
        written = {
            "Kafka's and PostgreSQL's own logs": servers, "errors kept": repr(errors), "process list": "\n".join(lists),
            "logs": place.workers.logs(), "keys and headers": outside, "status": status, "problems": problems,
            "metrics": pages, "topics": " ".join(place.topics("events", "status", "summaries", "receipts")),
        }  # fmt: skip
        found = {
            where: sorted({*re.findall(r"\w+", text), *re.findall(r"[\w'-]+", text)} & (numbers | names))
            for where, text in written.items()
        }
        places = {t.name for t in place.borough.teams}
        shared = {name for name in names if any(name.lower() in team.lower() for team in places)}
        hits = {where: [h for h in these if h not in shared] for where, these in found.items()}
        assert not any(hits.values()), {where: len(these) for where, these in hits.items()}
        assert len(written["logs"]) > 10_000


def break_file_of(place: Installation, child: str) -> None:
    """A directory that holds nonsense: whoever decides about this child breaks, and the error's text repeats it."""
    with place.connect() as connection:
        query = "SELECT v.family, v.doc FROM family_version v JOIN person p ON p.family = v.family WHERE p.id = %s"
        family, doc = connection.execute(query, (child,)).fetchall()[0]
        file = orjson.loads(doc)
        file["people"][child]["flags"] = [{"since": START.date().isoformat(), "kind": CANARY}, CANARY]
        connection.execute("UPDATE family_version SET doc = %s WHERE family = %s", (orjson.dumps(file), family))


async def answers_with_canaries(place: Installation, publisher: Publisher, rng: Random) -> None:
    """Receipts that name somebody in every field, good ones and bad."""
    rows = place.ask("SELECT id::text, team FROM delivery WHERE kind = 'summary' ORDER BY no LIMIT 20")
    for n, (delivery, team) in enumerate(rows):
        said = events.receipt(place.borough, team, delivery, ("acknowledged", "failed", "not-ours")[n % 3], START, rng)
        body = orjson.loads(said.value)
        body["data"]["note"] = body["data"]["by"]["name"] = f"Nurse {CANARY}"
        for bad in ({**body, "id": CANARY}, {**body, "data": {**body["data"], "state": CANARY}}, {CANARY: CANARY}):
            await publisher.send(f"receipts.{team}", orjson.dumps(bad), CANARY.encode())
        await publisher.send(f"receipts.{team}", orjson.dumps(body), CANARY.encode())
    await place.until(lambda: place.value("SELECT count(*) FROM receipt") == len(rows), 60, "receipts are kept")


def _page(port: str) -> str:
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as page:
        text: str = page.read().decode()
        return text
