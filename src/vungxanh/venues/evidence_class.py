"""How strong the evidence of one visit is, weakest first. The number is stored; never renumber."""

from enum import IntEnum

from vungxanh.rules.dated import Text


class Strength(IntEnum):
    """What was looked at when somebody was recorded."""

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
    Strength.SHOWN_CODE: Text(vi="mã trên màn hình hoặc giấy", en="code on a screen or paper"),
    Strength.SCANNED_CARD: Text(vi="quét thẻ", en="card scanned"),
    Strength.SIGNED_CODE: Text(vi="mã có chữ ký", en="signed code"),
}
