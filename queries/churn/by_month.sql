-- title: Churn rate by month
-- title_es: Tasa de abandono por mes
-- question: Are more customers leaving than before?
-- question_es: ¿Se van más clientes que antes?
-- chart: line
-- roles: executive, operations, analyst
-- concepts: churn_rate
-- parameters: from date = NULL, to date = NULL, segment text = NULL
-- reading: Share of those who were customers on the first of the month (n) who left within it,
--    with its 95 % interval. Only months that are over: the last twelve months up to the last day
--    known from joinings and leavings unless a period is given, which is rounded to whole months.
--    Who joins and leaves within a month is not counted, nor are leavers without a date. A change
--    with a p of 0.05 or more is noise.
-- reading_es: Porcentaje de quienes eran clientes el día 1 del mes (n) que se fueron durante ese
--    mes, con su intervalo del 95 %. Solo meses acabados: los últimos doce meses hasta el último
--    día conocido por altas y bajas, salvo que se indique un periodo, que se redondea a meses
--    enteros. No cuentan quienes se dan de alta y de baja en el mismo mes ni las bajas sin fecha.
--    Un cambio con una p de 0,05 o más es ruido.
WITH bounds AS (
  SELECT
    coalesce($to, CAST(greatest(max(joined_on), max(churned_on)) AS DATE)) AS last_day,
    min(churned_on) AS first_leaving
  FROM customers
),
limits AS (
  SELECT
    CAST(last_day + INTERVAL '1 day' AS DATE) AS until,
    coalesce(
      $from,
      CAST(greatest(
        CAST(last_day + INTERVAL '1 day' - INTERVAL '12 months' AS DATE),
        CAST(first_leaving AS DATE)
      ) AS DATE)
    ) AS first_day
  FROM bounds
  WHERE first_leaving IS NOT NULL
),
months AS (
  SELECT unnest(generate_series(
    CAST(date_trunc('month', first_day) AS DATE), until, INTERVAL '1 month'
  )) AS month, until
  FROM limits
),
whole AS (
  SELECT CAST(month AS DATE) AS month, CAST(month + INTERVAL '1 month' AS DATE) AS next_month
  FROM months
  WHERE month + INTERVAL '1 month' <= until
),
members AS (
  SELECT month, rate_summary(coalesce(churned_on < next_month, false)) AS summary
  FROM customers CROSS JOIN whole
  WHERE joined_on < month AND (churned_on IS NULL OR churned_on >= month)
    AND NOT (churned_on IS NULL AND coalesce(CAST(churned AS BOOLEAN), false))
    AND ($segment IS NULL OR segment = $segment)
  GROUP BY month
),
neighbours AS (
  SELECT
    month,
    summary,
    CASE
      WHEN lag(month) OVER (ORDER BY month) = month - INTERVAL '1 month'
      THEN lag(summary) OVER (ORDER BY month)
    END AS before
  FROM members
),
compared AS (
  SELECT month, summary, before, compare_summaries(before, summary) AS comparison
  FROM neighbours
)
SELECT
  month,
  summary['rate'] AS churn_rate,
  summary['low'] AS low,
  summary['high'] AS high,
  summary['n'] AS n,
  summary['events'] AS left_in_month,
  before['rate'] AS previous,
  comparison['difference'] AS change,
  comparison['p'] AS p,
  comparison['p'] >= 0.05 AS noise
FROM compared
ORDER BY month
