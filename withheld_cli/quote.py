"""`withheld quote`: a quotation without what identifies, proposed to a person, confirmed twice, exported."""

import datetime
import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codebook import UsageError
from codebook.whole_file import new_private_file

from .completers import ROLES, words
from .language import said
from .output import CommandGroup, Quoted, ask_yes, print_result, workspace_options
from .progress import progress
from .workspace import load_workspace

if TYPE_CHECKING:
    from anonymize.text import Proposal, QuotedCase
    from vault import Vault

WARNING = (
    "this screen now holds what a person told you: nobody else should see it; clear it when you are done"
)
_NAMES_ASKED = "Names that belong to this case and the vault may not know, separated by commas (or nothing)"
_role_option = click.option(
    "--role",
    required=True,
    shell_complete=words(*ROLES),
    help="Who does it: caseworker, data officer, coordinator, lawyer, editor.",
)


@click.group(cls=CommandGroup, invoke_without_command=True)
@click.option("--case", "case_code", help="The case or person code that the group uses.")
@click.option(
    "--narrative", "number", default=0, help="Which narrative, where the case has several: 1, 2, ..."
)
@click.option("--sentences", default="", help="Only these sentences, e.g. 2-4; all by default.")
@click.option(
    "--also", multiple=True, help="A name that belongs to the case; may be repeated; asked for on a terminal."
)
@click.option("--hide", multiple=True, help="Further words to take out; may be repeated.")
@click.option(
    "--keep", multiple=True, type=int, help="The number of a marked part to leave in; may be repeated."
)
@click.option(
    "--role",
    shell_complete=words(*ROLES),
    default="caseworker",
    show_default=True,
    help="Who asks, for the custody log: caseworker, data officer, coordinator, lawyer, editor.",
)
@click.option("--show", is_flag=True, help="With --json: also the narrative and the proposal.")
@workspace_options
@click.pass_context
def quote(
    ctx: click.Context,
    /,
    *,
    directory: Path,
    passphrase_file: Path | None,
    as_json: bool,
    **asked: Any,
) -> None:
    """Propose a quotation without what identifies; it leaves only after two confirmations.

    Example:  withheld quote -w ourgroup --case K-17 --sentences 2-4
    """
    if ctx.invoked_subcommand:
        return
    if not asked["case_code"]:
        raise UsageError("no case is named", remedy="`withheld quote --case CODE`, or `withheld quote list`")
    # The recogniser's matrices are too small to share; numpy reads this when it is loaded.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from anonymize.text import file_quotation, load_case, passage_of

    asked["also"] = (*asked["also"], *_names_from_keyboard(as_json))
    now = datetime.datetime.now(datetime.UTC)
    with load_workspace(directory).open_vault(passphrase_file) as vault:
        case = load_case(
            vault, asked["case_code"], today=now.date(), number=asked["number"], also=asked["also"]
        )
        chosen = passage_of(case.narrative, asked["sentences"])
        with progress("looking for what identifies"):
            proposal = _proposal(vault, case, chosen, asked)
        filed = file_quotation(vault, case, proposal, asked["role"], passage=chosen, now=now)
    result = _counts(filed.quotation_id, proposal, case)
    if asked["show"] and as_json:
        result |= {"narrative": proposal.text, "proposal": proposal.quotation()}
    print_result(result, _screen(filed.quotation_id, proposal, case), as_json=as_json)


def _names_from_keyboard(as_json: bool) -> list[str]:
    """Ask for names that belong to the case, where somebody sits at a terminal."""
    if as_json or not sys.stdin.isatty():
        return []
    answer = click.prompt(said(_NAMES_ASKED), default="", show_default=False, err=True)
    return [one.strip() for one in answer.split(",") if one.strip()]


def _proposal(
    vault: "Vault", case: "QuotedCase", chosen: tuple[int, int], asked: dict[str, Any]
) -> "Proposal":
    from anonymize.text import load_recogniser, passage, propose, with_known_words

    from .quote_names import known_words

    known = case.known
    if judge := known_words(vault, case.prints):
        known = with_known_words(case, judge)
    # The whole narrative is looked at: what stands before a passage helps to understand it.
    whole = propose(case.narrative, known, load_recogniser(), hide=asked["hide"])
    return passage(whole, *chosen).keeping(asked["keep"])


def _counts(quotation_id: str, proposal: "Proposal", case: "QuotedCase") -> dict[str, Any]:
    return {
        "quotation_id": quotation_id,
        "hidden": dict(sorted(Counter(one.kind for one in proposal.spans).items())),
        "unsure": list(proposal.unsure),
        "names_kept_in_vault": case.names_kept,
        "prints_of_names": sum(kind == "name_parts" for kind, _ in case.prints),
        "places_known": len(case.known.places),
        "unknown_names_looked_for": proposal.names_looked_for,
    }


def _screen(quotation_id: str, proposal: "Proposal", case: "QuotedCase") -> list[str]:
    marked = "".join(
        piece if span is None else _marked(piece, proposal.spans.index(span) + 1, span.certainty == 0)
        for piece, span in proposal.pieces()
    )
    lines = [
        click.style(said(WARNING), bold=True),
        "",
        Quoted(marked),
        "",
        "proposal:",
        "",
        Quoted(proposal.quotation()),
        "",
    ]
    return [*lines, *_said(proposal, case), f"quotation {quotation_id}: two confirmations are needed, "
            f"`withheld quote confirm {quotation_id} --role caseworker`, then by another role"]  # fmt: skip


def _marked(piece: str, number: int, unsure: bool) -> str:
    return click.style(f"{{{number}{'?' if unsure else ''}|{piece}}}", fg="yellow" if unsure else "red")


def _said(proposal: "Proposal", case: "QuotedCase") -> list[str]:
    """Say what could not be looked for, and what is for the person to decide."""
    told = []
    if not case.names_kept and not any(kind == "name_parts" for kind, _ in case.prints):
        told.append("the vault knows no name of this case: name them with --also NAME")
    elif not case.names_kept:
        told.append(
            "the vault keeps prints of her names only: name relatives and perpetrators with --also NAME"
        )
    if not case.known.places:
        told.append("the vault knows no settlement of this case: take care with places")
    if not proposal.names_looked_for:
        told.append(
            "unknown names were NOT looked for: install withheld[ner]; words with a capital are marked"
        )
    if proposal.unsure:
        told.append(
            f"{len(proposal.unsure)} parts marked with ? may be nothing: they are hidden unless --keep N"
        )
    told.append(
        "read it as a relative of hers would: what she did, where and when can name her without a name"
    )
    return told


@quote.command("list")
@workspace_options
def list_quotations(directory: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """List the quotations that wait, by number.

    Example:  withheld quote list -w ourgroup
    """
    from anonymize.text import CONFIRMATIONS, filed_quotations

    with load_workspace(directory).open_vault(passphrase_file) as vault:
        found = filed_quotations(vault)
    result = [
        {"quotation_id": one.quotation_id, "proposed_on": one.proposed_on[:10], "hidden": len(one.spans),
         "confirmed_by": [role for role, _ in one.confirmed], "ready": one.ready}
        for one in found
    ]  # fmt: skip
    lines = [
        f"{one.quotation_id:>8}  {one.proposed_on[:10]}  {len(one.confirmed)} of {CONFIRMATIONS} confirmed"
        for one in found
    ]
    print_result({"quotations": result}, [*lines, f"{len(found)} quotations"], as_json=as_json)


@quote.command()
@click.argument("quotation_id", metavar="NUMBER")
@_role_option
@click.option("--show", is_flag=True, help="With --json: also the redacted text.")
@workspace_options
def confirm(
    quotation_id: str, role: str, show: bool, directory: Path, passphrase_file: Path | None, as_json: bool
) -> None:
    """Confirm the redacted text of a quotation; two roles, or one role twice with 12 hours between.

    Example:  withheld quote confirm 12 -w ourgroup --role "data officer"
    """
    from anonymize.text import CONFIRMATIONS, confirm_quotation, filed_quotation, text_of

    now = datetime.datetime.now(datetime.UTC)
    with load_workspace(directory).open_vault(passphrase_file) as vault:
        text = text_of(vault, filed_quotation(vault, quotation_id), today=now.date())
        if not as_json:
            click.echo(f"{text}\n")
            if sys.stdin.isatty():
                ask_yes("Nobody can tell from this text who told it. Confirm?")
        confirmed = confirm_quotation(vault, quotation_id, role, now=now)
    result: dict[str, Any] = {"confirmations": len(confirmed.confirmed), "needed": CONFIRMATIONS}
    if show:
        result["text"] = text
    line = f"confirmed: {len(confirmed.confirmed)} of {CONFIRMATIONS}"
    after = (
        f"; `withheld quote export {quotation_id} --role ROLE`"
        if confirmed.ready
        else "; another role confirms it"
    )
    print_result(result, [line + after], as_json=as_json)


@quote.command()
@click.argument("quotation_id", metavar="NUMBER")
@_role_option
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A new file for the text."
)
@workspace_options
def export(
    quotation_id: str,
    role: str,
    output: Path | None,
    directory: Path,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Print or write the redacted text of a quotation that was confirmed twice.

    Example:  withheld quote export 12 -w ourgroup --role editor -o quotation.txt
    """
    from anonymize.text import export_quotation

    if output and output.exists():
        raise UsageError("that file is there already", remedy="name another file")
    now = datetime.datetime.now(datetime.UTC)
    with load_workspace(directory).open_vault(passphrase_file) as vault:
        text = export_quotation(vault, quotation_id, role, now=now)
    if output:
        with new_private_file(output) as file:
            file.write(text + "\n")
    result = {"quotation_id": quotation_id, "written": bool(output)} | ({} if output else {"text": text})
    print_result(result, ["written" if output else Quoted(text)], as_json=as_json)


@quote.command()
@click.argument("quotation_id", metavar="NUMBER")
@_role_option
@workspace_options
def discard(
    quotation_id: str, role: str, directory: Path, passphrase_file: Path | None, as_json: bool
) -> None:
    """Forget a quotation that will not be used.

    Example:  withheld quote discard 12 -w ourgroup --role caseworker
    """
    from anonymize.text import discard_quotation

    now = datetime.datetime.now(datetime.UTC)
    with load_workspace(directory).open_vault(passphrase_file) as vault:
        discard_quotation(vault, quotation_id, role, now=now)
    print_result(
        {"discarded": quotation_id}, ["discarded; the custody log keeps that it was there"], as_json=as_json
    )
