"""Reads filled Word forms back into answers: a document in, answers and findings out.

`word_files` opens a file, and `ooxml` flattens it. The rest is pure. `form_pattern` describes what
the notice's template expects, `alignment` finds its wording in a document, and `text_between`
assigns the text between to answers. `slot_answers` parses it, `transcript` combines the forms, and
`comparison` compares them with an application.
"""
