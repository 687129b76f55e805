"""Recognises the text on a picture of a page with RapidOCR (PP-OCRv6), of the extra `read`.

The models are inside its package and are named by their paths: RapidOCR downloads what it is not
given. Lines are recognised as they lie. Its classifier, which would turn lines one by one, only
votes on the whole page: on an upright page it takes some lines for upside down, and what stands
there would be lost.

Measured by tests/reading/measure_reading.py: a page takes 1.5 s of one processor, 2.4 s at most; 89
of 90 names, codes and numbers on scans and photographs were read in full.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sjs_forms.intake.photographs.opencv import load_opencv, set_variables
from sjs_forms.reading.pages.page_words import Word
from sjs_forms.reading.pages.text_lines import lines

MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
}
"""The model for each step, in the package's folder `models`."""

LIBRARIES = ("rapidocr", "onnxruntime", "cv2")

DPI = 200
"""Resolution at which pages are to be drawn; scans of less gain nothing and lose nothing by it."""

MAX_LINES = 400
"""Lines of a page that are recognised, from its head: each takes some 40 ms."""

_DETECTION = 960 / 842
"""Pixels per point in which lines are searched: 960 along an A4 page."""
_DETECTION_SIDES = (640, 1_600)
_VOTERS = 24
"""Longest lines that vote on how the page is turned."""
_FEWEST_VOTERS = 4
_MAJORITY = 0.7
_FLIPPED_SCORE = 0.9
"""Certainty from which a line counts as upside down."""
_TALL = 1.5
"""Ratio of height to width from which RapidOCR takes a line to be on its side."""
_LEAST_SCORE = 0.5
"""Certainty below which a line is left out as unreadable."""


_VARIABLES = {"ORT_DISABLE_TELEMETRY": "1"}
"""Environment variables that the libraries read while they are loaded.

ONNX Runtime, from 1.29 on, else reports to its maker (see Privacy.md in its package); the function
that it has to the same end can be called only after its first report.
"""


@dataclass(frozen=True, slots=True)
class RecognisedText:
    """The words of a page, and the clockwise quarter turns after which they were read.

    Their boxes are those of the turned page, in points.
    """

    words: tuple[Word, ...]
    turned: int


def is_installed() -> bool:
    """Return whether the libraries are there, with their models; loads none of them."""
    return all(find_spec(name) for name in LIBRARIES) and all(
        path.is_file() for path in _model_paths().values()
    )


def prepare() -> None:
    """Set the variables of the libraries, and load OpenCV, which sets one of its own.

    To be called before a process is confined; starts no thread, which would not be confined with
    it. The other libraries do, and are to be loaded afterwards.
    """
    set_variables(_VARIABLES)
    load_opencv()


class TextRecogniser:
    """The loaded models: some 400 MB of memory. Uses one processor."""

    def __init__(self) -> None:
        """Raises ImportError if the extra is missing."""
        prepare()
        from rapidocr import RapidOCR

        one_thread = "EngineConfig.onnxruntime.{}_op_num_threads"
        self._engine: Any = RapidOCR(
            params={
                **{f"{step}.model_path": str(path) for step, path in _model_paths().items()},
                one_thread.format("intra"): 1,
                one_thread.format("inter"): 1,
                "Global.log_level": "critical",
                "Global.use_preprocess_img": False,
                "Global.use_vertical_padding": False,
                "Det.limit_type": "max",
                "Rec.rec_batch_num": 1,  # faster on one processor, and half the memory
            }
        )

    def read(self, picture: Any, points: tuple[float, float]) -> RecognisedText:
        """Recognise a page of this size in points on a Pillow picture."""
        import numpy

        pixels = numpy.ascontiguousarray(numpy.asarray(picture.convert("RGB"))[:, :, ::-1])
        crops, boxes = self._lines(pixels, max(points))
        turned = self._turn(crops, boxes)
        if turned:
            pixels = numpy.ascontiguousarray(numpy.rot90(pixels, -turned))
            points = points[::-1] if turned % 2 else points
            crops, boxes = self._lines(pixels, max(points))
        if not crops:
            return RecognisedText((), turned)
        found = self._engine.recognize_txt(crops[:MAX_LINES])
        scale = points[0] / pixels.shape[1], points[1] / pixels.shape[0]
        words = (
            _word(text, box, scale)
            for text, score, box in zip(found.txts, found.scores, boxes, strict=False)
            if text.strip() and score >= _LEAST_SCORE
        )
        ordered = tuple(word for line in lines(words, lambda word: word) for word in line)
        return RecognisedText(ordered, turned)

    def _lines(self, pixels: Any, long: float) -> tuple[list[Any], Any]:
        """Return the picture of each line of text, and its four corners."""
        from rapidocr.main import RapidOCRError

        fewest, most = _DETECTION_SIDES
        detector = self._engine.cfg.Det
        detector.limit_side_len = round(min(most, max(fewest, long * _DETECTION)))
        if self._engine.text_det is not None:
            self._engine.text_det.limit_side_len = detector.limit_side_len
        try:
            crops, found = self._engine.detect_and_crop(
                pixels, {"preprocess": {"ratio_h": 1.0, "ratio_w": 1.0}}
            )
        except RapidOCRError:  # raised if there is no text
            return [], []
        return list(crops), found.boxes

    def _turn(self, crops: list[Any], boxes: Any) -> int:
        """Return the clockwise quarter turns that set most lines upright, 0 if it is not certain.

        The crop of a line on its side was turned by RapidOCR, a quarter anticlockwise.
        """
        lines = sorted(zip(crops, boxes, strict=True), key=lambda line: -line[0].shape[1])
        voters = [line for line in lines if line[0].shape[1] > 2 * line[0].shape[0]][:_VOTERS]
        if len(voters) < _FEWEST_VOTERS:
            return 0
        sideways = sum(_is_tall(corners) for _, corners in voters) / len(voters)
        _, votes = self._engine.cls_and_rotate([crop for crop, _ in voters])
        flipped = sum(
            "180" in label and score > _FLIPPED_SCORE for label, score in votes.cls_res
        ) / len(voters)
        if sideways > _MAJORITY:
            return 1 if flipped > _MAJORITY else 3 if flipped < 1 - _MAJORITY else 0
        return 2 if sideways < 1 - _MAJORITY and flipped > _MAJORITY else 0


def _model_paths() -> dict[str, Path]:
    found = find_spec("rapidocr")
    places = list(found.submodule_search_locations or ()) if found else []
    folder = Path(places[0]) / "models" if places else Path()
    return {step: folder / name for step, name in MODELS.items()}


def _is_tall(corners: Any) -> bool:
    import numpy

    sides = numpy.linalg.norm(corners - numpy.roll(corners, -1, axis=0), axis=1)
    return bool(max(sides[1], sides[3]) >= _TALL * max(sides[0], sides[2]))


def _word(text: str, corners: Any, scale: tuple[float, float]) -> Word:
    """Return a line of text with the box around its corners."""
    xs, ys = corners[:, 0], corners[:, 1]
    return Word(
        text.strip(),
        float(xs.min()) * scale[0],
        float(ys.min()) * scale[1],
        float(xs.max()) * scale[0],
        float(ys.max()) * scale[1],
    )
