"""How far the routers' groups are behind their topics, asked of Kafka itself: it is told also while no router runs."""

from collections.abc import Iterable, Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient

from adapters.inbound.kafka import EVENTS, RECEIPTS
from deploy.topics import RECEIPTS_GROUP, ROUTER_GROUP, partitions_of
from router.directory import Cover


def read_by(cover: Cover) -> dict[str, list[str]]:
    """Each group of the routers → the topics that it reads."""
    return {
        ROUTER_GROUP: [EVENTS + publisher for publisher in sorted(cover.publishers)],
        RECEIPTS_GROUP: [RECEIPTS + team for team in sorted(cover.teams)],
    }


class Behind:
    """Two connections to Kafka that are kept from one look to the next; `stop` them."""

    def __init__(self, kafka: Mapping[str, Any]) -> None:
        self._kafka = dict(kafka)
        self._admin: AIOKafkaAdminClient | None = None
        self._consumer: AIOKafkaConsumer | None = None

    async def look(self, groups: Mapping[str, Iterable[str]]) -> dict[str, dict[str, int]]:
        """Group → topic → records that it has not acknowledged; topics that are not there are left out.

        What a group never acknowledged counts from the first record that is still there. Raises aiokafka's errors."""
        admin, consumer = await self._connected()
        found: dict[str, dict[str, int]] = {}
        for group, topics in groups.items():
            places = await partitions_of(admin, topics)
            done = {at: known.offset for at, known in (await admin.list_consumer_group_offsets(group)).items()}
            if not places:
                found[group] = {}
                continue
            ends = await consumer.end_offsets(places)
            begins = await consumer.beginning_offsets(places)
            behind = found[group] = dict.fromkeys([at.topic for at in places], 0)
            for at in places:
                behind[at.topic] += max(0, ends[at] - max(done.get(at, 0), begins[at]))
        return found

    async def _connected(self) -> tuple[AIOKafkaAdminClient, AIOKafkaConsumer]:
        if self._admin is None or self._consumer is None:
            self._admin = AIOKafkaAdminClient(**self._kafka)
            # As far as routers may read: what stands behind a transaction that its publisher has not ended waits for
            # the publisher. The mark that ends one is no record, and counts as one until the next comes.
            self._consumer = AIOKafkaConsumer(
                **self._kafka, enable_auto_commit=False, metadata_max_age_ms=30_000, isolation_level="read_committed"
            )
            await self._admin.start()
            await self._consumer.start()
        return self._admin, self._consumer

    async def stop(self) -> None:
        """End both connections; looked again they are made anew."""
        admin, consumer, self._admin, self._consumer = self._admin, self._consumer, None, None
        if consumer is not None:
            await consumer.stop()
        if admin is not None:
            await admin.close()
