-- title: The five main reasons for leaving
-- title_es: Las cinco causas principales de abandono
-- question: Why do customers leave, how much do they take with them, and what is new?
-- question_es: ¿Por qué se van los clientes, cuánto valor se llevan y qué hay de nuevo?
-- chart: bar
-- roles: executive, operations, analyst
-- concepts: top 5 of reason
-- parameters: from date = NULL, to date = NULL, segment text = NULL
-- reading: Customers who left in the period by the reason they gave, the commonest first, with
--    their share, its 95 % interval and the monthly value lost; the last row, without a rank,
--    holds all other reasons, and those who gave none do not count. The period is the twelve
--    months up to the last leaving unless given (both days included); a table without leaving
--    dates is taken whole. The change is in percentage points against the period before, as long
--    and ending where it begins (previous_n leavers with a reason), with its interval and p.
--    Shares move against one another: a reason that grows makes the others shrink.
-- reading_es: Clientes que se fueron en el periodo según la causa que dieron, la más frecuente
--    primero, con su porcentaje, su intervalo del 95 % y el valor mensual perdido; la última
--    fila, sin puesto, reúne las demás causas, y quienes no dieron ninguna no cuentan. El periodo
--    son los doce meses hasta el último abandono, salvo que se indique otro (ambos días
--    incluidos); una tabla sin fechas de abandono se toma entera. El cambio va en puntos
--    porcentuales frente al periodo anterior, que dura lo mismo y acaba donde este empieza
--    (previous_n abandonos con causa), con su intervalo y su p. Los porcentajes dependen unos de
--    otros: si una causa crece, las demás menguan.
WITH last_leaving AS (
  SELECT coalesce($to, CAST(max(churned_on) AS DATE)) AS last_day FROM customers
),
limits AS (
  SELECT
    coalesce($from, CAST(last_day + INTERVAL '1 day' - INTERVAL '12 months' AS DATE)) AS first_day,
    CAST(last_day + INTERVAL '1 day' AS DATE) AS until
  FROM last_leaving
),
period AS (
  SELECT
    first_day,
    until,
    CAST(2 * CAST(first_day AS INT) - CAST(until AS INT) AS DATE) AS first_before
  FROM limits
),
leavers AS (
  SELECT churn_reason, monthly_value, coalesce(churned_on >= first_day, true) AS is_now
  FROM customers CROSS JOIN period
  WHERE ((churned_on >= first_before AND churned_on < until)
      OR (until IS NULL AND $from IS NULL))
    AND trim(churn_reason) <> ''
    AND ($segment IS NULL OR segment = $segment)
),
reasons AS (
  SELECT expand(churn_rank(churn_reason, monthly_value)) FROM leavers WHERE is_now
),
placed AS (
  SELECT reasons.rank AS placed_rank, leavers.is_now, leavers.monthly_value
  FROM leavers LEFT JOIN reasons ON reasons.reason = leavers.churn_reason
),
compared AS (
  SELECT
    reasons.rank AS compared_rank,
    rate_compare(placed_rank IS NOT DISTINCT FROM reasons.rank, is_now) AS comparison,
    count(monthly_value) FILTER (
      WHERE is_now AND placed_rank IS NOT DISTINCT FROM reasons.rank
    ) AS valued
  FROM reasons CROSS JOIN placed
  GROUP BY reasons.rank
)
SELECT
  rank,
  reason,
  n,
  share,
  cumulative_share,
  low,
  high,
  CASE WHEN valued > 0 THEN value END AS value,
  CASE WHEN valued > 0 THEN value_share END AS value_share,
  comparison['rate_a'] AS previous_share,
  comparison['n_a'] AS previous_n,
  comparison['difference'] AS change,
  comparison['low'] AS change_low,
  comparison['high'] AS change_high,
  comparison['p'] AS p
FROM reasons JOIN compared ON compared_rank IS NOT DISTINCT FROM rank
ORDER BY rank NULLS LAST
