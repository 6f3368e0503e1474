-- title: Blanks, scores off the scale and duplicates
-- title_es: Respuestas en blanco, puntuaciones fuera de escala y duplicados
-- question: Can the answers be trusted as they came?
-- question_es: ¿Podemos fiarnos de las respuestas tal como llegaron?
-- chart: table
-- roles: operations, analyst
-- parameters: from date = NULL, to date = NULL, source text = NULL
-- reading: One row for the key and one for each rating, over all answers unless a period is given
--    (both days included): how many are blank, and how many are off the scale: beyond its ends,
--    not whole, or no number at all. Lowest and highest are the extremes among the numbers.
--    Duplicates are rows beyond the first with the same response_id. The indicators refuse a
--    score off the scale rather than guess, so mend or blank it on import.
-- reading_es: Una fila para la clave y una para cada valoración, sobre todas las respuestas salvo
--    que se indique un periodo (ambos días incluidos): cuántas están en blanco y cuántas fuera de
--    escala, es decir, más allá de sus extremos, no enteras o que ni siquiera son un número.
--    Lowest y highest son los extremos entre los números. Los duplicados son las filas que
--    repiten un response_id ya visto. Los indicadores rechazan una puntuación fuera de escala en
--    vez de adivinar, así que hay que corregirla o vaciarla al importar.
WITH read AS (
  SELECT
    response_id,
    nullif(trim(CAST(nps AS VARCHAR)), '') AS nps_text,
    TRY_CAST(trim(CAST(nps AS VARCHAR)) AS DOUBLE) AS nps_score,
    nullif(trim(CAST(csat AS VARCHAR)), '') AS csat_text,
    TRY_CAST(trim(CAST(csat AS VARCHAR)) AS DOUBLE) AS csat_score,
    nullif(trim(CAST(ces AS VARCHAR)), '') AS ces_text,
    TRY_CAST(trim(CAST(ces AS VARCHAR)) AS DOUBLE) AS ces_score,
    nullif(trim(CAST(expectation AS VARCHAR)), '') AS expectation_text,
    TRY_CAST(trim(CAST(expectation AS VARCHAR)) AS DOUBLE) AS expectation_score
  FROM responses
  WHERE ($from IS NULL OR responded_at >= $from)
    AND ($to IS NULL OR CAST(responded_at AS DATE) <= $to)
    AND ($source IS NULL OR source = $source)
),
checks AS (
  SELECT
    1 AS place, 'response_id' AS field, CAST(NULL AS BIGINT) AS scale_from,
    CAST(NULL AS BIGINT) AS scale_to, count(*) AS rows, count(response_id) AS filled,
    CAST(NULL AS BIGINT) AS off_scale, CAST(NULL AS DOUBLE) AS lowest,
    CAST(NULL AS DOUBLE) AS highest,
    count(response_id) - count(DISTINCT response_id) AS duplicates
  FROM read
  UNION ALL
  SELECT
    2, 'nps', 0, 10, count(*), count(nps_text),
    count(*) FILTER (
      WHERE nps_text IS NOT NULL AND coalesce(
        nps_score < 0 OR nps_score > 10 OR nps_score <> floor(nps_score), true
      )
    ),
    min(nps_score), max(nps_score), CAST(NULL AS BIGINT)
  FROM read
  UNION ALL
  SELECT
    3, 'csat', 1, 5, count(*), count(csat_text),
    count(*) FILTER (
      WHERE csat_text IS NOT NULL AND coalesce(
        csat_score < 1 OR csat_score > 5 OR csat_score <> floor(csat_score), true
      )
    ),
    min(csat_score), max(csat_score), CAST(NULL AS BIGINT)
  FROM read
  UNION ALL
  SELECT
    4, 'ces', 1, 7, count(*), count(ces_text),
    count(*) FILTER (
      WHERE ces_text IS NOT NULL AND coalesce(
        ces_score < 1 OR ces_score > 7 OR ces_score <> floor(ces_score), true
      )
    ),
    min(ces_score), max(ces_score), CAST(NULL AS BIGINT)
  FROM read
  UNION ALL
  SELECT
    5, 'expectation', 1, 5, count(*), count(expectation_text),
    count(*) FILTER (
      WHERE expectation_text IS NOT NULL AND coalesce(
        expectation_score < 1 OR expectation_score > 5
          OR expectation_score <> floor(expectation_score),
        true
      )
    ),
    min(expectation_score), max(expectation_score), CAST(NULL AS BIGINT)
  FROM read
)
SELECT
  field,
  scale_from,
  scale_to,
  rows,
  rows - filled AS blank,
  100.0 * (rows - filled) / rows AS blank_share,
  off_scale,
  lowest,
  highest,
  duplicates
FROM checks
WHERE rows > 0
ORDER BY place
