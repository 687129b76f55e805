"""The output folder: written aside, then put into place as a whole."""
