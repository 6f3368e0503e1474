-- title: The indicators at a glance
-- title_es: Los indicadores de un vistazo
-- question: Where do we stand, and is it better or worse than in the period before?
-- question_es: ¿Cómo estamos? ¿Vamos mejor o peor que en el periodo anterior?
-- chart: big_number
-- roles: executive, operations, analyst
-- concepts: NPS, CSAT, CES, Churn rate, Response rate
-- parameters: from date = NULL, to date = NULL
-- reading: One row per indicator with its 95 % interval and the number of answers behind it. The
--    period is the twelve months up to the last answer unless given (both days included); the
--    period before is as long and ends where it begins. p is the probability of a change as large by
--    chance alone, and noise says that it is 0.05 or more. Churn rate is the share of those who were customers on the first day who left by the
--    last, response rate that of the invitations sent in the period that were answered; they are
--    blank where the tables hold no leaving dates or no links from invitations to answers.
-- reading_es: Una fila por indicador con su intervalo del 95 % y el número de respuestas en que
--    se apoya. El periodo son los doce meses hasta la última respuesta, salvo que se indique otro
--    (ambos días incluidos); el anterior dura lo mismo y acaba donde este empieza. p es
--    la probabilidad de un cambio así de grande solo por azar, y noise (ruido) indica que es de
--    0,05 o más. La tasa de abandono es el porcentaje de
--    quienes eran clientes el primer día que se fueron hasta el último, y la tasa de respuesta,
--    el de las invitaciones enviadas en el periodo que obtuvieron respuesta; quedan en blanco si
--    las tablas no tienen fechas de abandono o si las invitaciones no enlazan con las respuestas.
WITH last_answer AS (
  SELECT coalesce($to, CAST(max(responded_at) AS DATE)) AS last_day FROM responses
),
limits AS (
  SELECT
    coalesce($from, CAST(last_day + INTERVAL '1 day' - INTERVAL '12 months' AS DATE)) AS first_day,
    CAST(last_day + INTERVAL '1 day' AS DATE) AS until
  FROM last_answer
),
period AS (
  SELECT
    first_day,
    until,
    CAST(2 * CAST(first_day AS INT) - CAST(until AS INT) AS DATE) AS first_before
  FROM limits
),
answers AS (
  SELECT nps, csat, ces, responded_at >= first_day AS is_now
  FROM responses CROSS JOIN period
  WHERE responded_at >= first_before AND responded_at < until
),
scores AS (
  SELECT
    nps_summary(nps) FILTER (WHERE is_now) AS nps_now,
    nps_summary(nps) FILTER (WHERE NOT is_now) AS nps_before,
    csat_summary(csat) FILTER (WHERE is_now) AS csat_now,
    csat_summary(csat) FILTER (WHERE NOT is_now) AS csat_before,
    ces_summary(ces) FILTER (WHERE is_now) AS ces_now,
    mean_summary(ces) FILTER (WHERE is_now) AS effort_now,
    mean_summary(ces) FILTER (WHERE NOT is_now) AS effort_before
  FROM answers
),
members AS (
  SELECT
    joined_on < first_day AND coalesce(churned_on >= first_day, true) AS is_now,
    joined_on < first_before AND coalesce(churned_on >= first_before, true) AS was_before,
    coalesce(churned_on < until, false) AS left_now,
    coalesce(churned_on < first_day, false) AS left_before
  FROM customers CROSS JOIN period
  WHERE (SELECT count(churned_on) FROM customers) > 0
),
churn AS (
  SELECT
    rate_summary(left_now) FILTER (WHERE is_now) AS now,
    rate_summary(left_before) FILTER (WHERE was_before) AS before
  FROM members
),
sent AS (
  SELECT response_id IS NOT NULL AS answered, invited_at >= first_day AS is_now
  FROM invitations CROSS JOIN period
  WHERE invited_at >= first_before AND invited_at < until
    AND (SELECT count(response_id) FROM invitations) > 0
),
response AS (
  SELECT
    rate_summary(answered) FILTER (WHERE is_now) AS now,
    rate_summary(answered) FILTER (WHERE NOT is_now) AS before
  FROM sent
),
cards AS (
  SELECT 1 AS place, 'NPS' AS kpi, 'points' AS unit, nps_now['nps'] AS value,
    nps_now['low'] AS low, nps_now['high'] AS high,
    CAST(nps_now['n'] AS BIGINT) AS n, nps_before['nps'] AS previous,
    (compare_summaries(nps_before, nps_now))['p'] AS p
  FROM scores
  UNION ALL
  SELECT 2, 'CSAT', '%', csat_now['csat'], csat_now['low'], csat_now['high'],
    CAST(csat_now['n'] AS BIGINT), csat_before['csat'],
    (compare_summaries(csat_before, csat_now))['p']
  FROM scores
  UNION ALL
  SELECT 3, 'CES', 'of 7', ces_now['ces'], ces_now['low'], ces_now['high'],
    CAST(ces_now['n'] AS BIGINT), effort_before['mean'],
    (compare_summaries(effort_before, effort_now))['p']
  FROM scores
  UNION ALL
  SELECT 4, 'Churn rate', '%', now['rate'], now['low'], now['high'],
    CAST(now['n'] AS BIGINT), before['rate'],
    (compare_summaries(before, now))['p']
  FROM churn
  UNION ALL
  SELECT 5, 'Response rate', '%', now['rate'], now['low'], now['high'],
    CAST(now['n'] AS BIGINT), before['rate'],
    (compare_summaries(before, now))['p']
  FROM response
)
SELECT kpi, unit, value, low, high, n, previous, value - previous AS change, p,
  p >= 0.05 AS noise
FROM cards
ORDER BY place
