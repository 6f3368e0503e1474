-- title: Touchpoints: what drives recommendation there, and how we do
-- title_es: Puntos de contacto: qué mueve allí la recomendación y cómo lo hacemos
-- question: At which touchpoints does satisfaction or effort matter most for recommendation, and
--    where do we do badly at it?
-- question_es: ¿En qué puntos de contacto importan más la satisfacción o el esfuerzo para que nos
--    recomienden, y en cuáles lo hacemos mal?
-- chart: matrix
-- roles: executive, operations, analyst
-- parameters: from date = NULL, to date = NULL, channel text = NULL, segment text = NULL
-- reading: Two rows a touchpoint: satisfaction (csat) and ease (ces), on its answers that give the
--    NPS score and all scores asked there (n; share_of_answers is the weight of the touchpoint).
--    Performance is the mean from 0 (lowest point of the scale) to 100 with its 95 % interval;
--    correlation is with the NPS score, with its interval; importance is the percentage of the
--    differences in that score which the driver explains, shared out fairly between both
--    (Shapley), and driver_share its part of what is explained. The quadrant compares a touchpoint
--    with the mean of all touchpoints for the same driver: important and low is concentrate here,
--    important and high keep up, the others low priority and overkill. Scores of one sheet are
--    given in one mood, so importance is high everywhere and differences between touchpoints count
--    more than its size; a touchpoint where all answer alike looks unimportant; and what goes
--    together need not be cause. The period is the twelve months up to the last answer unless
--    given (both days included).
-- reading_es: Dos filas por punto de contacto, satisfacción (csat) y facilidad (ces), sobre sus
--    respuestas que dan la nota del NPS y todas las puntuaciones que allí se piden (n;
--    share_of_answers es el peso del punto de contacto). Performance es la media de 0 (el punto
--    más bajo de la escala) a 100 con su intervalo del 95 %; correlation es con la nota del NPS,
--    con su intervalo; importance es el porcentaje de las diferencias de esa nota que explica el
--    factor, repartido con justicia entre ambos (Shapley), y driver_share, su parte de lo
--    explicado. El cuadrante (quadrant) compara el punto de contacto con la media de todos para el
--    mismo factor: importante y bajo es concentrate here (actuar aquí); importante y alto, keep up
--    (mantener); los demás, low priority (poco urgente) y overkill (esfuerzo de más). Las
--    puntuaciones de una misma hoja se dan con el mismo humor, así que la importancia es alta en
--    todas partes y cuentan más las diferencias entre puntos de contacto que su tamaño; uno en el
--    que todos responden igual parece poco importante; y lo que va junto no tiene por qué ser
--    causa. El periodo son los doce meses hasta la última respuesta, salvo que se indique otro
--    (ambos días incluidos).
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
    touchpoint,
    on_scale(nps, 0, 10) AS nps,
    25.0 * (on_scale(csat, 1, 5) - 1) AS csat,
    100.0 * (on_scale(ces, 1, 7) - 1) / 6 AS ces,
    count(csat) OVER (PARTITION BY touchpoint) > 0 AS asks_csat,
    count(ces) OVER (PARTITION BY touchpoint) > 0 AS asks_ces
  FROM responses CROSS JOIN period
  WHERE responded_at >= first_day AND responded_at < until
    AND touchpoint IS NOT NULL AND nps IS NOT NULL
    AND ($channel IS NULL OR channel = $channel)
    AND ($segment IS NULL OR segment = $segment)
),
complete AS (
  -- What is never asked somewhere is a constant there, which explains nothing and empties no row.
  SELECT
    touchpoint, nps, asks_csat, asks_ces,
    CASE WHEN asks_csat THEN csat ELSE 0 END AS csat,
    CASE WHEN asks_ces THEN ces ELSE 0 END AS ces
  FROM answers
  WHERE (asks_csat OR asks_ces)
    AND (csat IS NOT NULL OR NOT asks_csat)
    AND (ces IS NOT NULL OR NOT asks_ces)
),
explained AS (
  SELECT touchpoint, expand(drivers(nps, csat, ces)) FROM complete GROUP BY touchpoint
),
touchpoints AS (
  SELECT
    touchpoint AS name,
    bool_or(asks_csat) AS asks_csat,
    bool_or(asks_ces) AS asks_ces,
    100.0 * count(*) / sum(count(*)) OVER () AS share_of_answers,
    nps(nps) AS nps,
    mean_summary(csat) AS csat,
    mean_summary(ces) AS ces
  FROM complete
  GROUP BY touchpoint
),
cells AS (
  SELECT
    touchpoint, driver, n, share_of_answers, nps, correlation, sign, vif, note,
    CASE driver WHEN 'csat' THEN csat ELSE ces END AS performance,
    100.0 * shapley AS importance,
    shapley_share AS driver_share
  FROM explained JOIN touchpoints ON name = touchpoint
  WHERE CASE driver WHEN 'csat' THEN asks_csat ELSE asks_ces END
),
compared AS (
  SELECT
    *,
    importance >= avg(importance) OVER (PARTITION BY driver) AS is_important,
    performance['mean'] >= avg(CASE WHEN importance IS NOT NULL THEN performance['mean'] END)
      OVER (PARTITION BY driver) AS is_high
  FROM cells
)
SELECT
  touchpoint,
  driver,
  n,
  share_of_answers,
  nps,
  performance['mean'] AS performance,
  performance['low'] AS performance_low,
  performance['high'] AS performance_high,
  correlation,
  CASE WHEN n > 3 AND abs(correlation) < 1
    THEN tanh(atanh(correlation) - 1.959963984540054 / sqrt(n - 3)) END AS low,
  CASE WHEN n > 3 AND abs(correlation) < 1
    THEN tanh(atanh(correlation) + 1.959963984540054 / sqrt(n - 3)) END AS high,
  importance,
  driver_share,
  sign,
  CASE
    WHEN is_important AND is_high THEN 'keep up'
    WHEN is_important THEN 'concentrate here'
    WHEN is_high THEN 'overkill'
    WHEN importance IS NOT NULL THEN 'low priority'
  END AS quadrant,
  note
FROM compared
ORDER BY driver, importance DESC NULLS LAST, touchpoint
