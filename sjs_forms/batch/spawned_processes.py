"""Fresh interpreters for a pool of pebble, also on a system that tells no number of processors.

A spawned child unpickles its process object, whose class is imported before what it is to run:
before pebble, which asks for the number.
"""

from multiprocessing.context import SpawnContext, SpawnProcess

from sjs_forms.base.processes.processors import assume_one_processor

assume_one_processor()


class SpawnedProcess(SpawnProcess):
    """A spawned process that imports this module first."""


class SpawnedContext(SpawnContext):
    """The context whose processes are such."""

    Process = SpawnedProcess
