-- title: Sources and how fresh they are
-- title_es: Las fuentes y su actualidad
-- question: Does every source still deliver, and how completely?
-- question_es: ¿Siguen llegando datos de todas las fuentes, y llegan completos?
-- chart: table
-- roles: operations, analyst
-- parameters: today date = NULL, from date = NULL, to date = NULL
-- reading: Answers per source, the first and the last, the days from the last one to `today` (the
--    day of the newest answer of all unless given), and the percentage of answers that leave each
--    question blank. All answers unless a period is given (both days included). A row without a
--    source holds the answers that name none. A source may leave a question blank because it
--    never asks it.
-- reading_es: Respuestas por fuente, la primera y la última, los días desde la última hasta
--    `today` (el día de la respuesta más reciente de todas, salvo que se indique) y el porcentaje
--    de respuestas que dejan en blanco cada pregunta. Todas las respuestas, salvo que se indique
--    un periodo (ambos días incluidos). Una fila sin fuente reúne las respuestas que no indican
--    ninguna. Una fuente puede dejar en blanco una pregunta porque nunca la hace.
WITH newest AS (
  SELECT coalesce($today, CAST(max(responded_at) AS DATE)) AS last_day FROM responses
),
sources AS (
  SELECT
    source,
    count(*) AS n,
    min(responded_at) AS first_answer,
    max(responded_at) AS last_answer,
    count(nps) AS nps_n,
    count(csat) AS csat_n,
    count(ces) AS ces_n,
    count(expectation) AS expectation_n,
    count(nullif(trim(comment), '')) AS comment_n
  FROM responses
  WHERE ($from IS NULL OR responded_at >= $from)
    AND ($to IS NULL OR CAST(responded_at AS DATE) <= $to)
  GROUP BY source
)
SELECT
  source,
  n,
  first_answer,
  last_answer,
  CAST(last_day AS INT) - CAST(CAST(last_answer AS DATE) AS INT) AS days_since_last,
  100.0 * (n - nps_n) / n AS nps_blank,
  100.0 * (n - csat_n) / n AS csat_blank,
  100.0 * (n - ces_n) / n AS ces_blank,
  100.0 * (n - expectation_n) / n AS expectation_blank,
  100.0 * (n - comment_n) / n AS comment_blank
FROM sources CROSS JOIN newest
ORDER BY n DESC, source NULLS LAST
