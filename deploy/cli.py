"""The command line: `sharewell --help` lists what there is; each command's own --help teaches it with an example."""

import typer

from deploy.commands import (
    asked,
    asyncapi,
    check,
    chronology,
    claims,
    contracts,
    destinations,
    directory,
    doctor,
    explain,
    log,
    looked_after,
    migrate,
    new_flow,
    oversight,
    policy,
    publish,
    queue,
    receipt,
    reconcile,
    refused,
    replay,
    retention,
    running,
    show,
    simulate,
    story,
    tasks,
    topics,
)
from deploy.commands.ends import CODES
from deploy.commands.group import Front

app = typer.Typer(
    cls=Front,
    help=f"Routes safeguarding information between the services that meet a child.\n\n{CODES}",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

for command in (
    check.check,
    contracts.contracts,
    policy.policy,
    simulate.simulate,
    new_flow.new_flow,
    asyncapi.asyncapi,
    migrate.migrate,
    topics.topics,
    publish.publish,
    queue.queue,
    asked.asked,
    show.show,
    claims.claim,
    claims.release,
    receipt.receipt,
    explain.explain,
    story.story,
    looked_after.looked_after,
    replay.replay,
    oversight.oversight,
    reconcile.reconcile,
    doctor.doctor,
    destinations.incidents,
    running.run,
    running.up,
):
    app.command()(command)
# What follows `log` is taken, so that it can be refused without being repeated: it may be an NHS number.
app.command(context_settings={"allow_extra_args": True})(log.log)
app.command(context_settings={"allow_extra_args": True})(chronology.chronology)
app.add_typer(directory.app, name="directory")
app.add_typer(tasks.app, name="tasks")
app.add_typer(refused.app, name="refused")
app.add_typer(destinations.app, name="destinations")
app.add_typer(retention.app, name="retention")
