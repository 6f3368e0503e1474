-- title: NPS by segment
-- title_es: NPS por segmento
-- question: Which customers recommend us, and which do not?
-- chart: bar
-- roles: executive, operations, analyst
-- concepts: top 5 of segment
-- parameters: from date = NULL, to date = NULL, touchpoint text = NULL
-- reading: NPS of each segment with its 95 % interval and n, highest first. The period is the twelve months up to the last answer unless given (both days included). Segments whose intervals overlap widely may not differ.
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
    AND ($touchpoint IS NULL OR touchpoint = $touchpoint)
  GROUP BY segment
)
SELECT
  segment,
  summary['nps'] AS nps,
  summary['low'] AS low,
  summary['high'] AS high,
  summary['n'] AS n
FROM segments
ORDER BY nps DESC NULLS LAST, segment
