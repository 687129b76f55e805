"""Embeds bundled fonts in place of fonts that an attachment names but does not include."""

from sjs_forms.intake.fonts.embedding import UnshownFont, embed_all

__all__ = ["UnshownFont", "embed_all"]
