"""Electronic seals in DER: SES versions 1 (GM/T 0031-2014) and 4 (GB/T 38540-2020), unsigned."""

IA5, UTF8, OCTETS, BITS, INTEGER, OID, TIME = 0x16, 0x0C, 0x04, 0x03, 0x02, 0x06, 0x18
_SM2 = bytes.fromhex("2a811ccf55018375")


def der(tag: int, *contents: bytes) -> bytes:
    """An element of X.690 with a definite length."""
    body = b"".join(contents)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(length)]) + length + body


def sequence(*parts: bytes) -> bytes:
    """A SEQUENCE."""
    return der(0x30, *parts)


def integer(value: int) -> bytes:
    """An INTEGER of no sign."""
    return der(INTEGER, value.to_bytes(value.bit_length() // 8 + 1))


def picture_info(form: str, data: bytes, width: int, height: int) -> bytes:
    """SES_ESPictureInfo; the size is in millimetres."""
    parts = der(IA5, form.encode()), der(OCTETS, data), integer(width), integer(height)
    return sequence(*parts)


def seal_info(version: int, picture: bytes, extension: bytes = b"") -> bytes:
    """SES_SealInfo."""
    header = sequence(der(IA5, b"ES"), integer(version), der(IA5, b"sample"))
    certificates = sequence(der(OCTETS, b"certificate"))
    kind = [integer(1)] if version >= 4 else []
    day = der(TIME, b"20260101000000Z")
    name = der(UTF8, "样例专用章".encode())
    property_ = sequence(integer(1), name, *kind, certificates, day, day, day)
    return sequence(header, der(IA5, b"00000001"), property_, picture, extension)


def seal(version: int, picture: bytes) -> bytes:
    """SESeal: what an .esl file holds."""
    info = seal_info(version, picture)
    signed = der(OCTETS, b"certificate"), der(OID, _SM2), der(BITS, b"\0signature")
    return sequence(info, *signed) if version >= 4 else sequence(info, sequence(*signed))


def signed_value(version: int, form: str, data: bytes, width: int = 30, height: int = 20) -> bytes:
    """SES_Signature: what SignedValue.dat holds."""
    own = seal(version, picture_info(form, data, width, height))
    time = der(TIME, b"20260301000000Z") if version >= 4 else der(BITS, b"\x0020260301000000Z")
    stated = [
        integer(version),
        own,
        time,
        der(BITS, b"\0" + bytes(32)),
        der(IA5, b"/Signature.xml"),
    ]
    certified = [der(OCTETS, b"certificate"), der(OID, _SM2)]
    value = der(BITS, b"\0signature")
    if version >= 4:
        return sequence(sequence(*stated), *certified, value)
    return sequence(sequence(*stated, *certified), value)
