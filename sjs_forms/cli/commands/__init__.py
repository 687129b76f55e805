"""The commands: parse, call, present. They contain no rules and import large modules lazily.

Importing this package registers every command with `main`.
"""

from sjs_forms.cli.commands import (
    application_commands,
    batch_command,
    doctor_command,
    new_commands,
    notice_commands,
    print_commands,
    reading_commands,
    word_commands,
)
from sjs_forms.cli.commands.main_group import main

__all__ = [
    "application_commands",
    "batch_command",
    "doctor_command",
    "main",
    "new_commands",
    "notice_commands",
    "print_commands",
    "reading_commands",
    "word_commands",
]
