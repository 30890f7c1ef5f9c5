"""The oyster reef of Dame and Patten (1981), kcal per m² and year, as the R package enaR gives it.

Dame, R. F., Patten, B. C. (1981), « Analysis of energy flows in an intertidal oyster reef », read through
enaR (github.com/SEELab/enaR, commit a1aca6b), whose vignette prints the indices on pages 22 to 24 and 38.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from chaine_valeur.analysis.flows.circularity.matrix import FlowMatrix

NODES = [
    # compartment, input, export, respiration
    ("Filter Feeders", 41.47, 0.0, 25.165),
    ("Microbiota", 0.0, 0.0, 5.76),
    ("Meiofauna", 0.0, 0.0, 3.5794),
    ("Deposit Feeders", 0.0, 0.0, 0.4303),
    ("Predators", 0.0, 0.0, 0.3594),
    ("Deposited Detritus", 0.0, 0.0, 6.1759),
]
FLOWS = [
    ("Filter Feeders", "Predators", 0.5135),
    ("Filter Feeders", "Deposited Detritus", 15.791),
    ("Microbiota", "Meiofauna", 1.206),
    ("Microbiota", "Deposit Feeders", 1.206),
    ("Meiofauna", "Deposit Feeders", 0.6609),
    ("Meiofauna", "Deposited Detritus", 4.2403),
    ("Deposit Feeders", "Predators", 0.1721),
    ("Deposit Feeders", "Deposited Detritus", 1.9076),
    ("Predators", "Deposited Detritus", 0.3262),
    ("Deposited Detritus", "Microbiota", 8.1721),
    ("Deposited Detritus", "Meiofauna", 7.2745),
    ("Deposited Detritus", "Deposit Feeders", 0.6431),
]
#: As the vignette prints them, and as enaR 3.1.0 computes them (to 1e-6 relative).
PRINTED = {
    "TST": 83.5833, "TSTp": 125.0533, "FCI": 0.1101686, "APL": 2.015512, "AMI": 1.330211, "H": 3.018275,
    "ascendency": 166.3473, "capacity": 377.4452, "overhead": 211.0979, "ratio": 0.4407191,
    "robustness": 0.3611021,
}  # fmt: skip
COMPUTED = {
    "TST": 83.5833, "TSTp": 125.0533, "FCI": 0.11016860881324611, "APL": 2.0155124186158666,
    "AMI": 1.3302111713636626, "H": 3.0182746164230063, "ascendency": 166.34729667589153,
    "capacity": 377.4452010899312, "overhead": 211.09790441403965, "ratio": 0.44071906649107756,
    "robustness": 0.361102128779941,
}  # fmt: skip


def frame() -> pd.DataFrame:
    names = [row[0] for row in NODES]
    found = pd.DataFrame(0.0, index=names, columns=names)
    for source, target, value in FLOWS:
        found.loc[source, target] = value
    return found


def reef() -> FlowMatrix:
    _, inputs, exports, respiration = zip(*NODES, strict=True)
    return FlowMatrix(
        frame(), inputs=np.array(inputs), exports=np.array(exports), losses=np.array(respiration)
    )
