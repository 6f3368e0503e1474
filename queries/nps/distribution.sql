-- title: Distribution of the NPS question
-- title_es: Distribución de la pregunta del NPS
-- question: Which scores stand behind the NPS?
-- question_es: ¿Qué puntuaciones hay detrás del NPS?
-- chart: bar
-- roles: executive, analyst
-- concepts: promoters, passives, detractors
-- parameters: from date = NULL, to date = NULL, touchpoint text = NULL, segment text = NULL
-- reading: Answers at each score from 0 to 10, also those that nobody gave, and their share of
--    all. Promoters give 9 or 10, detractors 0 to 6. The period is the twelve months up to the
--    last answer unless given (both days included). The same NPS can hide many tens and many
--    zeros, or nothing but eights.
-- reading_es: Respuestas en cada punto de 0 a 10, también los que nadie eligió, y su porcentaje
--    del total. Los promotores dan 9 o 10; los detractores, de 0 a 6. El periodo son los doce
--    meses hasta la última respuesta, salvo que se indique otro (ambos días incluidos). Un mismo
--    NPS puede esconder muchos dieces y muchos ceros, o solo ochos.
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
  SELECT nps AS score, count(*) AS n
  FROM responses CROSS JOIN period
  WHERE responded_at >= first_day AND responded_at < until AND nps IS NOT NULL
    AND ($touchpoint IS NULL OR touchpoint = $touchpoint)
    AND ($segment IS NULL OR segment = $segment)
  GROUP BY nps
),
points AS (
  SELECT value AS score FROM generate_series(0, 10)
),
counted AS (
  SELECT coalesce(points.score, answers.score) AS score, coalesce(answers.n, 0) AS n
  FROM points FULL JOIN answers ON answers.score = points.score
),
shares AS (
  SELECT score, n, sum(n) OVER () AS answered FROM counted
)
SELECT
  CAST(score AS BIGINT) AS score,
  nps_category(score) AS category,
  n,
  100.0 * n / answered AS share
FROM shares
WHERE answered > 0
ORDER BY score
