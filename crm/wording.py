"""How amounts and figures are written in words, for services and cards alike. Pure."""

from __future__ import annotations

from decimal import Decimal

FEN = 100
WAN = 10_000 * FEN
YI = 100_000_000 * FEN


def money(fen: int) -> str:
    """58万元, 3.5万元, 5,800元, 1.2亿元; never rounded: 12,345.60元."""
    sign, fen = ("-" if fen < 0 else ""), abs(fen)
    if fen >= YI and fen % (YI // 100) == 0:
        return f"{sign}{figure(Decimal(fen) / YI)}亿元"
    if fen >= WAN and fen % (WAN // 100) == 0:
        return f"{sign}{figure(Decimal(fen) / WAN)}万元"
    yuan, cents = divmod(fen, FEN)
    return f"{sign}{yuan:,}.{cents:02d}元" if cents else f"{sign}{yuan:,}元"


def figure(value: Decimal) -> str:
    """A figure without trailing zeros, with commas between thousands: 1,234.5."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
