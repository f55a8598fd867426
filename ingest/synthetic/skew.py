"""How unevenly things happen: years, months, regions, delays, precision, consent.

Invented weights with the shape of real intake: heavy in three republics, growing, seasonal, full of gaps.
They are not estimates of anything.
"""

REGIONS: dict[str, float] = {
    "RU-CE": 34, "RU-DA": 29, "RU-IN": 16, "RU-KB": 5, "RU-KC": 3.5, "RU-SE": 3, "RU-STA": 3, "RU-MOW": 2.5,
    "RU-SPE": 1.5, "RU-KDA": 0.6, "RU-ROS": 0.6, "": 1.3,
}  # fmt: skip
# Where people who fled are found again.
REGIONS_IN_FLIGHT: dict[str, float] = {
    "RU-MOW": 32, "RU-SPE": 20, "RU-KDA": 10, "RU-STA": 8, "RU-ROS": 6, "RU-NIZ": 2, "RU-TA": 2, "RU-SVE": 2,
    "RU-CE": 8, "RU-DA": 6, "RU-IN": 4,
}  # fmt: skip
REGION_CENTRES: dict[str, tuple[float, float]] = {
    "RU-CE": (43.3, 45.7), "RU-DA": (42.9, 47.3), "RU-IN": (43.2, 44.9), "RU-KB": (43.5, 43.5),
    "RU-KC": (43.9, 41.8), "RU-SE": (43.1, 44.3), "RU-STA": (44.8, 43.2),
}  # fmt: skip

GROWTH_PER_YEAR = 1.17
MONTHS: dict[int, float] = {
    1: 9, 2: 7, 3: 7, 4: 7.5, 5: 8, 6: 9.5, 7: 10.5, 8: 11, 9: 9, 10: 7.5, 11: 7, 12: 7.5,
}  # fmt: skip

# Upper edge of the delay in days -> weight; the lower edge is the one before.
DELAYS: dict[int, float] = {3: 38, 5: 9, 14: 17, 30: 13, 400: 23}
PRECISIONS: dict[str, float] = {"day": 68, "month": 15, "range": 9, "year": 6, "unknown": 2}
TIMES: dict[str, float] = {"evening_night": 30, "afternoon": 17, "morning": 10, "unknown": 8, "": 35}
VERIFICATIONS: dict[str, float] = {
    "single_source": 46, "corroborated": 25, "documented": 14, "unverified": 13, "disputed": 1.5,
    "withdrawn": 0.5,
}  # fmt: skip
# Where it happened, when not where it mostly does in such a situation.
PLACES: dict[str, float] = {
    "home": 30, "relative_home": 18, "perp_home": 9, "street": 12, "rented_flat": 6, "work": 3, "school": 3,
    "transport": 3, "online": 5, "hospital": 1, "hotel": 1, "religious": 1, "unofficial_prison": 1,
    "other": 3, "unknown": 6, "": 12,
}  # fmt: skip
CONNECTIONS: dict[str, float] = {
    "self": 66, "friend": 13, "relative": 8, "ngo": 6, "lawyer": 3, "media": 2, "witness": 1, "unknown": 1,
}  # fmt: skip
EXPOSURES: dict[str, float] = {"none": 92, "anonymous": 5.5, "named": 2.5}
ELSEWHERE: dict[str, float] = {"no": 62, "": 24, "other": 7, "partner": 4, "unknown": 3}
REPEATED: dict[str, float] = {"yes": 48, "no": 27, "unknown": 8, "": 17}

# "" is an empty cell. `withdrawn` is not here: exactly one person withdraws.
CONSENTS: dict[str, float] = {"given": 84, "": 8, "refused": 5, "not_asked": 2.2, "unknown": 0.8}
CONSENT_EXPIRED_SHARE = 0.006
GUARDIAN_IS_PERPETRATOR_SHARE = 0.15  # of the persons under 18

OUTCOMES: dict[str, float] = {
    "safe_same_country": 30, "safe_abroad": 19, "at_risk": 18, "in_transit": 4, "in_shelter": 6,
    "returned_own_will": 6, "returned_force": 2, "detained": 1, "missing": 2, "closed": 5, "unknown": 4,
    "": 3,
}  # fmt: skip
JUSTICE: dict[str, float] = {
    "not_reported": 44, "wants_no_action": 14, "undecided": 5, "report_filed": 6, "report_refused": 8,
    "inquiry": 3.5, "case_refused": 5, "investigation": 2.5, "trial": 1.2, "conviction": 0.9,
    "acquittal": 0.2, "closed": 1, "international": 0.6, "against_person": 1.5, "unknown": 3, "": 4.6,
}  # fmt: skip

# Share of the incidents in each channel; renormalised over the channels that are written.
CHANNELS: dict[str, float] = {"spreadsheet": 55, "hotline": 28, "kobo": 17}
OTHER_CHANNEL = 20.0
DUPLICATE_SHARE = 0.04
REPEAT_VICTIM_SHARE = 0.07
HOPELESS_SHARE = 0.01
TYPO_SHARE = 0.05

# Median cost in roubles of one request met by the group, and how far costs spread (sigma of the logarithm).
COSTS: dict[str, tuple[float, float]] = {
    "ticket": (9500, 0.6), "transport_other": (4000, 0.6), "relocation_domestic": (22000, 0.7),
    "relocation_abroad": (85000, 1.0), "hostel": (9000, 0.6), "shelter": (18000, 0.6), "rent": (36000, 0.7),
    "legal_consult": (5000, 0.7), "lawyer_urgent": (30000, 0.8), "court": (60000, 1.0),
    "asylum": (25000, 0.8), "documents": (5500, 0.6), "medical": (11000, 0.9), "psych_crisis": (3500, 0.5),
    "psych_long": (19000, 0.6), "food": (4200, 0.5), "hygiene": (1300, 0.4), "clothing": (4800, 0.5),
    "cash": (10000, 0.6), "equipment": (27000, 0.6), "education_work": (14000, 0.7),
    "childcare": (7000, 0.6), "police_liaison": (2500, 0.6), "security": (12000, 0.8),
    "publicity": (3000, 0.8), "evidence": (6000, 0.8), "information": (0, 0.0), "other": (4000, 0.9),
}  # fmt: skip
STATUSES: dict[str, float] = {
    "provided": 58, "no_funds": 10, "referred": 9, "requested": 8, "unavailable": 5, "declined": 4,
    "received_elsewhere": 3, "not_applicable": 2, "": 1,
}  # fmt: skip
