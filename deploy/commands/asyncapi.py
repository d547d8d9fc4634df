"""`sharewell asyncapi`: the AsyncAPI 3 document of all topics and contracts."""

from deploy.commands import shown


def asyncapi() -> None:
    """Print the AsyncAPI 3 document: topics, operations, every message with its schema and an example.

    Example: sharewell asyncapi > asyncapi.json

    Exit codes: 0 printed.
    """
    from deploy.asyncapi import text

    shown.say(text())
