"""`doctor`: reports what this machine lacks."""

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
    requirements = examine()
    terminal.requirements(requirements)
    if any(requirement.blocking and not requirement.ok for requirement in requirements):
        context.exit(ExitCode.MACHINE)
