"""Terms that describe what could be: recruitment, changes of a scenario, options, actions."""

from __future__ import annotations

from .term import Term

__all__ = ["ActionState", "ChangeKind", "NeedCause", "OptionKind", "Qualification"]


class Qualification(Term):
    """The diploma that a post asks for, lowest first."""

    NO_DIPLOMA = (
        "no_diploma",
        "Sans diplôme",
        "No diploma",
        "aucun|aucune|sans qualification|sans|non qualifié",
    )
    CAP_BEP = "cap_bep", "CAP ou BEP", "Vocational certificate", "CAP|BEP|niveau 3|CAP/BEP"
    BAC = "bac", "Baccalauréat", "Baccalauréat", "bac pro|niveau 4"
    BAC_2 = "bac_2", "Bac + 2", "Two years of higher education", "BTS|DUT|BUT|niveau 5|bac+2"
    HIGHER = "higher", "Au-delà de bac + 2", "Beyond two years", "licence|master|ingénieur|niveau 6|niveau 7"


class NeedCause(Term):
    """Why an actor recruits."""

    DEPARTURE = "departure", "Départ", "Departure", "retraite|remplacement|départs|départ en retraite"
    GROWTH = "growth", "Croissance", "Growth", "développement|hausse d’activité"
    HARD_TO_FILL = (
        "hard_to_fill",
        "Difficulté à recruter",
        "Hard to fill",
        "tension|métier en tension|pénurie",
    )
    SEASON = "season", "Saison", "Season", "saisonnier|pic d’activité"
    NEW_ACTIVITY = "new_activity", "Activité nouvelle", "New activity", "création|nouvelle activité"
    OTHER = "other", "Autre raison", "Other cause", "autre"


class ChangeKind(Term):
    """One change of a scenario."""

    ADD_ACTIVITY = (
        "add_activity",
        "Créer ou renforcer une activité",
        "Create or extend an activity",
        "créer une activité|nouvelle activité|ajouter une activité|renforcer une activité",
    )
    STOP_ACTOR = "stop_actor", "Arrêter un acteur", "Stop an actor", "arrêt|fermeture|départ d’un acteur"
    ADD_FLOW = (
        "add_flow",
        "Ouvrir ou grossir un flux",
        "Open or enlarge a flow",
        "ajouter un flux|ouvrir un passage|flux supplémentaire|nouveau flux",
    )
    ADD_DEMAND = "add_demand", "Ajouter un débouché", "Add a demand", "achat supplémentaire|nouveau débouché"
    ADD_SUPPLY = "add_supply", "Ajouter un gisement", "Add a supply", "nouveau gisement"
    ADD_COOPERATION = (
        "add_cooperation",
        "Ajouter une coopération",
        "Add a cooperation",
        "nouvelle coopération|coopérer",
    )


class OptionKind(Term):
    """What one may decide or not."""

    ACTIVITY = "activity", "Activité à créer ou à renforcer", "Activity to create or extend", "activité"
    PASSAGE = "passage", "Passage à ouvrir", "Passage to open", "flux|passage|lien"
    POSTS = "posts", "Postes à financer", "Posts to fund", "postes|emplois|poste"
    OTHER = "other", "Autre action", "Other action", "autre|étude|animation"


class ActionState(Term):
    """How far an action has come."""

    PROPOSED = "proposed", "Proposée", "Proposed", "proposé|à décider|projet"
    DECIDED = "decided", "Décidée", "Decided", "décidé|votée|votée en conseil|validée"
    UNDER_WAY = "under_way", "Engagée", "Under way", "en cours|engagé|lancée"
    DONE = "done", "Faite", "Done", "fait|terminée|achevée|réalisée"
    DROPPED = "dropped", "Abandonnée", "Dropped", "abandonné|annulée|reportée"
