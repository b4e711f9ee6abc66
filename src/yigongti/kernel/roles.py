"""Who acts: the roles that workflows, pages and assignments name."""

from enum import StrEnum


class Role(StrEnum):
    """A part somebody plays.  The value is the identifier everywhere; `label` is what people read."""

    RESIDENT = "resident"
    VILLAGE_DOCTOR = "village_doctor"
    FAMILY_DOCTOR = "family_doctor"
    CLINICIAN = "clinician"
    TECHNICIAN = "technician"
    PHARMACIST = "pharmacist"
    REFERRAL_DESK = "referral_desk"
    MANAGER = "manager"
    INSURER = "insurer"
    BUREAU = "bureau"
    CDC = "cdc"
    AUDITOR = "auditor"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Role.RESIDENT: "居民",
    Role.VILLAGE_DOCTOR: "乡村医生",
    Role.FAMILY_DOCTOR: "家庭医生",
    Role.CLINICIAN: "临床医生",
    Role.TECHNICIAN: "技师",
    Role.PHARMACIST: "药师",
    Role.REFERRAL_DESK: "转诊专员",
    Role.MANAGER: "机构管理者",
    Role.INSURER: "医保经办",
    Role.BUREAU: "卫生健康局",
    Role.CDC: "疾控人员",
    Role.AUDITOR: "审计员",
    Role.ADMIN: "系统管理员",
}

SYSTEM = "system"
"""Who takes the steps that a job takes, such as expiry; nobody logs in as it."""
