"""How strong the evidence of one visit is, weakest first. The number is stored; never renumber."""

from enum import IntEnum

from vungxanh.rules.dated import Text


class Strength(IntEnum):
    """What was looked at when somebody was recorded.

    The QR of an identity or insurance card carries no signature: who holds a photograph of it can show it. It is
    stronger than a code that anybody may type, and weaker than a signature; it joins nobody's records.
    """

    COUNTED = 0
    TYPED = 1
    SELF = 2
    SHOWN_CODE = 3
    SCANNED_CARD = 4
    SIGNED_CODE = 5


WORDS = {
    Strength.COUNTED: Text(vi="chỉ đếm", en="counted only"),
    Strength.TYPED: Text(vi="gõ tay", en="typed by hand"),
    Strength.SELF: Text(vi="tự ghi trên điện thoại", en="entered on their own phone"),
    Strength.SHOWN_CODE: Text(
        vi="mã hiện trên màn hình, giấy, hoặc mã gửi về điện thoại",
        en="code shown on a screen or paper, or sent to a telephone",
    ),
    Strength.SCANNED_CARD: Text(vi="mã trên thẻ, không có chữ ký", en="code of a card, unsigned"),
    Strength.SIGNED_CODE: Text(vi="mã có chữ ký", en="signed code"),
}
