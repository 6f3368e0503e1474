-- title: NPS by month
-- title_es: NPS por mes
-- question: How has the recommendation of our customers moved, and which moves are more than
--    chance?
-- question_es: ¿Cómo ha evolucionado la recomendación de nuestros clientes y qué cambios no se
--    deben al azar?
-- chart: line
-- roles: executive, operations, analyst
-- concepts: nps
-- parameters: from date = NULL, to date = NULL, touchpoint text = NULL, segment text = NULL
-- reading: NPS of the answers of each month with its 95 % interval and n; all months unless a
--    period is given (both days included), which may cut its first and last month. The change is
--    against the month directly before, and p tells how often chance alone makes one as large;
--    from 0.05 on it is noise. Of twenty quiet months one still looks like a change, so wait for
--    a second one before acting.
-- reading_es: NPS de las respuestas de cada mes con su intervalo del 95 % y su n; todos los
--    meses, salvo que se indique un periodo (ambos días incluidos), que puede recortar el primero
--    y el último. El cambio es frente al mes inmediatamente anterior y p indica con qué
--    frecuencia el azar por sí solo produce uno igual de grande; a partir de 0,05 es ruido. De
--    cada veinte meses tranquilos, uno parecerá un cambio: conviene esperar a un segundo antes de
--    actuar.
WITH months AS (
  SELECT
    CAST(date_trunc('month', responded_at) AS DATE) AS month,
    nps_summary(nps) AS summary
  FROM responses
  WHERE responded_at IS NOT NULL
    AND ($from IS NULL OR responded_at >= $from)
    AND ($to IS NULL OR CAST(responded_at AS DATE) <= $to)
    AND ($touchpoint IS NULL OR touchpoint = $touchpoint)
    AND ($segment IS NULL OR segment = $segment)
  GROUP BY CAST(date_trunc('month', responded_at) AS DATE)
),
neighbours AS (
  SELECT
    month,
    summary,
    CASE
      WHEN lag(month) OVER (ORDER BY month) = month - INTERVAL '1 month'
      THEN lag(summary) OVER (ORDER BY month)
    END AS before
  FROM months
),
compared AS (
  SELECT month, summary, before, compare_summaries(before, summary) AS comparison
  FROM neighbours
)
SELECT
  month,
  summary['nps'] AS nps,
  summary['low'] AS low,
  summary['high'] AS high,
  summary['n'] AS n,
  before['nps'] AS previous,
  comparison['difference'] AS change,
  comparison['p'] AS p,
  comparison['p'] >= 0.05 AS noise
FROM compared
ORDER BY month
