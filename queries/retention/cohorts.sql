-- title: Retention by cohort
-- title_es: Retención por cohorte
-- question: Do the customers we win stay longer than those we won before?
-- question_es: ¿Los clientes que captamos se quedan más tiempo que los de antes?
-- chart: matrix
-- roles: executive, analyst
-- parameters: from date = NULL, to date = NULL, segment text = NULL, today date = NULL
-- reading: Customers by the quarter in which they joined (cohort), and the share still there a
--    number of quarters after each one's own day of joining, with its 95 % interval. A cell
--    exists only when all customers of the cohort have reached that age by the last day known
--    from joinings and leavings, or by `today`, which is to be given where leavings are planned
--    ahead. Cohorts begin with the quarter of the first leaving known: of those who joined
--    earlier only the ones who stayed may be on record; give `from` to see them. Leavers without
--    a date are left out, and forty quarters are the most shown.
-- reading_es: Clientes según el trimestre en que se dieron de alta (cohorte) y porcentaje que
--    sigue pasado un número de trimestres desde el día de alta de cada uno, con su intervalo del
--    95 %. Una celda solo existe cuando todos los clientes de la cohorte han alcanzado esa
--    antigüedad en el último día conocido por altas y bajas, o en `today`, que conviene indicar
--    si hay bajas previstas. Las cohortes empiezan en el trimestre del primer abandono conocido:
--    de los anteriores quizá solo consten los que se quedaron; para verlos, indique `from`. Las
--    bajas sin fecha quedan fuera y se muestran como máximo cuarenta trimestres.
WITH bounds AS (
  SELECT
    coalesce($today, CAST(greatest(max(joined_on), max(churned_on)) AS DATE)) AS last_day,
    date_trunc('quarter', min(churned_on)) AS first_quarter
  FROM customers
),
members AS (
  SELECT
    CAST(date_trunc('quarter', joined_on) AS DATE) AS cohort,
    joined_on,
    churned_on,
    CAST(last_day + INTERVAL '1 day' AS DATE) AS until
  FROM customers CROSS JOIN bounds
  WHERE first_quarter IS NOT NULL
    AND joined_on >= coalesce($from, first_quarter)
    AND joined_on <= coalesce($to, last_day)
    AND joined_on <= last_day
    AND (churned_on IS NULL OR churned_on >= joined_on)
    AND NOT (churned_on IS NULL AND coalesce(CAST(churned AS BOOLEAN), false))
    AND ($segment IS NULL OR segment = $segment)
),
quarters AS (
  SELECT value AS quarter, CAST(concat(3 * value, ' months') AS INTERVAL) AS age
  FROM generate_series(0, 40)
),
cells AS (
  SELECT cohort, quarter, rate_summary(churned_on IS NULL OR churned_on >= joined_on + age) AS kept
  FROM members CROSS JOIN quarters
  WHERE cohort + INTERVAL '3 months' + age <= until
  GROUP BY cohort, quarter
)
SELECT
  cohort,
  quarter,
  kept['n'] AS customers,
  kept['events'] AS still_there,
  kept['rate'] AS retention,
  kept['low'] AS low,
  kept['high'] AS high
FROM cells
ORDER BY cohort, quarter
