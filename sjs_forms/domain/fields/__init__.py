"""The kinds of answer a notice may ask for; each knows all about itself.

A kind reads what a person wrote, says how an answer is printed, what is wrong with it, what JSON
Schema has of it, and what a clerk is told and Excel enforces where it is a column of a roster.
JSON, roster cells and Word are read by the same readers, so that the same writing means the same
everywhere.
"""
