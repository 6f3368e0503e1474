-- title: This period against the one before
-- title_es: Este periodo frente al anterior
-- question: Where has the NPS really changed?
-- question_es: ¿Dónde ha cambiado de verdad el NPS?
-- chart: matrix
-- roles: executive, operations, analyst
-- parameters: by touchpoint|channel|segment|region = touchpoint, from date = NULL, to date =
--    NULL, before_from date = NULL, before_to date = NULL
-- reading: By touchpoint, or by what `by` names: touchpoint, channel, segment or region. The
--    period is the twelve months up to the last answer and the one before is as long and ends
--    where it begins, unless given (all days included; an answer in both counts for the later).
--    The difference is now minus before with its 95 % interval; p_adjusted corrects for the
--    number of rows (Benjamini–Hochberg), and from 0.05 on the change is noise. Customers who
--    answered in both periods make the test a little cautious.
-- reading_es: Por punto de contacto, o por lo que indique `by`: touchpoint, channel, segment o
--    region. El periodo son los doce meses hasta la última respuesta y el anterior dura lo mismo
--    y acaba donde este empieza, salvo que se indiquen otros (todos los días incluidos; una
--    respuesta que cae en ambos cuenta en el último). La diferencia es ahora menos antes, con su
--    intervalo del 95 %; p_adjusted corrige por el número de filas (Benjamini–Hochberg) y, a
--    partir de 0,05, el cambio es ruido. Los clientes que respondieron en ambos periodos hacen la
--    prueba algo más prudente.
WITH last_answer AS (
  SELECT coalesce($to, CAST(max(responded_at) AS DATE)) AS last_day FROM responses
),
this_period AS (
  SELECT
    coalesce($from, CAST(last_day + INTERVAL '1 day' - INTERVAL '12 months' AS DATE)) AS first_day,
    CAST(last_day + INTERVAL '1 day' AS DATE) AS until
  FROM last_answer
),
ends AS (
  SELECT
    first_day,
    until,
    coalesce(CAST($before_to + INTERVAL '1 day' AS DATE), first_day) AS until_before
  FROM this_period
),
period AS (
  SELECT
    first_day,
    until,
    until_before,
    coalesce(
      $before_from,
      CAST(CAST(until_before AS INT) - CAST(until AS INT) + CAST(first_day AS INT) AS DATE)
    ) AS first_before
  FROM ends
),
answers AS (
  SELECT
    CASE $by
      WHEN 'touchpoint' THEN touchpoint
      WHEN 'channel' THEN channel
      WHEN 'segment' THEN segment
      WHEN 'region' THEN region
    END AS name,
    nps,
    responded_at >= first_day AND responded_at < until AS is_now
  FROM responses CROSS JOIN period
  WHERE (responded_at >= first_day AND responded_at < until)
    OR (responded_at >= first_before AND responded_at < until_before)
),
parts AS (
  SELECT name, nps_compare(nps, is_now) AS comparison
  FROM answers
  WHERE name IS NOT NULL AND nps IS NOT NULL
  GROUP BY name
)
SELECT
  name,
  comparison['nps_a'] AS nps_before,
  comparison['n_a'] AS n_before,
  comparison['nps_b'] AS nps_now,
  comparison['n_b'] AS n_now,
  comparison['difference'] AS difference,
  comparison['low'] AS low,
  comparison['high'] AS high,
  comparison['p'] AS p,
  p_adjust(comparison['p'], 'bh') OVER () AS p_adjusted,
  p_adjust(comparison['p'], 'bh') OVER () >= 0.05 AS noise
FROM parts
ORDER BY difference NULLS LAST, name
