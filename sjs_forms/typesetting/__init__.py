"""Fills the notice's Word and HTML templates with answers, lays them out and paints them."""
