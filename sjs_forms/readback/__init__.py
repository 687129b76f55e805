"""Filled Word forms back into answers: a flat document in, answers and doubts out.

Pure: documents are read by `ooxml`. `pattern` is what the notice's own template expects,
`alignment` finds its wording in a document, `gaps` shares out what stands between, `answers`
understands it, `transcript` puts the forms together, `comparison` holds them against an
application.
"""
