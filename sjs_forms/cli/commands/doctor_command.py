"""`doctor`: what this machine lacks."""

import click

from sjs_forms.base.errors import ExitCode
from sjs_forms.cli.commands.main_group import main
from sjs_forms.cli.terminal import Terminal


@main.command()
@click.pass_context
def doctor(context: click.Context) -> None:
    """检查这台机器缺什么、怎样补齐。"""
    from sjs_forms.jobs.doctor import examine

    terminal = Terminal()
    symptoms = examine()
    terminal.symptoms(symptoms)
    if any(symptom.blocking and not symptom.ok for symptom in symptoms):
        context.exit(ExitCode.MACHINE)
