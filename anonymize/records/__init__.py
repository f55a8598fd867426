"""k-anonymous records: hierarchies, exact search, measures and risk, on any table.

`anonymize_records` and `measure_records` work on columns in memory; `anonymize_file` and `risk_of_file` on
files.
"""

from .hierarchies import Hierarchy, hierarchy_from_lines, hierarchy_from_mapping
from .hierarchy_files import read_hierarchies, read_hierarchy
from .measures import Measures, contributions, measure_records, special_uniques
from .model import RecordsModel
from .recode import RecordsResult, anonymize_records
from .risk import Risk, journalist_risk, marketer_risk, prosecutor_risk

__all__ = [
    "Hierarchy",
    "Measures",
    "RecordsModel",
    "RecordsResult",
    "Risk",
    "anonymize_records",
    "contributions",
    "hierarchy_from_lines",
    "hierarchy_from_mapping",
    "journalist_risk",
    "marketer_risk",
    "measure_records",
    "prosecutor_risk",
    "read_hierarchies",
    "read_hierarchy",
    "special_uniques",
]
