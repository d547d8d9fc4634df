"""`sharewell reconcile`: is everything accepted accounted for?"""

from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands import reach, shown
from deploy.commands.ends import WRONG, Ended

if TYPE_CHECKING:
    from adapters.storage.reconcile import Reconciled
    from deploy.receipt_offsets import LookedReceipts
    from deploy.settings import Settings

MANY = 5


def reconcile(
    topics: Annotated[bool, typer.Option("--topics/--no-topics", help="read what Kafka still holds as well")] = True,
    json: Annotated[bool, typer.Option("--json", help="the account as JSON")] = False,
) -> None:
    """Balance the ledger: accepted = told + not applicable + withheld + nobody found; every told verdict has its
    delivery; every delivery is due or sent; numbers have no gap; nothing is stuck; every record and every receipt on a
    topic is kept, or said to wait there.

    Example: sharewell reconcile

    Exit codes: 0 it balances; 1 it does not, with what to do about each; 3 the database or Kafka is away.
    """
    found, looked, receipts = reach.run(_reconcile(reach.settings(), topics, json))
    if json:
        account = {"sums": found.sums, "topics_read": looked, "faults": found.faults, "places": found.places}
        seen = {"receipts_read": receipts.read, "receipts_waiting": receipts.waiting} if receipts else {}
        shown.as_json(account | seen)
    else:
        _tell(found, looked, receipts)
    if found.faults:
        raise Ended(
            WRONG, f"{shown.count(len(found.faults), 'thing does', 'things do')} not balance.", "See each above."
        )


async def _reconcile(
    settings: "Settings", topics: bool, quiet: bool
) -> "tuple[Reconciled, int | None, LookedReceipts | None]":
    from adapters.storage.reconcile import reconcile as balance

    async with reach.database(settings) as connection:
        with shown.progress("events", quiet=quiet) as bar:
            found = await balance(connection, reach.clock_of(settings), lambda done, of: bar(done, of))
        if not topics:
            return found, None, None
        from deploy.offsets import against_topics
        from deploy.receipt_offsets import receipts_against_topics

        looked = await against_topics(connection, settings.kafka(), found.places)
        receipts = await receipts_against_topics(connection, settings.kafka())
        found.faults += looked.faults + receipts.faults
        return found, looked.records, receipts


def _tell(found: "Reconciled", looked: int | None, receipts: "LookedReceipts | None") -> None:
    s = found.sums
    ended = s.told + s.not_applicable + s.withheld + s.nobody_found
    shown.say(
        f"{shown.count(s.events, 'event')} accepted; {s.considered:,} rows considered = {s.told:,} told + "
        f"{s.not_applicable:,} not applicable + {s.withheld:,} withheld + {s.nobody_found:,} nobody found"
        + ("." if ended == s.considered else f": that is {ended:,}!")
    )
    if s.withdrawn_before_sending:
        number = shown.count(s.withdrawn_before_sending, "delivery was", "deliveries were")
        shown.say(f"{number} withdrawn before sending, with the withdrawals of them.")
    for place in found.places:
        twice = place.next - place.first - place.rows
        if twice > 0:
            records = shown.count(twice, "offset holds", "offsets hold")
            shown.say(
                f"{place.topic} {place.partition}: {records} no row of its own (a record sent twice leaves none)."
            )
    if looked:
        left = shown.count(looked, "offset that left", "offsets that left")
        shown.say(f"{left} no row of its own: looked up on the topics, and named below where something is lost.")
    elif looked is None:
        shown.say("The topics were not read (--topics).")
    for topic, waits in sorted(receipts.waiting.items()) if receipts else ():
        left = shown.count(waits, "offset is", "offsets are")
        shown.say(f"{topic}: {left} not taken in yet. Is a router running? sharewell run router")
    for fault in found.faults:
        more = f" and {len(fault.ids) - MANY} more" if len(fault.ids) > MANY else ""
        shown.say("", f"{fault.words}: {', '.join(fault.ids[:MANY])}{more}", f"  {fault.mend}")
    if not found.faults:
        shown.say("Everything accepted is accounted for.")
