"""``arena``: the commands that operators type. The commands themselves are in ``commands``."""

import typer

from server.commands import (
    audits,
    badges,
    benches,
    dossiers,
    erasures,
    persons,
    processes,
    rescues,
    running,
    texts,
)
from server.commands.keeping import catalogues, conversations, initiatives, organisations, webhooks
from server.commands.operating import backups, doctor
from server.monitoring.log import configure_log_of_command

cli = typer.Typer(
    name="arena",
    help="Arena of Ideas. Without a command: start.",
    invoke_without_command=True,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
importing = typer.Typer(no_args_is_help=True, help="Bring in what others have collected.")
exporting = typer.Typer(no_args_is_help=True, help="Write out what is in the arena.")

cli.command()(running.start)
cli.command()(running.serve)
cli.command()(running.migrate)
cli.command()(running.demo)
cli.command()(backups.backup)
cli.command()(backups.restore)
cli.command()(doctor.doctor)
cli.command()(persons.token)
cli.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    add_help_option=False,
)(benches.bench)
persons.app.command("export")(erasures.export_person)
persons.app.command("erase")(erasures.erase_person)
texts.app.command("erase")(erasures.erase_document)
texts.app.command("purge")(erasures.purge_files)
cli.add_typer(persons.app, name="person")
texts.app.command()(rescues.restore)
texts.app.command()(rescues.release)
texts.app.command("quarantine")(rescues.show_quarantine)
cli.add_typer(texts.app, name="documents")
cli.add_typer(processes.app, name="process")
cli.add_typer(audits.app, name="audit")
cli.add_typer(catalogues.app, name="catalogue")
cli.add_typer(initiatives.app, name="initiatives")
cli.add_typer(organisations.app, name="organisations")
importing.command("ideas")(dossiers.import_ideas)
importing.command("polis")(conversations.import_polis)
exporting.command("ideas")(dossiers.export_ideas)
cli.add_typer(badges.app, name="badge")
cli.add_typer(webhooks.app, name="webhook")
cli.add_typer(importing, name="import")
cli.add_typer(exporting, name="export")


@cli.callback()
def start_by_default(context: typer.Context) -> None:
    """Arena of Ideas. Without a command: start."""
    configure_log_of_command()
    if context.invoked_subcommand is None:
        running.start()


# Typer needs two commands to keep the name of one; these groups will get more.
@importing.callback()
def _importing() -> None:
    """Bring in what others have collected."""


@exporting.callback()
def _exporting() -> None:
    """Write out what is in the arena."""


if __name__ == "__main__":
    cli()
