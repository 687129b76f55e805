"""The picture of an electronic seal is found in every version of its structure, or not at all."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.intake.ofd.seal_structure import SealPicture, seal_picture
from tests.intake.ofd.seals import (
    IA5,
    OCTETS,
    OID,
    UTF8,
    der,
    integer,
    picture_info,
    seal,
    sequence,
    signed_value,
)

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(300)


@pytest.mark.parametrize("version", [1, 2, 4, 5])
def test_signature_and_seal_of_each_version_hold_the_picture(version: int) -> None:
    """SignedValue.dat and Seal.esl alike, with its size in millimetres."""
    wanted = SealPicture("png", PICTURE, 30, 20)
    assert seal_picture(signed_value(version, "PNG", PICTURE)) == wanted
    assert seal_picture(seal(version, picture_info("png", PICTURE, 30, 20))) == wanted


def test_an_envelope_around_the_signature_is_opened() -> None:
    """PKCS #7 holds the structure in an OCTET STRING."""
    content = der(0xA0, der(OCTETS, signed_value(4, "gif", PICTURE)))
    data = sequence(der(OID, b"\x2a\x81\x1c\xcf\x55\x06\x01\x04\x02\x01"), content)
    envelope = sequence(der(OID, b"\x2a\x81\x1c\xcf\x55\x06\x01\x04\x02\x02"), der(0xA0, data))
    found = seal_picture(envelope)
    assert found is not None
    assert (found.form, found.data) == ("gif", PICTURE)


def test_base64_is_decoded_first() -> None:
    """Some writers store the structure as text, in lines."""
    found = seal_picture(base64.encodebytes(signed_value(1, "jpg", PICTURE)))
    assert found is not None
    assert found.data == PICTURE


def test_parts_of_indefinite_length_are_read() -> None:
    """BER ends such elements with two bytes of zero, and divides strings of octets."""
    octets = b"\x24\x80" + der(OCTETS, PICTURE[:9]) + der(OCTETS, PICTURE[9:]) + b"\0\0"
    inner = der(UTF8, b"png") + octets + integer(30) + integer(20)
    picture = b"\x30\x80" + inner + b"\0\0"
    assert seal_picture(b"\x30\x80" + picture + b"\0\0") == SealPicture("png", PICTURE, 30, 20)


def test_a_senseless_size_counts_as_none() -> None:
    """A size of more than two metres, or below zero, is not that of a seal."""
    found = seal_picture(signed_value(1, "png", PICTURE, width=90_000, height=20))
    assert found == SealPicture("png", PICTURE, 0, 20)


def test_a_structure_cut_short_still_shows_what_is_there() -> None:
    """The signature at the end is not needed."""
    found = seal_picture(signed_value(4, "png", PICTURE)[:-40])
    assert found is not None
    assert found.data == PICTURE


def test_an_extension_is_no_picture() -> None:
    """Octets after an object identifier, or with nothing in them, are something else."""
    assert seal_picture(sequence(der(OID, b"\x2a\x03"), der(OCTETS, PICTURE))) is None
    assert seal_picture(sequence(der(IA5, b"png"), der(OCTETS), integer(1), integer(1))) is None


@pytest.mark.parametrize("depth", [40, 5_000])
def test_deep_nesting_is_given_up(depth: int) -> None:
    """No recursion without end, and no picture from there."""
    data = signed_value(1, "png", PICTURE)
    for _ in range(depth):
        data = sequence(data)
    assert seal_picture(data) is None
    assert seal_picture(b"\x30\x80" * depth) is None


@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_an_error(data: bytes) -> None:
    """Bytes without a SEQUENCE in them have no picture."""
    found = seal_picture(data)
    assert found is None or b"\x30" in data


@given(st.data())
def test_a_changed_structure_is_read_without_an_error(data: st.DataObject) -> None:
    """Whatever bytes are put in the place of others."""
    whole = bytearray(signed_value(4, "png", b"12345"))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    seal_picture(bytes(whole))
