"""What is true between the units that `units` counts, and so known to every reader of the methods page."""

from .tables import NotMore

SEXUAL_TYPES = ("rape", "sexual_assault")
COMPARISONS: tuple[NotMore, ...] = (
    # An incident without a counted person is not counted.
    NotMore("incidents", "persons", "period"),
    # A person stands in at least one group of acts and one motive ('other', 'unknown'), in each at most once.
    NotMore("persons", "acts", "period"),
    NotMore("acts", "persons", "period", each="act_group"),
    NotMore("persons", "motives", "period"),
    NotMore("motives", "persons", "period", each="motive"),
    NotMore("contexts", "persons", "period", each="gbv_context"),
    # Contexts of sexual violence: the type is the gravest act, and sexual acts are the gravest.
    NotMore(
        "contexts",
        "persons",
        "period",
        each="gbv_context",
        only=("possible_sexual_exploitation", "possible_sexual_slavery"),
        summed="gbv_type",
        over=SEXUAL_TYPES,
    ),
    # What the codebook derives of acts: early marriage is a forced marriage, abuse of a child a sexual act.
    NotMore("contexts", "acts", "period", "gbv_context", ("early_marriage",), "act_group", ("family",)),
    NotMore(
        "contexts", "persons", "period", "gbv_context", ("child_sexual_abuse",), "gbv_type", SEXUAL_TYPES
    ),
    NotMore("persons", "acts", "period", "gbv_type", SEXUAL_TYPES, "act_group", ("sexual",)),
    NotMore("persons", "acts", "period", "gbv_type", ("forced_marriage",), "act_group", ("family",)),
    # A person in a group of acts has at least one kind of perpetrator there, and each kind at most once.
    NotMore("acts", "acts_by_actor", "act_group"),
    NotMore("acts_by_actor", "acts", "act_group", each="actor_type"),
)

# Not everybody stands in a context of the list: shares are those of all persons, dated alike.
EVERYBODY = {"contexts": "persons"}

# Dated by the incident, like the persons in it: the persons who changed decide whether a period is quiet.
MEASURED_IN = dict.fromkeys(("incidents", "acts", "contexts", "motives"), "persons")
