-- A synthetic county for the benchmark: every table as the columns that matter, the rest is filled in.
-- i: the number of the row; u(i, k): a number in [0, 1) that belongs to the row; n(): the residents.
-- Institutions 0-4 are hospitals, 5-24 township centres, 25-284 village rooms, 285-289 pharmacies, 290-299 outside.

-- table: place
SELECT 'p' || i AS place_id, n() // 240 AS population,
       CASE WHEN i = 0 THEN 'county' WHEN i <= 20 THEN 'town' WHEN i % 10 < 7 THEN 'village' ELSE 'community' END AS kind,
       CASE WHEN i = 0 THEN NULL WHEN i <= 20 THEN 'p0' ELSE 'p' || (1 + i % 20) END AS parent_id
FROM range(261) t(i);

-- table: institution
SELECT 'i' || i AS institution_id, i < 2 AS is_lead, i < 290 AS in_county, CASE WHEN i < 25 THEN 200 END AS beds,
       CASE WHEN i < 2 THEN 'county_hospital' WHEN i = 2 THEN 'tcm_hospital' WHEN i < 5 THEN 'private_hospital'
            WHEN i < 25 THEN 'township_center' WHEN i < 285 THEN 'village_room' WHEN i < 290 THEN 'retail_pharmacy'
            ELSE 'city_hospital' END AS kind,
       CASE WHEN i < 3 THEN 'secondary' WHEN i < 25 THEN 'primary' WHEN i < 290 THEN 'none' ELSE 'tertiary' END AS level,
       CASE WHEN i < 290 THEN 'c' || (i % 2) END AS consortium_id,
       CASE WHEN i BETWEEN 5 AND 289 THEN 'z' || (i % 6) END AS zone_id,
       CASE WHEN i BETWEEN 25 AND 284 THEN 'i' || (5 + i % 20) END AS parent_id,
       'p' || CASE WHEN i < 5 OR i >= 285 THEN 0 WHEN i < 25 THEN i - 4 ELSE 21 + i % 240 END AS place_id
FROM range(300) t(i);

-- table: staff
SELECT 's' || i AS staff_id, 'i' || (u(i, 3) * u(i, 4) * 290)::INT AS institution_id,
       DATE '2015-01-01' + (u(i, 5) * 4000)::INT AS hired_on,
       ['physician', 'assistant_physician', 'nurse', 'public_health', 'clinical_pharmacist'][1 + (u(i, 6) * 4.99)::INT] AS profession,
       ['none', 'junior', 'attending', 'senior'][1 + floor(u(i, 7) * 4)::INT] AS title,
       CASE WHEN u(i, 8) < 0.02 THEN '精神科' END AS specialty
FROM range(n() // 150) t(i);

-- table: posting
SELECT 'po' || i AS posting_id, 's' || floor(u(i, 1) * (n() // 150))::INT AS staff_id, 'i' || (i % 3) AS from_institution_id,
       'i' || (5 + i % 20) AS to_institution_id, 'long' AS kind, DATE '2025-01-01' + (u(i, 2) * 364)::INT AS start_on
FROM range(400) t(i);

-- table: resident
SELECT 'r' || i AS resident_id, 'male' AS sex, DATE '1930-01-01' + (u(i, 1) * 33000)::INT AS birth_date,
       'p' || (21 + floor(u(i, 2) * 240)::INT) AS place_id, 'resident' AS insured_as, DATE '2015-01-01' AS registered_on,
       CASE WHEN u(i, 3) < 0.3 THEN ['elderly'] ELSE [] END AS key_groups
FROM range(n()) t(i);

-- table: visit
SELECT 'v' || i AS visit_id, 'r' || floor(u(i, 1) * n())::INT AS resident_id,
       'i' || floor(u(i, 3) * u(i, 8) * 300)::INT AS institution_id, DATE '2025-01-01' + floor(u(i, 2) * 365)::INT AS day,
       ['outpatient', 'outpatient', 'outpatient', 'emergency', 'internet', 'circuit', 'checkup'][1 + floor(u(i, 4) * 7)::INT] AS kind,
       ['I10'] AS dx, u(i, 5) < 0.2 AS tcm, 5000 + floor(u(i, 6) * 20000) AS total_fen,
       2000 + floor(u(i, 6) * 10000) AS fund_fen, 3000 + floor(u(i, 6) * 10000) AS self_fen, u(i, 7) < 0.5 AS booked
FROM range(5 * n()) t(i);

-- table: stay
SELECT 'st' || i AS stay_id, 'r' || floor(u(i, 1) * n())::INT AS resident_id,
       'i' || CASE WHEN u(i, 3) < 0.9 THEN floor(u(i, 4) * 25) ELSE 290 + floor(u(i, 4) * 10) END::INT AS institution_id,
       DATE '2025-01-01' + floor(u(i, 2) * 365)::INT AS discharged_on,
       DATE '2025-01-01' + floor(u(i, 2) * 365)::INT - floor(u(i, 5) * 12)::INT AS admitted_on,
       CASE WHEN u(i, 6) < 0.01 THEN '5' ELSE '1' END AS discharge_way, ['I10', 'E11'] AS dx, 60 AS age_years,
       'male' AS sex, 300000 + floor(u(i, 7) * 900000) AS total_fen, 200000 + floor(u(i, 7) * 500000) AS fund_fen,
       100000 + floor(u(i, 7) * 400000) AS self_fen, CASE WHEN u(i, 8) < 0.95 THEN 'resident' ELSE 'none' END AS insured_as,
       CASE WHEN u(i, 9) < 0.2 THEN 'x' END AS referral_id,
       CASE WHEN u(i, 10) < 0.4 THEN 1 + floor(u(i, 11) * 4) END AS operation_level
FROM range(n() * 15 // 100) t(i);

-- table: prescription_line
SELECT 'pr' || (i // 2) AS prescription_id, 1 + i % 2 AS line, 'r' || (i // 6) AS resident_id,
       'i' || floor(u(i // 2, 3) * 290)::INT AS institution_id, DATE '2025-01-01' + ((i // 2) % 365)::INT AS day,
       ['auto_pass', 'auto_pass', 'pharmacist_pass', 'returned', 'none'][1 + floor(u(i, 4) * 5)::INT] AS reviewed,
       ['western', 'western', 'tcm_patent', 'tcm_herbal'][1 + floor(u(i, 5) * 4)::INT] AS kind, u(i, 6) < 0.1 AS long_term
FROM range(3 * n()) t(i);

-- table: exam
SELECT 'x' || i AS exam_id, 'r' || floor(u(i, 1) * n() / 3)::INT AS resident_id,
       ['imaging', 'ecg', 'lab', 'pathology'][1 + floor(u(i, 4) * 4)::INT] AS kind, 'c' || floor(u(i, 4) * 12)::INT AS item_code,
       'i' || floor(u(i, 3) * 290)::INT AS ordered_by, 'i' || (i % 3) AS read_by, instant(i, 2, 0) AS ordered_at,
       instant(i, 2, u(i, 5)) AS done_at, instant(i, 2, u(i, 5) + u(i, 6) * 40) AS reported_at,
       CASE WHEN u(i, 7) < 0.1 THEN 'old' END AS recognised_exam_id
FROM range(n()) t(i);

-- table: measurement
SELECT 'r' || floor(u(i, 1) * n() / 6)::INT * 6 AS resident_id, ['sbp', 'dbp', 'fbg'][1 + i % 3] AS code, instant(i, 2, 0) AS "at",
       CASE i % 3 WHEN 0 THEN 110 + u(i, 5) * 60 WHEN 1 THEN 60 + u(i, 5) * 40 ELSE 4 + u(i, 5) * 6 END AS value
FROM range(n()) t(i);

-- table: contract
SELECT 'co' || i AS contract_id, 'r' || (3 * i) AS resident_id, 'i' || (5 + i % 20) AS institution_id,
       DATE '2025-01-01' - floor(u(i, 4) * 300)::INT AS start_on, DATE '2025-12-31' - floor(u(i, 6) * 300)::INT AS end_on,
       u(i, 5) < 0.1 AS paid
FROM range(n() // 3) t(i);

-- table: enrolment
SELECT 'e' || i AS enrolment_id, 'r' || (6 * i) AS resident_id, 'i' || (5 + i % 20) AS institution_id,
       ['hypertension', 'hypertension', 'diabetes', 'severe_mental_disorder'][1 + floor(u(i, 4) * 4)::INT] AS programme,
       DATE '2020-01-01' AS start_on
FROM range(n() // 6) t(i);

-- table: follow_up
SELECT 'f' || i AS follow_up_id, 'r' || (6 * (i % (n() // 6))) AS resident_id, 'i' || (5 + i % 20) AS institution_id,
       ['hypertension', 'hypertension', 'diabetes', 'severe_mental_disorder'][1 + floor(u(i, 4) * 4)::INT] AS programme,
       DATE '2025-01-01' + floor(u(i, 2) * 365)::INT AS day, 'clinic' AS mode
FROM range(n() // 2) t(i);

-- table: referral
SELECT 'rf' || i AS referral_id, 'r' || floor(u(i, 1) * n() / 6)::INT * 6 AS resident_id,
       CASE WHEN u(i, 4) < 0.7 THEN 'up' ELSE 'down' END AS direction,
       'i' || CASE WHEN u(i, 4) < 0.7 THEN 5 + i % 20 ELSE i % 3 END AS from_institution_id,
       'i' || CASE WHEN u(i, 4) < 0.7 THEN i % 3 ELSE 5 + i % 20 END AS to_institution_id, instant(i, 2, 0) AS sent_at,
       instant(i, 2, u(i, 5) * 40) AS accepted_at, CASE WHEN u(i, 6) < 0.8 THEN instant(i, 2, 40 + u(i, 7) * 400) END AS closed_at,
       u(i, 8) < 0.3 AS reserved
FROM range(n() // 50) t(i);

-- table: death
SELECT 'r' || (7 * i) AS resident_id, DATE '2025-01-01' + floor(u(i, 2) * 365)::INT AS day,
       CASE WHEN u(i, 4) < 0.7 THEN 'I21.9' ELSE 'V01' END AS cause, 30 + floor(u(i, 5) * 60) AS age_years
FROM range(n() // 150) t(i);

-- table: infectious_report
SELECT 'ir' || i AS report_id, '流行性感冒' AS disease, instant(i, 2, 0) AS diagnosed_at, instant(i, 2, u(i, 5) * 30) AS reported_at,
       'i' || floor(u(i, 3) * 290)::INT AS institution_id, 'valid' AS status
FROM range(n() // 100) t(i);

-- table: finance
SELECT 'i' || (i % 290) AS institution_id, '2025-' || lpad((1 + (i // 290) % 12)::VARCHAR, 2, '0') AS month,
       ['income.medical.service', 'income.medical.drug', 'income.subsidy', 'cost.staff', 'cost.material', 'cost.other',
        'cash.balance', 'debt.balance'][1 + i // 3480] AS account, 100000 + floor(u(i, 3) * 9000000) AS amount_fen
FROM range(290 * 12 * 8) t(i);

-- table: payroll
SELECT 's' || (i % (n() // 150)) AS staff_id, '2025-' || lpad((1 + i // (n() // 150))::VARCHAR, 2, '0') AS month,
       'i' || (i % 290) AS institution_id, 500000 + floor(u(i, 3) * 900000) AS amount_fen
FROM range(n() // 150 * 12) t(i);

-- table: equipment
SELECT 'i' || i AS institution_id, 'ecg' AS kind, 1 AS count, u(i, 3) < 0.6 AS networked FROM range(285) t(i);
