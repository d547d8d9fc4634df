"""The AsyncAPI 3 document of every topic and contract, made from the register."""

import json
from typing import Any

from contracts.parts.event import EventData
from contracts.register import (
    envelope_schema,
    event_types,
    example_of,
    model_of,
    outgoing_types,
    receipt_types,
    schema_of,
)

CONTENT = "application/cloudevents+json"
_ABOUT = {
    "events": ("events.{publisher}", "What one publishing system sends; its topic is its identity."),
    "status": (
        "status.{publisher}",
        "The fate of what a publisher sent: accepted, refused and why, quality, live flags.",
    ),
    "summaries": ("summaries.{team}", "What one team is told, one summary a child, and what it is asked to do."),
    "receipts": ("receipts.{team}", "What a team answers: acknowledged, filed, acted, not ours …"),
}


def document(version: str = "1") -> dict[str, Any]:
    """The whole document, as JSON values: four kinds of topic, every type, every schema."""
    types = {
        "events": list(event_types()),
        "status": ["publisher-status-1"],
        "summaries": [name for name in outgoing_types() if name != "publisher-status-1"],
        "receipts": list(receipt_types()),
    }
    schemas: dict[str, Any] = {}
    envelope = _hoisted("envelope", envelope_schema(), schemas)
    messages = {name: _message(name, envelope, schemas) for names in types.values() for name in names}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Sharewell",
            "version": version,
            "description": "Routes safeguarding information between the services that meet a child. No identifier of a "
            "person stands in a topic's name, a key or a header.",
        },
        "defaultContentType": CONTENT,
        "channels": {kind: _channel(kind, names) for kind, names in types.items()},
        "operations": {
            "takeEvents": _operation("receive", "events"),
            "takeReceipts": _operation("receive", "receipts"),
            "tellTeams": _operation("send", "summaries"),
            "answerPublishers": _operation("send", "status"),
        },
        "components": {"messages": messages, "schemas": schemas},
    }


def _channel(kind: str, names: list[str]) -> dict[str, Any]:
    address, about = _ABOUT[kind]
    owner = address.partition("{")[2].rstrip("}")
    return {
        "address": address,
        "description": about,
        "parameters": {owner: {"description": f"The {owner}'s id in the directory."}},
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {"kafka": {"bindingVersion": "0.5.0"}},
    }


def _operation(action: str, channel: str) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": f"#/channels/{channel}"}}


def _message(name: str, envelope: str, schemas: dict[str, Any]) -> dict[str, Any]:
    model = model_of(name)
    data = _hoisted(name, schema_of(name), schemas)
    own = {"type": "object", "properties": {"type": {"const": name}, "data": {"$ref": _at(data)}}}
    message: dict[str, Any] = {
        "name": name,
        "title": name.replace("-", " "),
        "summary": (model.__doc__ or "").strip().splitlines()[0],
        "contentType": CONTENT,
        "payload": {"allOf": [{"$ref": _at(envelope)}, own]},
        "examples": [{"payload": example_of(name)}],
        "bindings": {
            "kafka": {"key": {"type": "string", "description": "Opaque; keeps one child's records in order."}}
        },
    }
    if issubclass(model, EventData):
        message["tags"] = [{"name": f"published by {service}"} for service in sorted(model.published_by)]
    return message


def _hoisted(name: str, schema: dict[str, Any], schemas: dict[str, Any]) -> str:
    """Put a schema and its definitions among the components; those that are the same in two types stand there once."""
    schema = {k: v for k, v in schema.items() if k not in ("$schema", "$id")}
    definitions = schema.pop("$defs", {})
    names = {key: key for key in definitions}
    while taken := [
        key
        for key, value in definitions.items()
        if names[key] == key and schemas.get(key, value) is not value and schemas[key] != _repointed(value, names)
    ]:
        names |= {key: f"{name}.{key}" for key in taken}
    for key, value in definitions.items():
        schemas[names[key]] = _repointed(value, names)
    schemas[name] = _repointed(schema, names)
    return name


def _repointed(schema: Any, names: dict[str, str]) -> Any:
    if isinstance(schema, dict):
        return {
            key: _at(names[value.rpartition("/")[2]])
            if key == "$ref" and isinstance(value, str)
            else _repointed(value, names)
            for key, value in schema.items()
        }
    return [_repointed(one, names) for one in schema] if isinstance(schema, list) else schema


def _at(name: str) -> str:
    return f"#/components/schemas/{name}"


def text(version: str = "1") -> str:
    """The document as JSON."""
    return json.dumps(document(version), ensure_ascii=False, indent=2)
