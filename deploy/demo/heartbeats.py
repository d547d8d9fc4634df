"""Publishers that have nothing to say say so: a test event now and then, which reaches nobody's queue."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from deploy.borough.published import Published
from router.events import stable_id
from router.moments import day_of
from router.policy.working_time import LONDON, is_working_day

AT = (time(8, 45), time(11, 45), time(14, 45), time(16, 45))


def heartbeats(said: Sequence[Published], after: datetime, until: datetime) -> Iterator[tuple[datetime, Published]]:
    """From everybody among these publishers, four a working day; each is new, and none reaches anybody."""
    first: dict[str, Published] = {}
    for one in said:
        if one.event:
            first.setdefault(one.publisher, one)
    day = day_of(after)
    while day <= day_of(until):
        for hour in AT if is_working_day(day) else ():
            at = datetime.combine(day, hour, LONDON)
            if after < at <= until:
                for one in first.values():
                    yield at, heartbeat(one, at)
        day += timedelta(days=1)


def heartbeat(like: Published, at: datetime) -> Published:
    """A test event of this publisher's, in the form of one that it sent."""
    id = stable_id("heartbeat", like.publisher, at.isoformat())
    left_out = ("recordedtime", "sequence")
    event = {name: value for name, value in like.event.items() if name not in left_out}
    event |= {"id": id, "time": at.isoformat(), "eventaction": "new", "testevent": True}
    event["data"] = {**event["data"], "record_id": f"heartbeat/{id[:8]}"}
    return replace(like, event=event, raw=None)
