"""Quotations on their way out: proposed, confirmed twice, exported; every step in the custody log.

The vault keeps no copy of what is quoted: a quotation is a list of places in its narrative, so that erasing
the narrative erases the quotation. The custody log keeps the role and the hash of the redacted text.
"""

import datetime
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from codebook import ReleaseRefused, UsageError
from vault import Vault, append_custody

from .case import QuotedCase, case_of_incident
from .propose import Proposal, require_nothing_known
from .spans import Certainty, Span

ROLES = ("caseworker", "data officer", "coordinator", "lawyer", "editor")
CONFIRMATIONS = 2
SAME_ROLE_AFTER = datetime.timedelta(hours=12)
_PREFIX = "quotation:"
_MADE = "quotations_made"


@dataclass(frozen=True)
class Quotation:
    """A proposal that was filed: where its hidden parts are, and who confirmed it."""

    quotation_id: str
    incident_id: str
    narrative_print: str
    passage: tuple[int, int]
    spans: tuple[Span, ...] = field(repr=False)
    sha256: str = ""
    proposed_on: str = ""
    confirmed: tuple[tuple[str, str], ...] = ()  # role, moment

    @property
    def ready(self) -> bool:
        """Whether it has all its confirmations."""
        return len(self.confirmed) >= CONFIRMATIONS


def file_quotation(
    vault: Vault,
    case: QuotedCase,
    proposal: Proposal,
    role: str,
    *,
    passage: tuple[int, int],
    now: datetime.datetime,
) -> Quotation:
    """Keep a proposal so that it can be confirmed, and log it.

    Raises:
        UsageError: The role is unknown.
    """
    _require_role(role)
    narrative = case.narrative
    number = int(vault.setting(_MADE) or 0) + 1  # never given twice: the custody log speaks of them
    made = Quotation(
        str(number), case.incident_id, vault.fingerprint("quoted narrative", narrative), passage,
        proposal.spans, _hash(proposal.quotation()), now.isoformat(timespec="seconds"),
    )  # fmt: skip
    with vault.transaction():
        vault.delete("setting", "key = ?", [_MADE])
        vault.insert("setting", [{"key": _MADE, "value": str(number)}])
        vault.insert("setting", [{"key": _PREFIX + made.quotation_id, "value": _as_json(made)}])
        _log(vault, "quotation proposed", made, role, now, f"{len(made.spans)} parts hidden")
    return made


def filed_quotations(vault: Vault) -> list[Quotation]:
    """Return all quotations that wait or are ready, the oldest first."""
    rows = vault.rows("setting", "key GLOB ?", [f"{_PREFIX}*"])
    return sorted((_read(row) for row in rows), key=lambda one: int(one.quotation_id))


def filed_quotation(vault: Vault, quotation_id: str) -> Quotation:
    """Return one quotation.

    Raises:
        UsageError: There is none of that number.
    """
    found = [one for one in filed_quotations(vault) if one.quotation_id == quotation_id]
    if not found:
        raise UsageError("no quotation has that number", remedy="see `withheld quote list`")
    return found[0]


def text_of(vault: Vault, quotation: Quotation, *, today: datetime.date) -> str:
    """Return the redacted text, made again from the narrative, after asking for consent again.

    Raises:
        ReleaseRefused: The narrative or a consent has changed, or an identifier would be left.
    """
    rows = list(vault.rows("incident", "incident_id = ?", [quotation.incident_id]))
    narrative = str(rows[0]["narrative"] or "") if rows else ""
    if not narrative or vault.fingerprint("quoted narrative", narrative) != quotation.narrative_print:
        raise ReleaseRefused(
            "the narrative is not the one that this quotation was made of",
            remedy="discard it and propose again: `withheld quote discard NUMBER --role ROLE`",
        )
    case = case_of_incident(vault, rows[0], today=today)
    start, end = quotation.passage
    proposal = Proposal(narrative[start:end], quotation.spans)
    require_nothing_known(proposal, case.known)
    text = proposal.quotation()
    if _hash(text) != quotation.sha256:
        raise ReleaseRefused(
            "the quotation is not the text that was proposed",
            remedy="discard it and propose again: `withheld quote discard NUMBER --role ROLE`",
        )
    return text


def confirm_quotation(vault: Vault, quotation_id: str, role: str, *, now: datetime.datetime) -> Quotation:
    """Record that a role has read the redacted text and agrees to it.

    Raises:
        UsageError: The role is unknown, or the quotation.
        ReleaseRefused: The same role confirmed it less than 12 hours ago, or the text may not leave any more.
    """
    _require_role(role)
    quotation = filed_quotation(vault, quotation_id)
    text_of(vault, quotation, today=now.date())
    if any(before == role and not _long_ago(moment, now) for before, moment in quotation.confirmed):
        raise ReleaseRefused(
            "this role has confirmed it already",
            remedy="another role confirms it, or the same one after 12 hours, with fresh eyes",
        )
    done = (*quotation.confirmed, (role, now.isoformat(timespec="seconds")))
    changed = replace(quotation, confirmed=done)
    with vault.transaction():
        vault.update("setting", _PREFIX + quotation_id, {"value": _as_json(changed)})
        _log(vault, "quotation confirmed", changed, role, now, f"{len(done)} of {CONFIRMATIONS}")
    return changed


def export_quotation(vault: Vault, quotation_id: str, role: str, *, now: datetime.datetime) -> str:
    """Return the redacted text of a quotation that has all its confirmations, and log that it left.

    Raises:
        ReleaseRefused: A confirmation lacks, or the text may not leave any more.
    """
    _require_role(role)
    quotation = filed_quotation(vault, quotation_id)
    if not quotation.ready:
        with vault.transaction():
            _log(vault, "quotation refused", quotation, role, now, "confirmations lack")
        raise ReleaseRefused(
            f"it has {len(quotation.confirmed)} of {CONFIRMATIONS} confirmations",
            remedy=f"`withheld quote confirm {quotation_id} --role ROLE`",
        )
    text = text_of(vault, quotation, today=now.date())
    with vault.transaction():
        _log(vault, "quotation exported", quotation, role, now, "")
    return text


def discard_quotation(vault: Vault, quotation_id: str, role: str, *, now: datetime.datetime) -> None:
    """Forget a quotation; the custody log keeps that it was there."""
    _require_role(role)
    quotation = filed_quotation(vault, quotation_id)
    with vault.transaction():
        vault.delete("setting", "key = ?", [_PREFIX + quotation_id])
        _log(vault, "quotation discarded", quotation, role, now, "")


def _require_role(role: str) -> None:
    """Refuse a role that is not listed: a name must not get into the custody log."""
    if role not in ROLES:
        raise UsageError("that is no role", remedy=f"one of: {', '.join(ROLES)}")


def _long_ago(moment: str, now: datetime.datetime) -> bool:
    return now - datetime.datetime.fromisoformat(moment) >= SAME_ROLE_AFTER


def _log(
    vault: Vault, action: str, quotation: Quotation, role: str, now: datetime.datetime, detail: str
) -> None:
    append_custody(vault, action, now=now, object_sha256=quotation.sha256, detail=detail, actor_role=role)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _as_json(quotation: Quotation) -> str:
    kept: dict[str, Any] = {
        "incident_id": quotation.incident_id,
        "narrative_print": quotation.narrative_print,
        "passage": quotation.passage,
        "spans": [(one.start, one.end, one.kind, int(one.certainty)) for one in quotation.spans],
        "sha256": quotation.sha256,
        "proposed_on": quotation.proposed_on,
        "confirmed": quotation.confirmed,
    }
    return json.dumps(kept)


def _read(row: dict[str, Any]) -> Quotation:
    kept = json.loads(row["value"])
    spans: Sequence[Span] = tuple(
        Span(start, end, kind, Certainty(certainty)) for start, end, kind, certainty in kept["spans"]
    )
    return Quotation(
        str(row["key"]).removeprefix(_PREFIX), str(kept["incident_id"]), kept["narrative_print"],
        (kept["passage"][0], kept["passage"][1]), tuple(spans), kept["sha256"], kept["proposed_on"],
        tuple((role, moment) for role, moment in kept["confirmed"]),
    )  # fmt: skip
