-- title: Touchpoints: what customers lived against what they expected
-- title_es: Puntos de contacto: lo vivido frente a lo esperado
-- question: Where do we fall short of what customers expect?
-- question_es: ¿Dónde no llegamos a lo que esperan los clientes?
-- chart: matrix
-- roles: executive, operations, analyst
-- concepts: nps, csat, gap
-- parameters: from date = NULL, to date = NULL, segment text = NULL
-- reading: The gap is satisfaction minus expectation on the scale of 1 to 5, with its 95 %
--    interval, over the answers that give both (pairs); below zero the touchpoint promises more
--    than it keeps. p is the probability of a gap as large by chance alone. Widest shortfall
--    first. The period is the twelve months up to the last answer unless given (both days
--    included).
-- reading_es: La brecha es la satisfacción menos la expectativa en la escala de 1 a 5, con su
--    intervalo del 95 %, sobre las respuestas que dan ambas (pairs); por debajo de cero, el punto
--    de contacto promete más de lo que cumple. p es la probabilidad de una brecha igual de grande
--    solo por azar. Primero, las mayores carencias. El periodo son los doce meses hasta la última
--    respuesta, salvo que se indique otro (ambos días incluidos).
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
  WHERE responded_at >= first_day AND responded_at < until AND touchpoint IS NOT NULL
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
  summary['n'] AS pairs,
  summary['perception'] AS perception,
  summary['expectation'] AS expectation,
  summary['p'] AS p
FROM touchpoints
ORDER BY gap NULLS LAST, touchpoint
