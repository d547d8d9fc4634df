"""A look at a child's content: who, why and what are kept before anything is shown."""

from typing import TYPE_CHECKING

from deploy.commands import reach
from deploy.commands.ends import USAGE, Ended

if TYPE_CHECKING:
    from adapters.storage.connect import Connection
    from deploy.settings import Settings

WHY = "why you look: kept with your name in the access record"


async def looked(connection: "Connection", settings: "Settings", why: str, what: str) -> None:
    """Keep the access record; only then may the content be shown."""
    from adapters.storage.acts import Acts

    await Acts(connection, reach.clock_of(settings)).record(reach.who(), reason(why), what)


def reason(why: str) -> str:
    """A reason that says something."""
    if len(why.strip()) < 3:
        raise Ended(USAGE, "The reason says nothing.", 'Say why, such as --why "parent on the phone".')
    return why.strip()
