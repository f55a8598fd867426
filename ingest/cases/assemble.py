"""Put together what the parts of one record say: which acts, requests and consents are whose.

A part that speaks of a person is that person; what stands beside persons holds for all of them (requests: for
the first, who asked). The relationship stays on the link of person and perpetrator (RULES section 0).
"""

from collections.abc import Iterable

from ingest.mapping import Source
from ingest.problems import CONTRADICTION, MISSING

from .case import ActSet, Case, PerpetratorDraft, PersonDraft
from .gather import Gathered, most_careful


def assemble_case(found: Gathered, source: Source) -> Case | tuple[str, str]:
    """Return the case that one record says, or the reason and place why there is none."""
    case = Case(
        incident=found.fields.get("incident", {}),
        source=found.fields.get("source", {}),
        funding=found.fields.get("funding", {}),
        context_event=found.fields.get("context_event", {}),
    )
    if source.is_funding or source.is_context:
        # Months of funding and events that others publish are no cases: nobody is made up for them.
        (entity,) = source.main.block.entities
        return case if getattr(case, entity) else (MISSING.reason, entity)
    shared = PersonDraft()
    loose: list[tuple[Gathered, PersonDraft | None]] = []
    own = _person_of(found) if found.is_person else None
    if own:
        case.persons.append(own)
    else:
        _add(shared, found)
    _descend(found, own, case, loose)
    if not case.persons:
        if not source.implied_person:
            return (MISSING.reason, "persons")
        case.persons.append(PersonDraft(fields=dict(found.fields.get("person", {}))))
    if place := _settle(loose, case, shared):
        return (CONTRADICTION.reason, place)
    _share(shared, case.persons)
    _add_own_perpetrator(found, case)
    return case


def _descend(
    found: Gathered, owner: PersonDraft | None, case: Case, loose: list[tuple[Gathered, PersonDraft | None]]
) -> None:
    for child in found.children:
        if child.is_person:
            person = _person_of(child)
            case.persons.append(person)
            _descend(child, person, case, loose)
        elif child.is_perpetrator and not child.codes.get("act.act_code"):
            relationships = child.codes.get("act.relationship", [])
            case.perpetrators.append(PerpetratorDraft(child.fields.get("perpetrator", {}), relationships))
            _descend(child, owner, case, loose)
        else:
            loose.append((child, owner))
            _descend(child, owner, case, loose)


def _person_of(found: Gathered) -> PersonDraft:
    person = PersonDraft(fields=found.fields.get("person", {}))
    _add(person, found)
    return person


def _add(person: PersonDraft, found: Gathered) -> None:
    """Add what a block says of acts, requests, outcomes and consents to a person."""
    codes = found.codes.get("act.act_code", [])
    relationships = found.codes.get("act.relationship", [])
    fields = found.fields.get("act", {})
    if codes:
        person.act_sets.append(ActSet(codes, relationships, fields, found.links.get("link.perpetrator", 0)))
    person.relationships += [one for one in relationships if one not in person.relationships]
    needs = found.codes.get("request.need", [])
    request = found.fields.get("request", {})
    if needs or request:
        person.requests += [{**request, "need": need} for need in (needs or (None,))]
    if outcome := found.fields.get("outcome"):
        person.outcomes.append(outcome)
    for scope, status in found.consents.items():
        person.consents[scope] = most_careful(status, person.consents.get(scope, status))
    consent = dict(found.fields.get("consent", {}))
    if scope := consent.pop("scope", ""):
        status = consent.pop("consent_status", "unknown")
        person.consents[scope] = most_careful(status, person.consents.get(scope, status))
    for name, value in consent.items():
        person.consent_fields.setdefault(name, value)


def _settle(loose: Iterable[tuple[Gathered, PersonDraft | None]], case: Case, shared: PersonDraft) -> str:
    """Give each loose part to the person it belongs to; return a place where it names nobody."""
    for found, owner in loose:
        number = found.links.get("link.person", 0)
        if number > len(case.persons):
            return "link.person"
        if number:
            owner = case.persons[number - 1]
        _add(owner or shared, found)
    return ""


def _share(shared: PersonDraft, persons: list[PersonDraft]) -> None:
    """Let what stands beside the persons hold for each of them, unless a person's own part says it."""
    persons[0].requests += shared.requests
    for person in persons:
        if not person.act_sets:
            person.act_sets = [
                ActSet(one.codes, person.relationships or one.relationships, one.fields, one.perpetrator)
                for one in shared.act_sets
            ]
        person.relationships = person.relationships or list(shared.relationships)
        person.outcomes = person.outcomes or [dict(outcome) for outcome in shared.outcomes]
        for scope, status in shared.consents.items():
            person.consents[scope] = most_careful(status, person.consents.get(scope, status))
        person.consent_fields = {**shared.consent_fields, **person.consent_fields}


def _add_own_perpetrator(found: Gathered, case: Case) -> None:
    """Take perpetrator columns that stand on the record itself: they describe the first perpetrator."""
    fields = found.fields.get("perpetrator")
    if not fields:
        return
    if case.perpetrators:
        case.perpetrators[0].fields = {**fields, **case.perpetrators[0].fields}
    else:
        case.perpetrators.append(PerpetratorDraft(fields, []))


def join_case(case: Case, other: Case) -> str:
    """Add another row of the same incident; return the field in which the two contradict each other."""
    for name, value in other.incident.items():
        if case.incident.get(name, value) != value:
            return name
    case.incident.update(other.incident)
    for name, value in other.source.items():
        case.source.setdefault(name, value)
    case.persons += other.persons
    case.perpetrators += [one for one in other.perpetrators if one not in case.perpetrators]
    return ""
