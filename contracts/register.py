"""The register: every type of message there is, found by looking, so that a new contract is one new file."""

import json
import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from pydantic import TypeAdapter, create_model

import contracts
from contracts.outgoing.escalation import EscalationRaised
from contracts.outgoing.publisher_status import PublisherStatus
from contracts.outgoing.summary import Summary, summary_of, summary_type
from contracts.outgoing.withdrawal import ShareWithdrawn
from contracts.parts.envelope import Envelope
from contracts.parts.event import EventData
from contracts.parts.event import contracts as defined
from contracts.parts.shape import Shape
from contracts.receipts import Receipt

PUBLISHED = Path(__file__).parent / "published"
"""Where the frozen schemas and the examples are."""


@cache
def event_types() -> Mapping[str, type[EventData]]:
    """Every event that a publisher may send, by its `type`; two of one name are an error of ours."""
    for module in pkgutil.iter_modules(contracts.__path__):
        if not module.ispkg and module.name not in ("gate", "register"):
            import_module(f"contracts.{module.name}")
    found: dict[str, type[EventData]] = {}
    for model in defined():
        if model.__module__.startswith("contracts.") and found.setdefault(model.event_type, model) is not model:
            raise ValueError(f"two contracts are called {model.event_type}")
    return MappingProxyType(dict(sorted(found.items())))


@cache
def receipt_types() -> Mapping[str, type[Shape]]:
    """What a recipient may send."""
    return MappingProxyType({Receipt.event_type: Receipt})


@cache
def outgoing_types() -> Mapping[str, type[Shape]]:
    """What Sharewell sends: a summary for each event, escalations, withdrawals, and the status to publishers."""
    ours: tuple[type[Any], ...] = (EscalationRaised, ShareWithdrawn, PublisherStatus)
    summaries: dict[str, type[Shape]] = {summary_type(name): summary_model(name) for name in event_types()}
    return MappingProxyType({**summaries, **{model.event_type: model for model in ours}})


@cache
def summary_model(event_type: str) -> type[Summary]:
    """The summary of one event type; KeyError where there is no such event."""
    return summary_of(event_types()[event_type])


def model_of(type_name: str) -> type[Shape]:
    """The data of a message of this type, in or out; KeyError where there is no such type."""
    for types in (event_types(), receipt_types(), outgoing_types()):
        if type_name in types:
            return types[type_name]
    raise KeyError(type_name)


def all_types() -> tuple[str, ...]:
    """Every type, in and out."""
    return (*event_types(), *receipt_types(), *outgoing_types())


@cache
def whole(type_name: str) -> TypeAdapter[Any]:
    """Reads a whole CloudEvent of this type from bytes, in one step: an `Envelope` whose `data` is the contract's."""
    return TypeAdapter(_whole_model(type_name))


@cache
def _whole_model(type_name: str) -> type[Envelope]:
    model = model_of(type_name)
    fields: dict[str, Any] = {"type": (Literal[type_name], ...), "data": (model, ...)}
    return create_model(f"{model.__name__}Event", __base__=Envelope, **fields)


def schema_of(type_name: str) -> dict[str, Any]:
    """The JSON Schema of a type's `data`, as the code has it now.

    What we send leaves room for fields to come: a reader must ignore what it does not know."""
    model = model_of(type_name)
    schema = model.model_json_schema()
    if issubclass(model, EventData):
        schema["x-sharewell"] = {
            "happened": model.happened,
            "published_by": sorted(model.published_by),
            "about": sorted(model.about),
            "also_about": sorted(model.also_about),
        }
    if type_name in outgoing_types():
        _opened(schema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:sharewell:{type_name}", **schema}


def envelope_schema() -> dict[str, Any]:
    """The JSON Schema of the CloudEvents attributes around every type."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:sharewell:envelope",
        **Envelope.model_json_schema(),
    }


def _opened(schema: Any) -> None:
    if isinstance(schema, dict):
        if schema.get("additionalProperties") is False:
            del schema["additionalProperties"]
        for part in schema.values():
            _opened(part)
    elif isinstance(schema, list):
        for part in schema:
            _opened(part)


def example_of(type_name: str) -> dict[str, Any]:
    """The published example: a whole CloudEvent about people who do not exist. FileNotFoundError where none is."""
    example: dict[str, Any] = json.loads((PUBLISHED / "examples" / f"{type_name}.json").read_text("utf-8"))
    return example


def published_schema_of(type_name: str) -> dict[str, Any]:
    """The schema as it was published. FileNotFoundError where it never was."""
    schema: dict[str, Any] = json.loads((PUBLISHED / f"{type_name}.schema.json").read_text("utf-8"))
    return schema
