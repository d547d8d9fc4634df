"""`python -m deploy.borough`: make a synthetic borough and write its directory file."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from deploy.borough.file import write
from deploy.borough.made import CHILDREN, SEED, TODAY, generate

app = typer.Typer(add_completion=False)


@app.command()
def main(
    out: Annotated[Path, typer.Option(help="the NDJSON file to write", dir_okay=False)],
    seed: Annotated[int, typer.Option(help="the same seed makes the same borough")] = SEED,
    children: Annotated[int, typer.Option(min=1, help="at least so many children")] = CHILDREN,
    people_at_least: Annotated[int, typer.Option(min=0, help="at least so many people")] = 0,
    today: Annotated[
        datetime,
        typer.Option(formats=["%Y-%m-%d"], help="ages and dates are counted from it", show_default=str(TODAY)),
    ] = datetime(TODAY.year, TODAY.month, TODAY.day),  # noqa: DTZ001 - a day, whose zone does not matter
) -> None:
    """Make a synthetic borough (no real person) and write it as a directory file."""
    borough = generate(seed, children, today.date(), people_at_least=people_at_least)
    write(borough, out)
    typer.echo(
        f"{len(borough.children):,} children and {len(borough.unborn):,} unborn, {len(borough.people):,} people in "
        f"{len(borough.families):,} families; {len(borough.teams)} teams, {len(borough.publishers)} publishers: {out}"
    )


if __name__ == "__main__":
    app()
