-- title: Distribution of the NPS question
-- title_es: Distribución de la pregunta del NPS
-- question: Which scores stand behind the NPS?
-- chart: bar
-- roles: executive, analyst
-- concepts: promoters, passives, detractors
-- parameters: from date = NULL, to date = NULL, touchpoint text = NULL, segment text = NULL
-- reading: Answers at each score from 0 to 10 and their share of all. Promoters give 9 or 10, detractors 0 to 6. The period is the twelve months up to the last answer unless given (both days included). The same NPS can hide many tens and many zeros, or nothing but eights.
WITH last_answer AS (
  SELECT coalesce($to, CAST(max(responded_at) AS DATE)) AS last_day FROM responses
),
period AS (
  SELECT
    coalesce($from, CAST(last_day + INTERVAL '1 day' - INTERVAL '12 months' AS DATE)) AS first_day,
    CAST(last_day + INTERVAL '1 day' AS DATE) AS until
  FROM last_answer
),
scores AS (
  SELECT nps AS score, count(*) AS n
  FROM responses CROSS JOIN period
  WHERE responded_at >= first_day AND responded_at < until AND nps IS NOT NULL
    AND ($touchpoint IS NULL OR touchpoint = $touchpoint)
    AND ($segment IS NULL OR segment = $segment)
  GROUP BY nps
)
SELECT
  score,
  nps_category(score) AS category,
  n,
  100.0 * n / sum(n) OVER () AS share
FROM scores
ORDER BY score
