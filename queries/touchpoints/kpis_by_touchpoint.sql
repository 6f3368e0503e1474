-- title: Touchpoints: NPS, satisfaction and effort
-- title_es: Puntos de contacto: NPS, satisfacción y esfuerzo
-- question: At which touchpoints do customers leave content, and where do we make it hard for
--    them?
-- question_es: ¿En qué puntos de contacto salen contentos los clientes y en cuáles se lo ponemos
--    difícil?
-- chart: matrix
-- roles: executive, operations, analyst
-- parameters: from date = NULL, to date = NULL, channel text = NULL, segment text = NULL, region
--    text = NULL
-- reading: NPS (−100 to 100), CSAT (% of 4 and 5 on 1 to 5) and CES (mean on 1 to 7, high is
--    easy), each with its 95 % interval and the answers that gave it. The touchpoint with most
--    answers comes first. The period is the twelve months up to the last answer unless given
--    (both days included). An indicator that was not asked at a touchpoint is blank.
-- reading_es: NPS (de −100 a 100), CSAT (% de 4 y 5 en la escala de 1 a 5) y CES (media de 1 a 7;
--    alto es fácil), cada uno con su intervalo del 95 % y las respuestas que lo dan. Primero va
--    el punto de contacto con más respuestas. El periodo son los doce meses hasta la última
--    respuesta, salvo que se indique otro (ambos días incluidos). Un indicador que no se pregunta
--    en un punto de contacto queda en blanco.
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
    count(*) AS answers,
    nps_summary(nps) AS nps,
    csat_summary(csat) AS csat,
    ces_summary(ces) AS ces
  FROM responses CROSS JOIN period
  WHERE responded_at >= first_day AND responded_at < until AND touchpoint IS NOT NULL
    AND ($channel IS NULL OR channel = $channel)
    AND ($segment IS NULL OR segment = $segment)
    AND ($region IS NULL OR region = $region)
  GROUP BY touchpoint
)
SELECT
  touchpoint,
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
FROM touchpoints
ORDER BY answers DESC, touchpoint
