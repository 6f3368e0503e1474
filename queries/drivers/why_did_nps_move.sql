-- title: Why the NPS moved
-- title_es: Por qué se ha movido el NPS
-- question: Did customers change their minds, or did others answer?
-- question_es: ¿Han cambiado de opinión los clientes o han respondido otros?
-- chart: matrix
-- roles: executive, operations, analyst
-- parameters: by touchpoint|channel|segment|region = touchpoint, from date = NULL, to date = NULL,
--    before_from date = NULL, before_to date = NULL, most integer = 20
-- reading: By touchpoint, or by what `by` names: touchpoint, channel, segment or region; the
--    largest part of the change first. Rate is what the row's own change of NPS did to the whole,
--    mix what its change of weight did (a plus where one above average grows or one below it
--    shrinks), total is both, in NPS points: all rows together are the change of the NPS, which
--    each row repeats as nps_change with its 95 % interval and p. difference is the row's own
--    change, with its interval and p_adjusted for the number of rows (Benjamini–Hochberg); from
--    0.05 on it is noise, and so is its rate. Beyond `most` rows the others are one row without a
--    name; answers that name none are left out. The period is the twelve months up to the last
--    answer and the one before is as long and ends where it begins, unless given (all days
--    included; an answer in both counts for the later). It says where the change sits, not who
--    made it.
-- reading_es: Por punto de contacto, o por lo que indique `by`: touchpoint, channel, segment o
--    region; primero la parte mayor del cambio. Rate es lo que aporta al total el cambio del NPS
--    de la propia fila; mix, lo que aporta su cambio de peso (positivo si crece una por encima de
--    la media o mengua una por debajo), y total, ambos, en puntos de NPS: todas las filas juntas
--    son el cambio del NPS, que cada fila repite en nps_change con su intervalo del 95 % y su p.
--    difference es el cambio propio de la fila, con su intervalo y su p_adjusted por el número de
--    filas (Benjamini–Hochberg); a partir de 0,05 es ruido, y su rate también. A partir de `most`
--    filas, las demás son una sola sin nombre; las respuestas que no lo indican quedan fuera. El
--    periodo son los doce meses hasta la última respuesta y el anterior dura lo mismo y acaba
--    donde este empieza, salvo que se indiquen otros (todos los días incluidos; una respuesta que
--    cae en ambos cuenta en el último). Dice dónde está el cambio, no quién lo causó.
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
named AS (
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
answers AS (
  SELECT name, nps, is_now FROM named WHERE name IS NOT NULL AND nps IS NOT NULL
),
parts AS (
  SELECT expand(nps_shift(nps, is_now, name)) FROM answers
),
compared AS (
  SELECT name, nps_compare(nps, is_now) AS own FROM answers GROUP BY name
),
overall AS (
  SELECT nps_compare(nps, is_now) AS whole FROM answers
),
placed AS (
  SELECT
    parts.*,
    own,
    p_adjust(own['p'], 'bh') OVER () AS p_adjusted,
    row_number() OVER (ORDER BY abs(total) DESC, segment) AS place
  FROM parts JOIN compared ON compared.name = parts.segment
),
shown AS (
  SELECT
    place, segment AS name, n_before, n_after, nps_before, nps_after,
    own['difference'] AS difference, own['low'] AS low, own['high'] AS high, own['p'] AS p,
    p_adjusted, mix, rate, total
  FROM placed
  WHERE place <= $most
  UNION ALL
  SELECT
    NULL, NULL, sum(n_before), sum(n_after),
    sum(nps_before * n_before) / nullif(sum(n_before), 0),
    sum(nps_after * n_after) / nullif(sum(n_after), 0),
    NULL, NULL, NULL, NULL, NULL, sum(mix), sum(rate), sum(total)
  FROM placed
  WHERE place > $most
  HAVING count(*) > 0
)
SELECT
  name,
  total,
  rate,
  mix,
  n_before,
  n_after,
  nps_before,
  nps_after,
  difference,
  low,
  high,
  p,
  p_adjusted,
  p_adjusted >= 0.05 AS noise,
  whole['difference'] AS nps_change,
  whole['low'] AS nps_change_low,
  whole['high'] AS nps_change_high,
  whole['p'] AS nps_change_p
FROM shown CROSS JOIN overall
ORDER BY place NULLS LAST
