"""Properties of processes: import path, memory, processors, threads, logs of children."""
