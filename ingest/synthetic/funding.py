"""Write donations per month and channel: small gifts at home, PayPal until it stops, fading foundations."""

import csv
from datetime import date
from pathlib import Path

from .dice import Dice

FILE = "funding.csv"
COLUMNS = ("Month", "Channel", "Currency", "Amount", "Donors", "Largest gift")
_CHANNELS = {"domestic": "bank transfer", "foreign": "paypal", "foundation": "grant", "other": "other"}
_PAYPAL_STOPS = date(2022, 3, 1)


def write_funding(directory: Path, dice: Dice, start: date, today: date) -> tuple[Path, dict[str, int]]:
    """Write the donations; return the path and what ingest must find in it (one hopeless row)."""
    path = directory / FILE
    rows = []
    months = [
        date(year, month, 1)
        for year in range(start.year, today.year + 1)
        for month in range(1, 13)
        if start.replace(day=1) <= date(year, month, 1) <= today
    ]
    for position, month in enumerate(months):
        for channel, written in _CHANNELS.items():
            donors, amount, largest = _money(dice, channel, month, position / max(len(months) - 1, 1))
            if donors:
                shown = "" if dice.chance(0.02) else f"{largest:.2f}"
                rows.append([f"{month:%Y-%m}", written, "RUB", f"{amount:.2f}", str(donors), shown])
    rows.insert(len(rows) // 2, ["2021-13", "paypal", "RUB", "1000.00", "7", "300.00"])
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])
    return path, {"records": len(rows), "quarantined": 1, "funding_rows": len(rows) - 1}


def _money(dice: Dice, channel: str, month: date, share_gone: float) -> tuple[int, float, float]:
    """Return donors, amount and largest gift in roubles; `share_gone` (0..1): how late in the period."""
    if channel == "foundation":
        donors = sum(dice.chance(0.75 * (1 - share_gone) ** 1.6) for _ in range(3))
        gifts = [dice.lognormal(320_000, 0.5) for _ in range(donors)]
        return donors, sum(gifts), max(gifts, default=0.0)
    gone = channel == "foreign" and month >= _PAYPAL_STOPS
    usual = {"domestic": 90 + 900 * share_gone, "foreign": 6 if gone else 40 + 160 * share_gone, "other": 5}[
        channel
    ]
    donors = max(1, round(dice.random.gauss(usual, usual * 0.15)))
    mean_gift = {"domestic": 640.0, "foreign": 2100.0, "other": 3000.0}[channel]
    amount = donors * mean_gift * dice.random.uniform(0.8, 1.3)
    largest = min(amount, mean_gift * dice.random.uniform(1.2, 3.0 + donors**0.5))
    return donors, round(amount, 2), round(largest if donors > 1 else amount, 2)
