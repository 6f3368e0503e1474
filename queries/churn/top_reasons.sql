-- title: The five main reasons for leaving
-- title_es: Las cinco causas principales de abandono
-- question: Why do customers leave, and how much do they take with them?
-- chart: bar
-- roles: executive, operations, analyst
-- concepts: top 5 of reason
-- parameters: from date = NULL, to date = NULL, segment text = NULL
-- reading: Customers who left in the period by the reason they gave, the commonest first, with their share, its 95 % interval and the monthly value lost; the last row, without a rank, holds all other reasons. Those who gave none do not count. The period is the twelve months up to the last leaving unless given (both days included).
WITH last_leaving AS (
  SELECT coalesce($to, max(churned_on)) AS last_day FROM customers
),
period AS (
  SELECT
    coalesce($from, CAST(last_day + INTERVAL '1 day' - INTERVAL '12 months' AS DATE)) AS first_day,
    last_day
  FROM last_leaving
),
leavers AS (
  SELECT churn_reason, monthly_value
  FROM customers CROSS JOIN period
  WHERE churned_on >= first_day AND churned_on <= last_day
    AND ($segment IS NULL OR segment = $segment)
),
reasons AS (
  SELECT expand(churn_rank(churn_reason, monthly_value)) FROM leavers
)
SELECT rank, reason, n, share, cumulative_share, low, high, value, value_share
FROM reasons
ORDER BY rank NULLS LAST
