"""Everything that the mission names can be put on record (RULES section 6, one test a line)."""

from collections.abc import Iterator

import pytest

from codebook import FieldType, load_codebook
from tests.vault_factory import new_vault
from vault import Vault

# number, what happened (by role), and how it is coded: entity -> rows of field -> value
SITUATIONS: list[tuple[int, str, dict[str, list[dict[str, object]]]]] = [
    (1, "parents want to 'treat' atheism, beating", {
        "incident": [{"motive": ["religion_belief"], "region": "RU-IN", "place_type": "home"}],
        "act": [
            {"act_code": "assault_minor", "relationship": "father"},
            {"act_code": "conversion_practice", "relationship": "mother"},
            {"act_code": "religious_coercion", "relationship": "mother"},
        ],
    }),
    (2, "medicating her", {"act": [{"act_code": "forced_medication", "method": "pharmacological"}]}),
    (3, "says she will kill herself if she has to return", {"person": [{"suicide_risk": "yes"}]}),
    (4, "relatives found her flat in another city", {
        "incident": [{"place_type": "rented_flat", "region": "RU-SPE"}],
        "act": [{"act_code": "stalking", "relationship": "relative_other"}],
    }),
    (5, "called the police and was detained herself", {
        "incident": [{"place_type": "police"}],
        "act": [
            {"act_code": "detention_police", "relationship": "police"},
            {"act_code": "refusal_protect", "relationship": "police"},
        ],
        "outcome": [{"outcome_status": "detained"}, {"outcome_status": "safe_same_country"}],
    }),
    (6, "held on false accusations from her family", {
        "act": [{"act_code": "false_report", "relationship": "relative_other"}],
        "outcome": [{"justice": "against_person"}],
    }),
    (7, "lawyer and accommodation", {"request": [{"need": "lawyer_urgent"}, {"need": "shelter"}]}),
    (8, "persecution of LGBTQ+ people", {
        "incident": [{"motive": ["sexual_orientation", "gender_identity"], "region": "RU-CE"}],
        "act": [
            {"act_code": code, "relationship": relationship}
            for code, relationship in (
                ("detention_police", "police"), ("torture", "security_service"),
                ("enforced_disappearance", "security_service"), ("outing", "relative_other"),
                ("blackmail", "police"),
            )
        ],
    }),
    (9, "women and girls subject to gender violence", {"incident": [{"motive": ["gender"]}]}),
    (10, "husband beat her and two daughters", {
        "person": [{"sex": "female"}, {"sex": "female", "age": 9}, {"sex": "female", "age": 12}],
        "act": [
            {"act_code": "assault_minor", "relationship": "partner"},
            {"act_code": "assault_minor", "relationship": "father"},
            {"act_code": "assault_minor", "relationship": "father"},
        ],
    }),
    (11, "on trial for sexual acts against a daughter of 15", {
        "person": [{"age": 15}],
        "act": [{"act_code": "sexual_act_child", "relationship": "father"}],
        "outcome": [{"justice": "trial"}],
    }),
    (12, "kidnapped, brought home by deception from abroad", {
        "incident": [{"place_from": "AT", "place_to": "RU-CE"}],
        "act": [{"act_code": "abduction"}, {"act_code": "deceived_return"}],
    }),
    (13, "was going to be forced to marry", {
        "act": [{"act_code": "forced_marriage_planned", "completion": "attempted"}]
    }),
    (14, "monstrous family and living conditions", {
        "act": [{"act_code": code} for code in ("psych_abuse", "economic_control", "confinement_home")]
    }),
    (15, "fled and hides without money, documents, help", {
        "person": [{"displacement": "idp"}],
        "request": [{"need": code} for code in ("cash", "documents", "shelter")],
    }),
    (16, "laptop for an aspiring journalist", {"request": [{"need": "equipment"}]}),
    (17, "ticket to escape from a rapist", {
        "act": [{"act_code": "rape"}], "request": [{"need": "ticket"}],
    }),
    (18, "long-term psychological support", {"request": [{"need": "psych_long"}]}),
    (19, "food for a mother, they want to take her daughter", {
        "person": [{"marital": "separated"}],
        "act": [
            {"act_code": "child_removed", "relationship": "ex_partner", "completion": "threatened"},
            {"act_code": "child_removed", "relationship": "in_law", "completion": "threatened"},
        ],
        "request": [{"need": "food"}],
    }),
    (20, "menstrual pads", {"request": [{"need": "hygiene"}]}),
    (21, "hostel so that she can rest", {"request": [{"need": "hostel"}]}),
    (22, "shoes for a girl who ran in slippers", {"request": [{"need": "clothing"}]}),
    (23, "documents taken, and restored", {
        "act": [{"act_code": "documents_taken"}], "request": [{"need": "documents"}],
    }),
    (24, "tickets and other transport, legal, housing, medical", {
        "request": [
            {"need": code} for code in ("ticket", "transport_other", "legal_consult", "rent", "medical")
        ],
    }),
    (25, "four sisters of one household", {
        "incident": [{"repeated": "yes"}],
        "person": [{"household_id": "one household", "sex": "female"}] * 4,
        "act": [{"act_code": "fgm"}, {"act_code": "assault_minor", "frequency": "repeated"}],
    }),
    (26, "border guards did not let them cross", {
        "incident": [{"place_type": "border"}],
        "act": [{"act_code": "exit_denied", "relationship": "border_guard"}],
    }),
    (27, "parents want to kill them; ask not to be reunited", {
        "incident": [{"motive": ["honour", "escape_attempt"]}],
        "act": [{"act_code": "death_threat", "relationship": "father"}],
        "request": [{"need": "security"}],
        "person": [{"family_contact_refused": "yes"}],
    }),
    (28, "escape to another country", {
        "request": [{"need": "relocation_abroad", "destination": "never published"}],
        "outcome": [{"outcome_status": "safe_abroad"}],
    }),
    (29, "beaten until she bled because they doubted she was religious", {
        "incident": [{"motive": ["religion_belief"]}],
        "act": [
            {"act_code": "assault_serious", "relationship": "mother", "injury": "serious"},
            {"act_code": "assault_serious", "relationship": "brother", "injury": "serious"},
        ],
    }),
    (30, "photos of injuries and videos published", {
        "source": [{"source_material": ["photo", "video"]}],
        "incident": [{"public_exposure": "named"}],
        "request": [{"need": "publicity"}],
    }),
    (31, "collecting evidence so that justice could someday be served", {
        "consent": [{"scope": "justice", "consent_status": "given"}],
        "request": [{"need": "evidence"}],
        "evidence": [{"evidence_sha256": "0" * 64, "bytes": 1024}],
    }),
    (32, "urgent need of donations, requests continue", {
        "request": [{"need": "cash", "urgency": "urgent", "status": "no_funds"}],
    }),
    (33, "small local donations, PayPal from abroad", {
        "funding": [
            {"channel": "domestic", "donor_count": 1200, "amount": 350000.0},
            {"channel": "foreign", "donor_count": 90, "amount": 80000.0},
        ],
    }),
    (34, "foundations gone over time", {
        "funding": [
            {"channel": "foundation", "month": "2021-01-01", "amount": 900000.0, "donor_count": 3},
            {"channel": "foundation", "month": "2024-01-01", "amount": 0.0, "donor_count": 0},
        ],
    }),
]  # fmt: skip


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    with new_vault(tmp_path_factory.mktemp("situations")) as opened:
        yield opened


def test_all_34_situations_are_here():
    assert [number for number, _, _ in SITUATIONS] == list(range(1, 35))


@pytest.mark.parametrize(("number", "happened", "coding"), SITUATIONS, ids=[f"{n}" for n, _, _ in SITUATIONS])
def test_the_situation_is_expressible_and_comes_back_as_it_was_recorded(vault, number, happened, coding):
    book = load_codebook()
    for entity, rows in coding.items():
        key = next(iter(book.entities[entity].fields))
        for row in rows:
            for name, value in row.items():
                field = book.field(f"{entity}.{name}")
                if field.type in (FieldType.CODE, FieldType.CODES):
                    codes = value if isinstance(value, list) else [value]
                    assert set(codes) <= set(book.code_lists[field.code_list].codes), (happened, name)
            identifier = vault.new_id()
            vault.insert(entity, [{key: identifier, **row}])
            (stored,) = vault.rows(entity, f"{key} = ?", [identifier])
            assert {name: stored[name] for name in row} == row
