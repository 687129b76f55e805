"""The jobs: everything that a user interface can request.

The document libraries (WeasyPrint, PDFium) are not thread-safe, so jobs that use them run in
processes: a job called while another thread of the process runs one raises ThreadConflict (see
`base.processes.thread_guard`). `check`, and a session except for its scans, may run in several
threads.

A job owns its worker pool, its typesetting process and its temporary folders, and ends them itself,
also if it is cancelled (see `base.progress`). The entry point of a process sets what is global in
it: garbage collection (`base.processes.gc_pause`) and signal handlers. It also removes what killed
runs left (`base.output.temporary_folders.sweep`).
"""
