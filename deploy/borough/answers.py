"""What a recipient answers: receipts as CloudEvents on its own topic."""

from datetime import datetime
from random import Random
from typing import Any

from contracts.receipts import BY_A_PERSON, Receipt
from deploy.borough import names
from deploy.borough.made import Borough
from deploy.borough.published import Published
from deploy.borough.publishers import ODS
from router.events import stable_id

ROLES = {"HV": "Health visitor", "SN": "School nurse", "GP": "GP", "MID": "Midwife", "MASH": "MASH health nurse"}


def receipt(
    borough: Borough, team: str, delivery_id: str, state: str, at: datetime, rng: Random, **fields: Any
) -> Published:
    """The team's answer to one delivery, on `receipts.<team>`: by a named person, or by its system where a machine may.

    `fields` are further fields of the receipt; what its state needs (record_ref, outcome) is made up where not given.
    """
    of = borough.team[team]
    person = state in BY_A_PERSON
    name = names.practitioner(rng) if person else f"{of.name} system"
    role = ROLES.get(of.service.value, "Practitioner") if person else "Record system"
    data: dict[str, Any] = {
        "delivery_id": delivery_id,
        "state": state,
        "at": at.isoformat(),
        "by": {"name": name, "role": role, "organisation": of.organisation, "kind": "person" if person else "system"},
    }
    if state == "filed":
        data["record_ref"] = f"rec-{rng.getrandbits(32):08x}"
    if state == "acted":
        data["outcome"] = "seen"
    data |= fields
    event = {
        "specversion": "1.0",
        "id": stable_id("receipt", team, delivery_id, state, at.isoformat()),
        "source": f"{ODS}/{of.organisation}/{team}",
        "type": Receipt.event_type,
        "time": at.isoformat(),
        "datacontenttype": "application/json",
        "data": data,
    }
    return Published(team, delivery_id.encode(), event)
