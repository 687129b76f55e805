"""Paints the objects of an OFD page: paths, pictures, colours, clips, composites."""
