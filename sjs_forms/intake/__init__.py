"""Stand-in until the real room is moved in."""

import hashlib
import tempfile
from contextlib import contextmanager
from pathlib import Path


class Unusable(Exception):
    def __init__(self, code, message, remedy):
        self.code, self.message, self.remedy = code, message, remedy


class Shelf:
    def __init__(self, folder):
        self.folder = folder


@contextmanager
def open_shelf(cache):
    with tempfile.TemporaryDirectory() as t:
        yield Shelf(Path(t))


def take_in(path, shown, shelf, limits, password=None):
    import img2pdf
    import pikepdf

    from sjs_forms.facts import PageFacts, SourceFacts

    data = path.read_bytes()
    sha = hashlib.sha256(data).hexdigest()
    out = shelf.folder / (sha + ".pdf")
    if not data.startswith(b"%PDF"):
        try:
            out.write_bytes(img2pdf.convert(data, nodate=True))
        except Exception as e:
            raise Unusable("attachment-type", f"{shown} {e}", "x")
    try:
        pdf = pikepdf.open(
            path if data.startswith(b"%PDF") else out,
            password=password or "",
            allow_overwriting_input=True,
        )
    except pikepdf.PasswordError:
        raise Unusable("attachment-encrypted", shown, "x")
    pages = tuple(
        PageFacts(float(p.mediabox[2] - p.mediabox[0]), float(p.mediabox[3] - p.mediabox[1]))
        for p in pdf.pages
    )
    pdf.save(out, static_id=True, encryption=False)
    return SourceFacts(sha, out, pages)
