"""The jobs: everything that a face may ask for.

The document libraries (WeasyPrint, PDFium, qpdf) are not made for threads. So jobs run in
processes: one thread of a process may be at such a job, and a second that calls one meets with
ThreadConflict (see `base.thread_guard`). What opens attachments in processes of its own, `check`
and a session but for its scans, may run in several threads.

Each job owns what it starts: its worker pool, its typesetting process, its temporary folders. It
ends them itself, also where it is cancelled (see `base.progress`). What belongs to the process is
for its entry to set: garbage collection (`base.gc_pause`), what happens on signals, and the
sweep of what killed runs left (`base.output.temporary_folders.sweep`).
"""
