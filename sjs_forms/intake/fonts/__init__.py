"""Fonts that an attachment only names, replaced by bundled ones that go along with it."""

from sjs_forms.intake.fonts.embedding import Wanting, embed_all

__all__ = ["Wanting", "embed_all"]
