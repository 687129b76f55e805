"""The kinds of answer that a notice may ask for, a module each.

A kind parses what a person wrote, prints and checks an answer, and has its JSON Schema. For a
roster it has the instructions to the clerk and the validation rule of its column. JSON, roster
cells and Word are parsed by the same code, so that the same text means the same everywhere.
"""
