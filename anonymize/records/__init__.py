"""k-anonymous records: hierarchies, exact search, measures and risk, on any table.

`anonymize_records` and `measure_records` work on columns in memory; `anonymize_file` and `risk_of_file` on
files.
"""

from .cell_rules import CellRules, split_flags
from .fields import Contribution, DropStep, contributions, drop_order, special_uniques
from .files import RunOptions, anonymize_file
from .hierarchies import Hierarchy, hierarchy_from_ladder, hierarchy_from_lines, hierarchy_from_mapping
from .hierarchy_files import read_hierarchies, read_hierarchy
from .ladders import date_hierarchy, flat_hierarchy, interval_hierarchy, prefix_hierarchy
from .measures import Measures, measure_records
from .model import RecordsModel
from .recode import RecordsResult, anonymize_records
from .risk import Risk, journalist_risk, marketer_risk, prosecutor_risk
from .risk_files import RiskOptions, RiskReport, risk_of_file
from .suggest import ColumnHint, suggest_columns
from .table_files import ReadOptions, read_table

__all__ = [
    "CellRules",
    "ColumnHint",
    "Contribution",
    "DropStep",
    "Hierarchy",
    "Measures",
    "ReadOptions",
    "RecordsModel",
    "RecordsResult",
    "Risk",
    "RiskOptions",
    "RiskReport",
    "RunOptions",
    "anonymize_file",
    "anonymize_records",
    "contributions",
    "date_hierarchy",
    "drop_order",
    "flat_hierarchy",
    "hierarchy_from_ladder",
    "hierarchy_from_lines",
    "hierarchy_from_mapping",
    "interval_hierarchy",
    "journalist_risk",
    "marketer_risk",
    "measure_records",
    "prefix_hierarchy",
    "prosecutor_risk",
    "read_hierarchies",
    "read_hierarchy",
    "read_table",
    "risk_of_file",
    "special_uniques",
    "split_flags",
    "suggest_columns",
]
