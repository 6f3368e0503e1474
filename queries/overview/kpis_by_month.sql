-- title: The indicators by month
-- title_es: Los indicadores por mes
-- question: Do recommendation, satisfaction and effort move together?
-- question_es: ¿Se mueven a la vez la recomendación, la satisfacción y el esfuerzo?
-- chart: matrix
-- roles: executive, operations, analyst
-- parameters: from date = NULL, to date = NULL, touchpoint text = NULL, segment text = NULL
-- reading: NPS (−100 to 100), CSAT (% of 4 and 5 on 1 to 5) and CES (mean on 1 to 7, high is
--    easy), each with its 95 % interval and the answers that gave it. All months unless a period
--    is given (both days included), which may cut its first and last month. The scales differ, so
--    draw each on its own axis; months whose intervals overlap widely may not differ.
-- reading_es: NPS (de −100 a 100), CSAT (% de 4 y 5 en la escala de 1 a 5) y CES (media de 1 a 7;
--    alto es fácil), cada uno con su intervalo del 95 % y las respuestas que lo dan. Todos los
--    meses, salvo que se indique un periodo (ambos días incluidos), que puede recortar el primero
--    y el último. Las escalas difieren, así que cada indicador pide su propio eje; los meses
--    cuyos intervalos se solapan mucho pueden no diferir.
WITH months AS (
  SELECT
    CAST(date_trunc('month', responded_at) AS DATE) AS month,
    count(*) AS answers,
    nps_summary(nps) AS nps,
    csat_summary(csat) AS csat,
    ces_summary(ces) AS ces
  FROM responses
  WHERE responded_at IS NOT NULL
    AND ($from IS NULL OR responded_at >= $from)
    AND ($to IS NULL OR CAST(responded_at AS DATE) <= $to)
    AND ($touchpoint IS NULL OR touchpoint = $touchpoint)
    AND ($segment IS NULL OR segment = $segment)
  GROUP BY CAST(date_trunc('month', responded_at) AS DATE)
)
SELECT
  month,
  answers,
  nps['nps'] AS nps,
  nps['low'] AS nps_low,
  nps['high'] AS nps_high,
  nps['n'] AS nps_n,
  csat['csat'] AS csat,
  csat['low'] AS csat_low,
  csat['high'] AS csat_high,
  csat['n'] AS csat_n,
  ces['ces'] AS ces,
  ces['low'] AS ces_low,
  ces['high'] AS ces_high,
  ces['n'] AS ces_n
FROM months
ORDER BY month
