-- title: NPS by channel
-- title_es: NPS por canal
-- question: On which channel do we leave a good impression, and on which a bad one?
-- question_es: ¿En qué canal dejamos buena impresión y en cuál mala?
-- chart: bar
-- roles: executive, operations, analyst
-- concepts: top 5 of channel
-- parameters: from date = NULL, to date = NULL, touchpoint text = NULL
-- reading: NPS of each channel with its 95 % interval and n, highest first: the five channels
--    with most answers; `overview/kpis_by_dimension` shows all. The period is the twelve months
--    up to the last answer unless given (both days included). Channels whose intervals overlap
--    widely may not differ, and who answers differs too.
-- reading_es: NPS de cada canal con su intervalo del 95 % y su n, de mayor a menor: los cinco
--    canales con más respuestas; `overview/kpis_by_dimension` muestra el resto. El periodo son
--    los doce meses hasta la última respuesta, salvo que se indique otro (ambos días incluidos).
--    Los canales cuyos intervalos se solapan mucho pueden no diferir, y tampoco responden los
--    mismos clientes en cada caso.
WITH last_answer AS (
  SELECT coalesce($to, CAST(max(responded_at) AS DATE)) AS last_day FROM responses
),
period AS (
  SELECT
    coalesce($from, CAST(last_day + INTERVAL '1 day' - INTERVAL '12 months' AS DATE)) AS first_day,
    CAST(last_day + INTERVAL '1 day' AS DATE) AS until
  FROM last_answer
),
channels AS (
  SELECT channel, nps_summary(nps) AS summary
  FROM responses CROSS JOIN period
  WHERE responded_at >= first_day AND responded_at < until
    AND channel IS NOT NULL AND nps IS NOT NULL
    AND ($touchpoint IS NULL OR touchpoint = $touchpoint)
  GROUP BY channel
),
largest AS (
  SELECT channel, summary FROM channels ORDER BY summary['n'] DESC, channel LIMIT 5
)
SELECT
  channel,
  summary['nps'] AS nps,
  summary['low'] AS low,
  summary['high'] AS high,
  summary['n'] AS n
FROM largest
ORDER BY nps DESC, channel
