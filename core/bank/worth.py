"""What points are worth to the hospital: rates, liability, and the price of points given with a sale. Pure.

Sources: breakage, redemption and liability as in `data/reference/bank/loyalty_vectors.json`; splitting a price by
relative stand-alone selling prices follows IFRS 15 / CAS 14. For the accountant to confirm.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from core.bank.totals import PointsTotals

_FEN = Decimal("0.01")


def redemption_rate(totals: PointsTotals) -> tuple[int, int]:
    """Redeemed over issued points, as numerator and denominator."""
    return totals.redeemed, totals.issued


def breakage_rate(totals: PointsTotals) -> tuple[int, int]:
    """Expired over issued points, as numerator and denominator."""
    return totals.expired, totals.issued


def liability_yuan(outstanding: int, breakage: Decimal, unit_cost_yuan: Decimal) -> Decimal:
    """What the outstanding points will cost: those expected to be redeemed times the cost of one, in yuan.

    `breakage` is the expected share that expires, from 0 to 1; anything else is a ValueError.
    """
    if not 0 <= breakage <= 1:
        raise ValueError(breakage)
    return (outstanding * (1 - breakage) * unit_cost_yuan).quantize(_FEN, ROUND_HALF_UP)


def deferred_yuan(price_yuan: Decimal, points: int, point_yuan: Decimal, redeemed_share: Decimal) -> Decimal:
    """The part of a price that belongs to the points sold with it, in yuan: deferred until they are redeemed.

    Price × worth of the points ÷ (price + worth of the points), the worth being points × value × expected share.
    """
    worth = points * point_yuan * redeemed_share
    return (price_yuan * worth / (price_yuan + worth)).quantize(_FEN, ROUND_HALF_UP)
