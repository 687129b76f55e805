"""The small language in which a notice says its rules and derived values.

Expressions compare and reckon with answers and call a few functions; they are parsed and checked
for types when the notice is read, and never handed to Python.
"""
