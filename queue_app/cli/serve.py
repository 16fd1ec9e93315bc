"""Serve, run the scheduler, or one job."""

from __future__ import annotations

import click

from queue_app import create_app
from queue_app.adapters.machine import keep_one_arena
from queue_app.config import calm_the_allocator, settings_from

from .group import explained, main, opened_app
from .setup import load_demo, prepare


@main.command()
@click.option("--demo-if-empty", is_flag=True, help="Load the Sragen demo when there is no office yet.")
@explained
def serve(demo_if_empty: bool) -> None:
    """Start the web server, and the scheduler beside it unless QUEUE_APP_RUN_SCHEDULER=no."""
    calm_the_allocator()
    from queue_app.server import run

    settings = settings_from()
    app = prepare(settings)
    if demo_if_empty and (made := load_demo(app, citizens=True)) is not None:
        click.echo(f"The Sragen demo is loaded, with {made} synthetic bookings.")
    run(app)


@main.command()
@click.option("--parent", type=int, help="End when this process ends.")
@explained
def scheduler(parent: int | None) -> None:
    """Run the jobs at their times. Any number may run: one of them works."""
    from queue_app.jobs.scheduler import run_scheduler

    keep_one_arena()  # each run of a job is a thread of its own: a month of them would leave a store for each
    run_scheduler(create_app(settings_from()), parent=parent)  # it waits for a database that is away


@main.command("run-job")
@click.argument("name", required=False)
@click.option("--list", "list_jobs", is_flag=True, help="List the jobs and their times.")
@explained
def run_job(name: str | None, list_jobs: bool) -> None:
    """Run one job now; running it twice does no harm."""
    from queue_app.jobs import registry

    if list_jobs or not name:
        for job in registry.JOBS:
            click.echo(f"{job.name:<16} every {job.every!s:<8} {job.description}")
        return
    try:
        done = registry.run_job(opened_app(), name)
    except (KeyError, registry.JobFailed) as problem:
        raise click.ClickException(str(problem.args[0])) from None
    click.echo(f"{name}: {done} done")
