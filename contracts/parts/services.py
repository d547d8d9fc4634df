"""The services that meet a child, by the names the review and flows.md give them."""

from enum import StrEnum


class Service(StrEnum):
    """A kind of team that publishes or is told."""

    __hash__ = str.__hash__
    """As the text it is: an enum's own hash is a Python call, and teams are looked up by service all day."""

    HV = "HV"
    SN = "SN"
    GP = "GP"
    MASH = "MASH"
    PLN = "PLN"
    MID = "MID"
    FNP = "FNP"
    RY = "RY"
    SWITCH = "SWITCH"
    ASM = "ASM"
    CAMHS = "CAMHS"
    AMH = "AMH"
    CASH = "CASH"
    WARD = "WARD"
    ED = "ED"
    LACT = "LACT"
    CSC = "CSC"
    NN = "NN"
    DART = "DART"
    YPSE = "YPSE"
    IRO = "IRO"
    CLINIC = "CLINIC"
    PHARMACY = "PHARMACY"
    PDS = "PDS"
    DESK = "DESK"

    @property
    def words(self) -> str:
        """The service as a sentence names it."""
        return _WORDS[self]


_WORDS = {
    Service.HV: "health visiting team",
    Service.SN: "school nursing team",
    Service.GP: "GP practice",
    Service.MASH: "MASH health nurse",
    Service.PLN: "paediatric liaison nurse",
    Service.MID: "midwifery",
    Service.FNP: "family nurse partnership",
    Service.RY: "Respect Yourself teenage parenting",
    Service.SWITCH: "Switch (children's substance misuse)",
    Service.ASM: "adult substance misuse service",
    Service.CAMHS: "CAMHS",
    Service.AMH: "adult mental health",
    Service.CASH: "contraception and sexual health",
    Service.WARD: "paediatric ward",
    Service.ED: "emergency department",
    Service.LACT: "looked-after children health team",
    Service.CSC: "children's social care",
    Service.NN: "named nurse (safeguarding team)",
    Service.DART: "domestic abuse response team",
    Service.YPSE: "young people at risk of sexual exploitation panel",
    Service.IRO: "independent reviewing officer",
    Service.CLINIC: "clinic",
    Service.PHARMACY: "pharmacy",
    Service.PDS: "national demographics feed",
    Service.DESK: "Sharewell desk (records and routing)",
}
