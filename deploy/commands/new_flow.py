"""`sharewell new-flow`: begin a flow of one's own, as a contract, a policy entry and a story that fails."""

from typing import Annotated

import typer

from deploy.commands import shown
from deploy.commands.ends import USAGE, WRONG, Ended
from deploy.commands.ids import the_service

NEXT = """
Then, until each is done:
  1. .venv/bin/python -m pytest {story}
     It fails, because nobody is told yet. Write the rows until it passes.
  2. .venv/bin/python -m contracts.gate --write
     Publishes the schemas. It asks for an example of the summary: what the story's letter holds.
  3. .venv/bin/python -m router.policy.gate
     Says what is wrong with the rows.
"""


def new_flow(
    name: Annotated[str, typer.Argument(help="what the event is called, such as school-exclusion")],
    by: Annotated[str, typer.Option(help="the service that publishes it, such as SN")] = "SN",
    paragraph: Annotated[str, typer.Option(help="the nearest paragraph of the review")] = "1.4",
    json: Annotated[bool, typer.Option("--json", help="the files as JSON")] = False,
) -> None:
    """Write a contract, a policy entry and a failing story to fill in, and the event's example.

    It is a flow of your own, with the next number after the review's F34, and marked as a local decision. Only in a
    checkout; nothing that is there is written over.

    Example: sharewell new-flow school-exclusion --by SN

    Exit codes: 0 written; 1 there is a flow of that name; 2 not understood, or no checkout here.
    """
    from contracts.parts.services import Service
    from deploy.scaffold import NotPossible, files_of, next_flow
    from deploy.simulation.trees import here

    service = Service(the_service(by))
    root = here()
    try:
        files = files_of(root, name, service, paragraph, next_flow(root))
    except NotPossible as error:
        code = WRONG if "already" in str(error) else USAGE
        raise Ended(code, str(error), "Choose another name." if code == WRONG else "") from None
    for file, text in files.items():
        file.write_text(text, "utf-8")
    written = [str(file.relative_to(root)) for file in files]
    if json:
        shown.as_json({"written": written})
        return
    shown.say(
        "To fill in:", *(f"  {file}" for file in written[:3]), "And as an example of the event:", f"  {written[3]}"
    )
    shown.say(*NEXT.format(story=written[2]).rstrip().splitlines())
