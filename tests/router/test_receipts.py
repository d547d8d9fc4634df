"""A receipt as it is read: what a system writes around it is kept nowhere."""

import orjson
import pytest

from contracts.checks import ATTRIBUTES
from contracts.register import example_of
from router.events import Received
from router.ledger import ReceiptIn
from router.receipts import accept_receipt

NUMBER = "9990393011"


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_an_nhs_number_in_an_attribute_costs_no_answer_and_is_kept_nowhere(name: str) -> None:
    """Of an event it is refused; an answer refused would come late, and none of its attributes is read or kept."""
    value = f"https://example.org/{NUMBER}" if name in ("source", "dataref", "dataschema") else NUMBER
    said = {**example_of("receipt-1"), name: value}
    read = accept_receipt(Received("sn-north", orjson.dumps(said), None, "receipts.sn-north", 0, 0))
    assert isinstance(read, ReceiptIn)
    assert read.state == "filed"
    assert NUMBER not in repr(read)
