"""The command line's front door: commands, and what a user sees when something goes wrong."""

import sys

import typer

from app.bug import keep_traceback
from app.commands import (
    account,
    act,
    announce,
    apply,
    audit,
    bounces,
    check,
    console,
    demo,
    deploy,
    digest,
    doctor,
    generate,
    migrate,
    occurrences,
    outbox,
    plan,
    preview,
    programme,
    rehearse,
    run,
    score,
    serve,
    status,
    workdays,
    worker,
)
from app.out import error
from duban.trouble import Trouble

CALENDAR, DAILY, ANSWERS, MACHINE, TRY = "日历", "每天的事", "答复", "管理员", "试一试"

cli = typer.Typer(
    name="duban",
    help="督办：把一年的活动日历变成发到各成员单位的通知、提醒和通报。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

cli.command("check", rich_help_panel=CALENDAR)(check.check)
cli.command("plan", rich_help_panel=CALENDAR)(plan.plan)
cli.command("apply", rich_help_panel=CALENDAR)(apply.apply)
cli.command("announce", rich_help_panel=CALENDAR)(announce.announce)
cli.command("occurrences", rich_help_panel=CALENDAR)(occurrences.occurrences)
cli.command("preview", rich_help_panel=CALENDAR)(preview.preview)
cli.add_typer(workdays.cli, name="workdays", rich_help_panel=CALENDAR)
cli.command("run", rich_help_panel=DAILY)(run.run)
cli.command("status", rich_help_panel=DAILY)(status.status)
cli.command("programme", rich_help_panel=DAILY)(programme.programme)
cli.command("digest", rich_help_panel=DAILY)(digest.digest)
cli.command("score", rich_help_panel=DAILY)(score.score)
cli.add_typer(outbox.cli, name="outbox", rich_help_panel=DAILY)
cli.command("bounces", rich_help_panel=DAILY)(bounces.bounces)
for name, command in act.COMMANDS.items():
    cli.command(name, rich_help_panel=ANSWERS)(command)
cli.command("doctor", rich_help_panel=MACHINE)(doctor.doctor)
cli.command("serve", rich_help_panel=MACHINE)(serve.serve)
cli.command("deploy", rich_help_panel=MACHINE)(deploy.deploy)
cli.command("worker", rich_help_panel=MACHINE)(worker.worker)
cli.add_typer(account.cli, name="account", rich_help_panel=MACHINE)
cli.command("console", rich_help_panel=MACHINE)(console.console)
cli.add_typer(audit.cli, name="audit", rich_help_panel=MACHINE)
cli.command("migrate", rich_help_panel=MACHINE)(migrate.migrate)
cli.command("demo", rich_help_panel=TRY)(demo.demo)
cli.command("rehearse", rich_help_panel=TRY)(rehearse.rehearse)
cli.command("generate", rich_help_panel=TRY)(generate.generate)


def main() -> None:
    """Run one command. Trouble is told in a sentence; a bug leaves its traceback in a file."""
    try:
        cli(prog_name="duban")
    except Trouble as trouble:
        error(str(trouble))
        sys.exit(trouble.exit_code)
    except BrokenPipeError:
        sys.exit(0)
    except Exception:
        file = keep_traceback()
        error(f"程序出错了，这不该发生。详情已写入 {file}，请把它交给管理员。")
        sys.exit(70)
