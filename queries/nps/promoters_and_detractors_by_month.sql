-- title: Promoters, passives and detractors by month
-- title_es: Promotores, pasivos y detractores por mes
-- question: When the NPS moves, is it promoters won or detractors lost?
-- question_es: Cuando se mueve el NPS, ¿ganamos promotores o perdemos detractores?
-- chart: line
-- roles: executive, analyst
-- concepts: promoters, passives, detractors
-- parameters: from date = NULL, to date = NULL, touchpoint text = NULL, segment text = NULL
-- reading: Shares of the answers of each month that give 9 or 10, 7 or 8, and 0 to 6, each with
--    its 95 % interval; all months unless a period is given (both days included). The three add
--    up to 100 and the NPS is the first minus the third. The same NPS can come from few of both
--    or from many of both.
-- reading_es: Porcentaje de las respuestas de cada mes con 9 o 10, con 7 u 8 y de 0 a 6, cada uno
--    con su intervalo del 95 %; todos los meses, salvo que se indique un periodo (ambos días
--    incluidos). Los tres suman 100 y el NPS es el primero menos el tercero. Un mismo NPS puede
--    salir de pocos de ambos o de muchos de ambos.
WITH months AS (
  SELECT
    CAST(date_trunc('month', responded_at) AS DATE) AS month,
    nps(nps) AS nps,
    rate_summary(nps >= 9) AS promoters,
    rate_summary(nps >= 7 AND nps <= 8) AS passives,
    rate_summary(nps <= 6) AS detractors
  FROM responses
  WHERE responded_at IS NOT NULL AND nps IS NOT NULL
    AND ($from IS NULL OR responded_at >= $from)
    AND ($to IS NULL OR CAST(responded_at AS DATE) <= $to)
    AND ($touchpoint IS NULL OR touchpoint = $touchpoint)
    AND ($segment IS NULL OR segment = $segment)
  GROUP BY CAST(date_trunc('month', responded_at) AS DATE)
)
SELECT
  month,
  promoters['rate'] AS promoters,
  promoters['low'] AS promoters_low,
  promoters['high'] AS promoters_high,
  passives['rate'] AS passives,
  passives['low'] AS passives_low,
  passives['high'] AS passives_high,
  detractors['rate'] AS detractors,
  detractors['low'] AS detractors_low,
  detractors['high'] AS detractors_high,
  promoters['n'] AS n,
  nps
FROM months
ORDER BY month
