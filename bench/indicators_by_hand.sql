-- The numerators and denominators of every indicator that goes by month and institution, written out by hand:
-- one scan a table, as a careful analyst would.  Views carry the names of the fact tables, the year is 2025.

CREATE OR REPLACE TEMP TABLE about AS
SELECT institution_id AS institution, kind, level, parent_id, is_lead, in_county,
       kind IN ('township_center', 'community_center', 'community_station', 'village_room', 'clinic') AS base
FROM institution;

-- result: visits
SELECT date_trunc('month', day) AS month, institution_id AS institution,
       count(*) FILTER (in_county) AS visits,
       count(*) FILTER (in_county AND v.kind = 'internet') AS internet_visits,
       count(*) FILTER (in_county AND v.kind = 'outpatient') AS outpatient_visits,
       count(*) FILTER (in_county AND v.kind = 'outpatient' AND booked) AS booked_visits,
       sum(total_fen) FILTER (in_county AND v.kind IN ('outpatient', 'emergency')) AS visit_fen,
       count(*) FILTER (in_county AND v.kind IN ('outpatient', 'emergency')) AS paid_visits,
       count(*) FILTER (in_county AND a.kind <> 'village_room') AS doctors_visits,
       count(*) FILTER (in_county AND tcm) AS tcm_visits,
       count(*) FILTER (in_county AND tcm AND a.kind = 'township_center') AS township_tcm_visits,
       count(*) FILTER (in_county AND a.kind = 'township_center') AS township_visits
FROM visit v JOIN about a ON a.institution = v.institution_id
WHERE day BETWEEN DATE '2025-01-01' AND DATE '2025-12-31' AND a.kind <> 'retail_pharmacy'
GROUP BY ALL;

-- result: contracted_visits
SELECT date_trunc('month', v.day) AS month, c.institution_id AS institution, count(*) AS contracted_visits,
       count(*) FILTER (v.institution_id = c.institution_id OR a.parent_id = c.institution_id
                        OR b.parent_id = v.institution_id OR a.parent_id = b.parent_id) AS team_visits
FROM visit v
JOIN about a ON a.institution = v.institution_id AND a.base AND a.in_county
JOIN contract c ON c.resident_id = v.resident_id AND v.day BETWEEN c.start_on AND c.end_on
JOIN about b ON b.institution = c.institution_id
WHERE v.day BETWEEN DATE '2025-01-01' AND DATE '2025-12-31'
GROUP BY ALL;

-- result: stays
SELECT date_trunc('month', discharged_on) AS month, institution_id AS institution,
       count(*) FILTER (in_county) AS stays,
       count(*) FILTER (in_county AND insured_as <> 'none') AS insured_stays,
       sum(total_fen) FILTER (in_county AND insured_as <> 'none') AS insured_fen,
       sum(fund_fen) FILTER (in_county AND insured_as <> 'none') AS fund_fen,
       sum(self_fen) FILTER (in_county AND insured_as <> 'none') AS self_fen,
       sum(greatest(discharged_on - admitted_on, 1)) FILTER (in_county) AS bed_days,
       count(*) FILTER (in_county AND discharge_way = '5') AS deaths,
       count(*) FILTER (in_county AND is_lead AND operation_level >= 1) AS operations,
       count(*) FILTER (in_county AND is_lead AND operation_level >= 3) AS high_operations
FROM stay JOIN about a ON a.institution = institution_id
WHERE discharged_on BETWEEN DATE '2025-01-01' AND DATE '2025-12-31'
GROUP BY ALL;

-- result: readmissions
SELECT date_trunc('month', discharged_on) AS month, institution, count(*) AS stays,
       count(*) FILTER (admitted_on - before BETWEEN 0 AND 30) AS readmissions
FROM (SELECT admitted_on, discharged_on, institution_id AS institution,
             lag(discharged_on) OVER (PARTITION BY resident_id ORDER BY admitted_on, discharged_on, stay_id) AS before
      FROM stay JOIN about a ON a.institution = institution_id
      WHERE in_county AND admitted_on <= DATE '2025-12-31')
WHERE discharged_on BETWEEN DATE '2025-01-01' AND DATE '2025-12-31'
GROUP BY ALL;

-- result: prescriptions
SELECT month, institution, count(*) AS prescriptions, count(*) FILTER (reviewed) AS reviewed,
       count(*) FILTER (reviewed AND passed) AS passed, count(*) FILTER (long_term) AS long_term,
       count(*) FILTER (kind = 'tcm_hospital') AS at_tcm, count(*) FILTER (kind = 'tcm_hospital' AND tcm) AS tcm
FROM (SELECT date_trunc('month', day) AS month, institution_id AS institution, prescription_id,
             bool_and(reviewed <> 'none') AS reviewed, bool_and(reviewed IN ('auto_pass', 'pharmacist_pass')) AS passed,
             bool_or(long_term) AS long_term, bool_or(kind IN ('tcm_patent', 'tcm_herbal')) AS tcm
      FROM prescription_line WHERE day BETWEEN DATE '2025-01-01' AND DATE '2025-12-31' GROUP BY ALL)
JOIN about a USING (institution)
GROUP BY ALL;

-- result: exams
SELECT date_trunc('month', ordered_at::DATE) AS month, ordered_by AS institution,
       count(*) FILTER (recognised_exam_id IS NULL AND done_at IS NOT NULL) AS done,
       count(*) FILTER (recognised_exam_id IS NULL AND done_at IS NOT NULL AND reported_at - coalesce(done_at, ordered_at)
                        <= INTERVAL 1 HOUR * CASE kind WHEN 'ecg' THEN 2 WHEN 'pathology' THEN 120 ELSE 24 END) AS in_time
FROM exam WHERE ordered_at::DATE BETWEEN DATE '2025-01-01' AND DATE '2025-12-31'
GROUP BY ALL;

-- result: repeats
SELECT date_trunc('month', ordered_on) AS month, ordered_by AS institution,
       count(*) FILTER (recognised) AS recognised, count(*) FILTER (NOT recognised) AS examined,
       count(*) FILTER (NOT recognised AND repeat_reason IS NULL AND ordered_on - before
                        <= CASE kind WHEN 'imaging' THEN 30 WHEN 'pathology' THEN 90 ELSE 7 END) AS repeated
FROM (SELECT kind, ordered_by, repeat_reason, ordered_on, recognised,
             lag(ordered_on) OVER (PARTITION BY resident_id, item_code, recognised ORDER BY ordered_at, exam_id) AS before
      FROM (SELECT *, ordered_at::DATE AS ordered_on, recognised_exam_id IS NOT NULL AS recognised FROM exam))
WHERE ordered_on BETWEEN DATE '2025-01-01' AND DATE '2025-12-31'
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE months AS
SELECT last_day(first) AS as_of, first AS month FROM (
    SELECT unnest(generate_series(DATE '2025-01-01', DATE '2025-12-01', INTERVAL 1 MONTH))::DATE AS first);

-- result: contracts
SELECT month, institution_id AS institution, count(*) AS contracts, count(*) FILTER (paid) AS paid
FROM contract JOIN months ON start_on <= as_of AND end_on >= as_of
GROUP BY ALL;

-- result: contracts_ended
SELECT date_trunc('month', c.end_on) AS month, c.institution_id AS institution, count(*) AS ended,
       count(*) FILTER (EXISTS (SELECT 1 FROM contract d WHERE d.resident_id = c.resident_id
                                AND d.start_on > c.start_on AND d.start_on <= c.end_on + 90)) AS renewed
FROM contract c WHERE c.end_on BETWEEN DATE '2025-01-01' AND DATE '2025-12-31'
GROUP BY ALL;

-- result: referrals_sent
SELECT date_trunc('month', sent_at::DATE) AS month, from_institution_id AS institution, count(*) AS sent,
       count(*) FILTER (closed_at IS NOT NULL) AS closed, count(*) FILTER (direction = 'up') AS up,
       count(*) FILTER (direction = 'up' AND reserved) AS reserved
FROM referral GROUP BY ALL;

-- result: referrals_received
SELECT date_trunc('month', sent_at::DATE) AS month, to_institution_id AS institution, count(*) AS received,
       count(*) FILTER (accepted_at - sent_at <= INTERVAL 24 HOUR) AS accepted_in_time,
       count(*) FILTER (accepted_at IS NOT NULL) AS accepted,
       count(*) FILTER (accepted_at IS NOT NULL AND arrived_at IS NOT NULL) AS arrived
FROM referral GROUP BY ALL;

-- result: referrals_of_hospitals
SELECT date_trunc('month', sent_at::DATE) AS month,
       CASE direction WHEN 'up' THEN to_institution_id ELSE from_institution_id END AS institution,
       count(*) FILTER (direction = 'down') AS down, count(*) FILTER (direction = 'up') AS up
FROM referral GROUP BY ALL;

-- result: referrals_down
SELECT date_trunc('month', sent_at::DATE) AS month, to_institution_id AS institution, count(*) AS down,
       count(*) FILTER (EXISTS (SELECT 1 FROM follow_up f WHERE f.resident_id = r.resident_id
                                AND f.day - r.sent_at::DATE BETWEEN 0 AND 3)) AS followed_up
FROM referral r WHERE direction = 'down' GROUP BY ALL;

-- result: institutions
SELECT month, i.institution_id AS institution, sum(beds * day(as_of)) AS bed_days,
       sum(beds) FILTER (NOT base) AS hospital_beds, count(*) FILTER (a.kind = 'village_room') AS rooms,
       count(*) FILTER (a.kind = 'village_room' AND e.institution_id IS NOT NULL) AS rooms_with_ecg,
       count(*) FILTER (a.kind = 'township_center') AS townships,
       count(*) FILTER (a.kind = 'township_center' AND EXISTS (
           SELECT 1 FROM posting p JOIN staff s USING (staff_id) JOIN about h ON h.institution = s.institution_id
           WHERE p.to_institution_id = i.institution_id AND p.kind = 'long' AND s.profession = 'physician'
             AND s.title IN ('attending', 'associate_senior', 'senior') AND h.level IN ('tertiary', 'secondary')
             AND p.start_on <= as_of AND (p.end_on IS NULL OR p.end_on >= as_of))) AS townships_with_senior
FROM institution i JOIN about a ON a.institution = i.institution_id CROSS JOIN months
LEFT JOIN (SELECT DISTINCT institution_id FROM equipment WHERE kind = 'ecg' AND networked AND count > 0) e
       ON e.institution_id = i.institution_id
WHERE i.in_county
GROUP BY ALL;

-- result: staff
SELECT month, institution_id AS institution,
       sum(day(as_of)) FILTER (profession IN ('physician', 'assistant_physician') AND a.kind <> 'village_room') AS doctor_days,
       count(*) FILTER (profession = 'clinical_pharmacist' AND NOT base) AS pharmacists
FROM staff JOIN about a ON a.institution = institution_id
JOIN months ON hired_on <= as_of AND (left_on IS NULL OR left_on >= as_of)
WHERE in_county
GROUP BY ALL;

-- result: payroll
SELECT month, p.institution_id AS institution, sum(amount_fen) AS fen, count(DISTINCT staff_id) AS people,
       sum(amount_fen) FILTER (profession = 'public_health') AS public_health_fen,
       count(DISTINCT staff_id) FILTER (profession = 'public_health') AS public_health_people
FROM payroll p LEFT JOIN staff s USING (staff_id)
GROUP BY ALL;

-- result: finance
SELECT month, institution_id AS institution,
       sum(amount_fen) FILTER (starts_with(account, 'income.')) AS income,
       sum(amount_fen) FILTER (starts_with(account, 'income.medical.')) AS medical_income,
       sum(amount_fen) FILTER (account = 'income.medical.service') AS service_income,
       sum(amount_fen) FILTER (account = 'income.medical.drug') AS drug_income,
       sum(amount_fen) FILTER (starts_with(account, 'cost.')) AS cost,
       sum(amount_fen) FILTER (account = 'cost.staff') AS staff_cost,
       sum(amount_fen) FILTER (account = 'cost.material') AS material_cost,
       sum(amount_fen) FILTER (account = 'cash.balance') AS cash,
       sum(amount_fen) FILTER (account = 'debt.balance') AS debt,
       count(*) FILTER (starts_with(account, 'cost.')) AS costs
FROM finance GROUP BY ALL;

-- result: reports
SELECT date_trunc('month', diagnosed_at::DATE) AS month, institution_id AS institution, count(*) AS reports,
       count(*) FILTER (reported_at - diagnosed_at
                        <= INTERVAL 1 HOUR * CASE WHEN disease IN ('鼠疫', '霍乱', '传染性非典型肺炎', '肺炭疽', '脊髓灰质炎')
                                THEN 2 ELSE 24 END) AS in_time
FROM infectious_report WHERE status <> 'deleted'
GROUP BY ALL;
