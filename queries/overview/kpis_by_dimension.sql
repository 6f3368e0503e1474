-- title: The indicators by segment, channel, region or touchpoint
-- title_es: Los indicadores por segmento, canal, región o punto de contacto
-- question: Where do the indicators differ, and by how much?
-- question_es: ¿Dónde difieren los indicadores y en cuánto?
-- chart: matrix
-- roles: executive, operations, analyst
-- parameters: by touchpoint|channel|segment|region = segment, from date = NULL, to date = NULL,
--    touchpoint text = NULL
-- reading: By segment, or by what `by` names: touchpoint, channel, segment or region. NPS (−100
--    to 100), CSAT (% of 4 and 5 on 1 to 5) and CES (mean on 1 to 7, high is easy), each with its
--    95 % interval and the answers that gave it. The period is the twelve months up to the last
--    answer unless given (both days included). Answers that name none are left out.
-- reading_es: Por segmento, o por lo que indique `by`: touchpoint, channel, segment o region. NPS
--    (de −100 a 100), CSAT (% de 4 y 5 en la escala de 1 a 5) y CES (media de 1 a 7; alto es
--    fácil), cada uno con su intervalo del 95 % y las respuestas que lo dan. El periodo son los
--    doce meses hasta la última respuesta, salvo que se indique otro (ambos días incluidos). Las
--    respuestas que no lo indican quedan fuera.
WITH last_answer AS (
  SELECT coalesce($to, CAST(max(responded_at) AS DATE)) AS last_day FROM responses
),
period AS (
  SELECT
    coalesce($from, CAST(last_day + INTERVAL '1 day' - INTERVAL '12 months' AS DATE)) AS first_day,
    CAST(last_day + INTERVAL '1 day' AS DATE) AS until
  FROM last_answer
),
answers AS (
  SELECT
    CASE $by
      WHEN 'touchpoint' THEN touchpoint
      WHEN 'channel' THEN channel
      WHEN 'segment' THEN segment
      WHEN 'region' THEN region
    END AS name,
    nps, csat, ces
  FROM responses CROSS JOIN period
  WHERE responded_at >= first_day AND responded_at < until
    AND ($touchpoint IS NULL OR touchpoint = $touchpoint)
),
parts AS (
  SELECT
    name,
    count(*) AS answers,
    nps_summary(nps) AS nps,
    csat_summary(csat) AS csat,
    ces_summary(ces) AS ces
  FROM answers
  WHERE name IS NOT NULL
  GROUP BY name
)
SELECT
  name,
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
FROM parts
ORDER BY answers DESC, name
