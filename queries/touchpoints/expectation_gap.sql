-- title: Touchpoints: what customers lived against what they expected
-- title_es: Puntos de contacto: lo vivido frente a lo esperado
-- question: Where do we fall short of what customers expect?
-- chart: matrix
-- roles: executive, operations, analyst
-- concepts: NPS, CSAT, expectation gap
-- parameters: from date = NULL, to date = NULL, segment text = NULL
-- reading: The gap is satisfaction minus expectation on the scale of 1 to 5, over answers that give both, with its 95 % interval; below zero the touchpoint promises more than it keeps. p is the probability of a gap as large by chance alone. Widest shortfall first. The period is the twelve months up to the last answer unless given (both days included).
WITH last_answer AS (
  SELECT coalesce($to, CAST(max(responded_at) AS DATE)) AS last_day FROM responses
),
period AS (
  SELECT
    coalesce($from, CAST(last_day + INTERVAL '1 day' - INTERVAL '12 months' AS DATE)) AS first_day,
    CAST(last_day + INTERVAL '1 day' AS DATE) AS until
  FROM last_answer
),
touchpoints AS (
  SELECT
    touchpoint,
    count(*) AS n,
    nps(nps) AS nps,
    csat(csat) AS csat,
    expectation_gap(csat, expectation) AS summary
  FROM responses CROSS JOIN period
  WHERE responded_at >= first_day AND responded_at < until
    AND ($segment IS NULL OR segment = $segment)
  GROUP BY touchpoint
)
SELECT
  touchpoint,
  n,
  nps,
  csat,
  summary['gap'] AS gap,
  summary['low'] AS low,
  summary['high'] AS high,
  summary['p'] AS p
FROM touchpoints
ORDER BY gap NULLS LAST, touchpoint
