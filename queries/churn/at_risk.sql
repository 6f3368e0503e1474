-- title: Customers at risk, the most valuable first
-- title_es: Clientes en riesgo, los de más valor primero
-- question: Whom should we call today?
-- chart: table
-- roles: operations, analyst
-- concepts: risk, monthly value
-- parameters: segment text = NULL, most integer = 20
-- reading: Customers who have not left, by risk times monthly value. Risk is a rule of thumb from the last answer, not a probability: (10 − NPS) / 10, from 0 for a ten to 1 for a zero. Customers whose last answer leaves the NPS question blank are placed by the last one that does not.
WITH ordered AS (
  SELECT
    customer_id, nps, touchpoint, reason, responded_at,
    row_number() OVER (
      PARTITION BY customer_id ORDER BY responded_at DESC, response_id DESC
    ) AS age
  FROM responses
  WHERE nps IS NOT NULL
),
last_answers AS (
  SELECT
    ordered.customer_id, ordered.nps, ordered.touchpoint, ordered.reason, ordered.responded_at,
    customers.segment, customers.monthly_value,
    (10 - ordered.nps) / 10.0 AS risk
  FROM ordered JOIN customers ON customers.customer_id = ordered.customer_id
  WHERE ordered.age = 1 AND customers.churned_on IS NULL
    AND ($segment IS NULL OR customers.segment = $segment)
),
placed AS (
  SELECT *, risk_rank(risk, monthly_value) OVER () AS place FROM last_answers
)
SELECT place, customer_id, segment, risk, monthly_value, nps, touchpoint, reason, responded_at
FROM placed
WHERE place <= $most
ORDER BY place, customer_id
