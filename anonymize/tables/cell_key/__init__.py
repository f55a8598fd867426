"""The cell key method: every count moved a little, by what is in the cell and a secret key."""

from .counts import PERSON, CellKeyRules, perturb_counts, record_identities, usual_variance

__all__ = ["PERSON", "CellKeyRules", "perturb_counts", "record_identities", "usual_variance"]
