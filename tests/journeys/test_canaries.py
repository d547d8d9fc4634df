"""Canary names and NHS numbers, in good, bad and broken input, at DEBUG: in nothing written but what is meant."""

import asyncio
import re
from pathlib import Path
from random import Random
from urllib.request import urlopen

import orjson

from deploy.borough import events
from tests.journeys.installation import START, Installation, running
from tests.journeys.wire import Publisher, read_all

CANARY = "Zzcanarius"


async def test_no_name_and_no_number_is_in_logs_keys_headers_topics_metrics_or_errors(tmp_path: Path) -> None:
    rng = Random(31)
    async with Installation(tmp_path, SHAREWELL_LOG_LEVEL="DEBUG") as place:
        people = place.borough.people
        numbers = {doc["nhs"] for doc in people.values() if "nhs" in doc}
        names = {doc["name"]["family"] for doc in people.values() if "name" in doc} | {CANARY}
        publisher = Publisher(place.bootstrap, place.history)
        sent = 0
        for child in rng.sample(place.borough.children, 30):
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
            raw = good.value[: len(good.value) // 2]
            await publisher.send(f"events.{good.publisher}", raw, good.key, headers=[(CANARY, b"\xff")])
            sent += 2 + len(broken)
        async with running(place):
            await place.until(
                lambda: place.value("SELECT (SELECT count(*) FROM event) + (SELECT count(*) FROM refusal)") >= sent,
                120,
                "everything is kept",
            )
            await place.until(place.nothing_due, 60, "everything is sent")
            ports = re.findall(r'"port":([0-9]+)', place.workers.logs())
            pages = ""
            for port in ports:
                pages += await asyncio.to_thread(_page, port)
        assert "sharewell_events_accepted_total" in pages
        records = await read_all(place.bootstrap, place.topics("summaries", "status"))
        outside = "\n".join(f"{r.topic} {r.key!r} {[(name, value) for name, value in r.headers]!r}" for r in records)
        status = "\n".join(r.value.decode() for r in await read_all(place.bootstrap, place.topics("status")))
        problems = "\n".join(bytes(p[0]).decode() for p in place.ask("SELECT problems FROM refusal"))
        await publisher.stop()
        written = {
            "logs": place.workers.logs(), "keys and headers": outside, "status": status, "problems": problems,
            "metrics": pages, "topics": " ".join(place.topics("events", "status", "summaries", "receipts")),
        }  # fmt: skip
        found = {
            where: [one for one in (*numbers, *names) if re.search(rf"\b{re.escape(one)}\b", text)]
            for where, text in written.items()
        }
        places = {t.name for t in place.borough.teams}
        shared = {name for name in names if any(name.lower() in team.lower() for team in places)}
        hits = {where: [h for h in these if h not in shared] for where, these in found.items()}
        assert not any(hits.values()), {where: len(these) for where, these in hits.items()}
        assert len(written["logs"]) > 10_000


def _page(port: str) -> str:
    with urlopen(f"http://127.0.0.1:{port}/metrics") as page:
        text: str = page.read().decode()
        return text
