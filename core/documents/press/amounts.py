"""Amounts of money as receipts write them in China."""

from __future__ import annotations

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")


def _group(number: int) -> str:
    """A number below 10,000 in capital numerals, without leading zero."""
    text = ""
    gap = False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + PLACES[place]
            gap = False
        else:
            gap = True
    return text


def capital_amount(fen: int) -> str:
    """The amount in Chinese capital numerals (大写), so that nobody can add a digit: 19900 → 壹佰玖拾玖元整.

    `fen` is the amount in fen, 0 to just under 10^16 yuan. Rules: 支付结算办法 (1997) annex 1, whose examples
    are the test vectors: zeros inside are written once, 整 closes an amount that ends in yuan or jiao.
    """
    yuan, cents = divmod(abs(fen), 100)
    jiao, rest = divmod(cents, 10)
    text = ""
    for index in range(len(GROUPS) - 1, -1, -1):
        group = yuan // 10_000**index % 10_000
        if group:
            skipped = text and (group < 1000 or yuan // 10_000 ** (index + 1) % 10_000 == 0)
            text += ("零" if skipped else "") + _group(group) + GROUPS[index]
    text = f"{text}元" if text else ""
    if jiao:
        text += DIGITS[jiao] + "角"
    if rest:
        text += ("零" if text and not jiao else "") + DIGITS[rest] + "分"
    sign = "负" if fen < 0 else ""
    return sign + ((text + ("" if rest else "整")) or "零元整") if fen else "零元整"
