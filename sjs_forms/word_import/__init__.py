"""Filled Word forms back into answers: a flat document in, answers and doubts out.

`word_files` opens a file, `ooxml` flattens it. All else is pure: `form_pattern` is what the
notice's own template expects, `alignment` finds its wording in a document, `text_between` shares
out what stands between, `slot_answers` understands it, `transcript` puts the forms together,
`comparison` holds them against an application.
"""
