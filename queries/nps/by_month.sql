-- title: NPS by month
-- title_es: NPS por mes
-- question: How has the recommendation of our customers moved?
-- chart: line
-- roles: executive, operations, analyst
-- concepts: NPS
-- parameters: from date = NULL, to date = NULL, touchpoint text = NULL, segment text = NULL
-- reading: NPS of the answers of each month with its 95 % interval and n; all months unless a period is given (both days included). Months whose intervals overlap widely may not differ.
WITH months AS (
  SELECT
    CAST(date_trunc('month', responded_at) AS DATE) AS month,
    nps_summary(nps) AS summary
  FROM responses
  WHERE ($from IS NULL OR responded_at >= $from)
    AND ($to IS NULL OR CAST(responded_at AS DATE) <= $to)
    AND ($touchpoint IS NULL OR touchpoint = $touchpoint)
    AND ($segment IS NULL OR segment = $segment)
  GROUP BY CAST(date_trunc('month', responded_at) AS DATE)
)
SELECT
  month,
  summary['nps'] AS nps,
  summary['low'] AS low,
  summary['high'] AS high,
  summary['n'] AS n
FROM months
ORDER BY month
