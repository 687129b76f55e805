"""Fresh interpreters for a pool of pebble, also if the system states no number of processors.

A spawned child first unpickles its process object and so imports this module, before it imports
pebble, which asks for that number.
"""

from multiprocessing.context import SpawnContext, SpawnProcess

from sjs_forms.base.processes.processors import assume_one_processor

assume_one_processor()


class SpawnedProcess(SpawnProcess):
    """A spawned process that imports this module first."""


class SpawnedContext(SpawnContext):
    """The multiprocessing context of such processes."""

    Process = SpawnedProcess
