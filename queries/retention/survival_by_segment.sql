-- title: How long customers stay, by segment
-- title_es: Cuánto tiempo se quedan los clientes, por segmento
-- question: Which segments leave earlier, and is the difference more than chance?
-- question_es: ¿Qué segmentos se van antes, y es la diferencia algo más que azar?
-- chart: line
-- roles: executive, analyst
-- concepts: top 5 of name
-- parameters: by segment|region = segment, from date = NULL, to date = NULL, today date = NULL
-- reading: Share of customers still there a number of months after joining (Kaplan and Meier),
--    with its 95 % interval and those seen for longer still (at_risk): the five largest segments,
--    or regions where `by` says so, and all others as the curve without a name. The median is the
--    months after which half have left, with its 95 % interval; blank where more than half are
--    still there. p is the log-rank test of all curves shown: from 0.05 on they may be the same.
--    Those still there count for as long as they have been seen, up to the last day known from
--    joinings and leavings, or `today`; the method takes them to be like those seen for longer,
--    and the right end of a curve rests on few. Customers count from the quarter of the first
--    leaving known on, because of those who joined earlier only the ones who stayed may be on
--    record; give `from` to see them (`from` and `to` are days of joining). Where no dates are
--    known, tenure_months and churned are taken as they are, and that guard is missing. undated
--    counts leavers without a day of leaving, who are in no curve: where they are many it lies too
--    high. Segments differ in more than their name: no cause is shown.
-- reading_es: Porcentaje de clientes que sigue a cierto número de meses del alta (Kaplan y Meier),
--    con su intervalo del 95 % y los que se han observado aún más tiempo (at_risk): los cinco
--    segmentos mayores, o regiones si lo dice `by`, y los demás en la curva sin nombre. La mediana
--    son los meses tras los que se ha ido la mitad, con su intervalo del 95 %; en blanco si sigue
--    más de la mitad. p es la prueba log-rank de las curvas mostradas: a partir de 0,05 pueden ser
--    iguales. Quienes siguen cuentan por el tiempo que se les ha visto, hasta el último día
--    conocido por altas y bajas, o `today`; el método supone que son como los observados más
--    tiempo, y el extremo derecho de una curva descansa en pocos. Cuentan los clientes desde el
--    trimestre del primer abandono conocido, porque de los anteriores quizá solo consten los que
--    se quedaron; para verlos, indique `from` (`from` y `to` son días de alta). Si no se conocen
--    fechas, se toman tenure_months y churned tal como están, y esa precaución falta. undated
--    cuenta las bajas sin fecha, que no están en ninguna curva: si son muchas, queda demasiado
--    alta. Los segmentos difieren en más que su nombre: no se muestra ninguna causa.
WITH bounds AS (
  SELECT
    coalesce($today, CAST(greatest(max(joined_on), max(churned_on)) AS DATE)) AS last_day,
    date_trunc('quarter', min(churned_on)) AS first_quarter,
    count(joined_on) > 0 AND count(churned_on) > 0 AS knows_dates
  FROM customers
),
known AS (
  SELECT
    CASE $by WHEN 'segment' THEN segment WHEN 'region' THEN region END AS part,
    joined_on,
    churned_on,
    tenure_months,
    coalesce(CAST(churned AS BOOLEAN), false) AS churned,
    knows_dates,
    CAST(last_day + INTERVAL '1 day' AS DATE) AS until,
    coalesce($from, first_quarter) AS first_day,
    coalesce($to, last_day) AS to_day
  FROM customers CROSS JOIN bounds
),
members AS (
  SELECT
    part,
    -- Months of 30.436875 days, as long as they are in the mean.
    (CAST(least(coalesce(churned_on, until), until) AS INT) - CAST(joined_on AS INT)) / 30.436875
      AS months,
    churned_on IS NOT NULL AND churned_on < until AS has_left
  FROM known
  WHERE knows_dates AND part IS NOT NULL
    AND joined_on >= first_day AND joined_on <= to_day AND joined_on < until
    AND (churned_on IS NULL OR churned_on >= joined_on)
    AND NOT (churned_on IS NULL AND churned)
  UNION ALL
  SELECT part, CAST(tenure_months AS DOUBLE), churned
  FROM known
  WHERE NOT knows_dates AND part IS NOT NULL AND tenure_months >= 0
),
sizes AS (
  SELECT
    part,
    least(CAST(row_number() OVER (ORDER BY count(*) DESC, part) AS BIGINT), 6) AS curve
  FROM members
  GROUP BY part
),
curves AS (
  SELECT curve, CASE WHEN curve < 6 THEN members.part END AS name, months, has_left
  FROM members JOIN sizes ON sizes.part = members.part
),
undated AS (
  SELECT curve, count(*) AS leavers
  FROM known JOIN sizes ON sizes.part = known.part
  WHERE knows_dates AND churned AND churned_on IS NULL
    AND joined_on >= first_day AND joined_on <= to_day AND joined_on < until
  GROUP BY curve
),
steps AS (
  SELECT curve, expand(survival(months, has_left)) FROM curves GROUP BY curve
),
medians AS (
  SELECT
    curve,
    min(time) FILTER (WHERE survival <= 0.5) AS median,
    min(time) FILTER (WHERE low <= 0.5) AS median_low,
    min(time) FILTER (WHERE high <= 0.5) AS median_high
  FROM steps
  GROUP BY curve
),
whole AS (
  SELECT
    curve, min(name) AS name, count(*) AS customers, count(*) FILTER (WHERE has_left) AS leavers,
    max(months) AS last_month
  FROM curves
  GROUP BY curve
),
tested AS (
  SELECT (logrank(months, has_left, curve))['p'] AS p FROM curves
),
marks AS (
  SELECT CAST(value AS BIGINT) AS month FROM generate_series(0, 120)
),
reached AS (
  -- What the last step up to each month tells, and those seen for longer than that.
  SELECT
    curve,
    month,
    first_value(survival ORDER BY time DESC) AS survival,
    first_value(low ORDER BY time DESC) AS low,
    first_value(high ORDER BY time DESC) AS high,
    first_value(at_risk - events - censored ORDER BY time DESC) AS at_risk
  FROM steps JOIN marks ON time <= month
  GROUP BY curve, month
),
points AS (
  SELECT
    name, whole.curve, marks.month,
    coalesce(survival, 1.0) AS survival, low, high, coalesce(at_risk, customers) AS at_risk,
    customers, whole.leavers AS leavers, coalesce(undated.leavers, 0) AS undated, median,
    median_low, median_high
  FROM whole
    LEFT JOIN undated ON undated.curve = whole.curve
    JOIN medians ON medians.curve = whole.curve
    JOIN marks ON month <= last_month
    LEFT JOIN reached ON reached.curve = whole.curve AND reached.month = marks.month
)
SELECT
  name,
  month,
  100.0 * survival AS still_there,
  100.0 * low AS low,
  100.0 * high AS high,
  at_risk,
  customers,
  leavers,
  undated,
  median,
  median_low,
  median_high,
  p
FROM points CROSS JOIN tested
ORDER BY curve, month
