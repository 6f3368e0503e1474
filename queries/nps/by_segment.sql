-- title: NPS by segment
-- title_es: NPS por segmento
-- question: Which customers recommend us, and which do not?
-- question_es: ¿Qué clientes nos recomiendan y cuáles no?
-- chart: bar
-- roles: executive, operations, analyst
-- concepts: top 5 of segment
-- parameters: from date = NULL, to date = NULL, touchpoint text = NULL
-- reading: NPS of each segment with its 95 % interval and n, highest first: the five segments
--    with most answers; `overview/kpis_by_dimension` shows all. The period is the twelve months
--    up to the last answer unless given (both days included). Segments whose intervals overlap
--    widely may not differ, and who answers differs too.
-- reading_es: NPS de cada segmento con su intervalo del 95 % y su n, de mayor a menor: los cinco
--    segmentos con más respuestas; `overview/kpis_by_dimension` muestra el resto. El periodo son
--    los doce meses hasta la última respuesta, salvo que se indique otro (ambos días incluidos).
--    Los segmentos cuyos intervalos se solapan mucho pueden no diferir, y tampoco responden los
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
segments AS (
  SELECT segment, nps_summary(nps) AS summary
  FROM responses CROSS JOIN period
  WHERE responded_at >= first_day AND responded_at < until
    AND segment IS NOT NULL AND nps IS NOT NULL
    AND ($touchpoint IS NULL OR touchpoint = $touchpoint)
  GROUP BY segment
),
largest AS (
  SELECT segment, summary FROM segments ORDER BY summary['n'] DESC, segment LIMIT 5
)
SELECT
  segment,
  summary['nps'] AS nps,
  summary['low'] AS low,
  summary['high'] AS high,
  summary['n'] AS n
FROM largest
ORDER BY nps DESC, segment
