"""Text is drawn, and looked at, as the objects of a page are."""

from tests.intake.ofd.drawing.conftest import draw as draw
