"""Straightens photographs of papers, with OpenCV of the extra `read`."""
