"""Shared diagnosis, pharmacy and surveillance."""

from yigongti.capabilities.measure.facts.institutions import WITH_EQUIPMENT, WITH_EXAMS
from yigongti.capabilities.measure.facts.services import (
    EXAMS,
    EXAMS_AFTER_EXAMS,
    INFECTIOUS_REPORTS,
    PRESCRIPTIONS,
)
from yigongti.kernel.indicators import EVERY, SEATS, Indicator

centres = WITH_EXAMS.where(lambda institution: institution.centre)
village_rooms = WITH_EQUIPMENT.where(lambda institution: institution.institution_kind == "village_room")
examined = EXAMS_AFTER_EXAMS.where(lambda exam: ~exam.recognised)
repeated = examined.where(lambda exam: exam.repeated)
recognised = EXAMS_AFTER_EXAMS.where(lambda exam: exam.recognised)
done = EXAMS.where(lambda exam: ~exam.recognised & exam.done_at.notnull())
reviewed = PRESCRIPTIONS.where(lambda prescription: prescription.reviewed)

DIAGNOSIS = (
    Indicator(
        "shared_reading_coverage",
        label="影像或心电中心服务覆盖率", label_en="Coverage of the shared imaging and ECG centres",
        definition="期内至少有一次影像或心电检查由本机构申请、他机构诊断的乡镇卫生院和社区卫生服务中心数 "
        "÷ 乡镇卫生院和社区卫生服务中心数",
        definition_en="Township and community centres with at least one imaging or ECG examination ordered there and "
        "read elsewhere ÷ all of them",
        dimension="diagnosis", unit="ratio", better="higher",
        numerator=centres.where(lambda institution: institution.read_elsewhere).count(), denominator=centres.count(),
        group_by=SEATS, target="measure.target.shared_reading_coverage", source="indicators-2024 指标5",
        serves=("YN-6", "BN-9"),
    ),
    Indicator(
        "village_ecg_coverage",
        label="心电设备村级覆盖率", label_en="Village rooms with a networked ECG",
        definition="配有联网心电设备的村卫生室数 ÷ 村卫生室数",
        definition_en="Village rooms with networked ECG equipment ÷ village rooms",
        dimension="diagnosis", unit="ratio", better="higher",
        numerator=village_rooms.where(lambda institution: institution.networked_ecg).count(),
        denominator=village_rooms.count(),
        group_by=EVERY, source="indicators-2024 指标5", serves=("YN-9",),
    ),
    Indicator(
        "exam_recognition_rate",
        label="检查检验结果互认率", label_en="Recognition rate of examinations",
        definition="互认次数 ÷ (互认次数 + 无理由的重复检查次数)",
        definition_en="Results recognised ÷ (results recognised + examinations repeated without a reason)",
        dimension="diagnosis", unit="ratio", better="higher",
        numerator=recognised.count(), denominator=recognised.count() + repeated.count(),
        group_by=EVERY, source="recognition-2024-37 目标", serves=("BN-14", "CZ-11", "YN-6"),
    ),
    Indicator(
        "repeat_exam_rate",
        label="重复检查率", label_en="Repeat examination rate",
        definition="规定天数内同一居民同一项目再次检查、未互认且未填理由的次数 ÷ 检查次数(互认的除外)",
        definition_en="Examinations of the same item and person within the rule's days, neither recognised nor with a "
        "reason ÷ examinations, recognised ones apart",
        dimension="diagnosis", unit="ratio", better="lower",
        numerator=repeated.count(), denominator=examined.count(),
        group_by=EVERY, source="recognition-2024-37 目标", serves=("BN-14",),
    ),
    Indicator(
        "exam_report_in_time",
        label="检查报告及时率", label_en="Examination reports in time",
        definition="自检查完成起在规定期限内出具报告的检查次数 ÷ 已完成的检查次数",
        definition_en="Examinations reported within the rule's time after they were done ÷ examinations done",
        dimension="diagnosis", unit="ratio", better="higher",
        numerator=done.where(lambda exam: exam.reported_in_time).count(), denominator=done.count(),
        group_by=EVERY, target="measure.target.exam_report_in_time", source="yunnan-2024-17 6", serves=("YN-6", "JD-5"),
    ),
)  # fmt: skip

PHARMACY = (
    Indicator(
        "prescription_review_rate",
        label="处方前置审核率", label_en="Prescription review rate",
        definition="全部药品行均经审核的处方数 ÷ 处方数",
        definition_en="Prescriptions of which every line was reviewed ÷ prescriptions",
        dimension="pharmacy", unit="ratio", better="higher",
        numerator=reviewed.count(), denominator=PRESCRIPTIONS.count(),
        group_by=EVERY, target="measure.target.prescription_review_rate", source="banan-2024-5 7",
        serves=("BN-7", "YN-8"),
    ),
    Indicator(
        "prescription_pass_rate",
        label="处方审核合格率", label_en="Prescription pass rate",
        definition="全部药品行均审核通过的处方数 ÷ 经审核的处方数",
        definition_en="Prescriptions of which every line passed ÷ prescriptions reviewed",
        dimension="pharmacy", unit="ratio", better="higher",
        numerator=reviewed.where(lambda prescription: prescription.passed).count(), denominator=reviewed.count(),
        group_by=EVERY, source="banan-2024-5 7", serves=("BN-7",),
    ),
    Indicator(
        "long_prescription_share",
        label="长期处方占比", label_en="Share of long prescriptions",
        definition="长期处方数 ÷ 处方数",
        definition_en="Long prescriptions ÷ prescriptions",
        dimension="pharmacy", unit="ratio", better="higher",
        numerator=PRESCRIPTIONS.where(lambda prescription: prescription.long_term).count(),
        denominator=PRESCRIPTIONS.count(),
        group_by=EVERY, source="jiading-2020-1 13", serves=("JD-13",),
    ),
)  # fmt: skip

SURVEILLANCE = (
    Indicator(
        "infectious_report_in_time",
        label="传染病报告及时率", label_en="Infectious disease reports in time",
        definition="自诊断起在规定时限内网络直报的报告卡数 ÷ 报告卡数(已删除的除外)",
        definition_en="Reports made within the legal time after diagnosis ÷ reports, deleted ones apart",
        dimension="surveillance", unit="ratio", better="higher",
        numerator=INFECTIOUS_REPORTS.where(lambda report: report.in_time).count(),
        denominator=INFECTIOUS_REPORTS.count(),
        group_by=EVERY, target="measure.target.infectious_report_in_time", source="infectious-reporting 时限",
        serves=("CZ-13", "BN-4"),
    ),
)  # fmt: skip
