-- title: What promoters and detractors are worth
-- title_es: Cuánto valen promotores y detractores
-- question: Are those who recommend us worth more?
-- question_es: ¿Valen más quienes nos recomiendan?
-- chart: bar
-- roles: executive, analyst
-- concepts: promoter, passive, detractor
-- parameters: from date = NULL, to date = NULL, segment text = NULL
-- reading: Customers by the category of their last NPS answer given before leaving, with the mean
--    of their monthly value, lifetime value and what they spent in the period, each with its 95 %
--    interval and n, and the share of the total. The period is the twelve months up to the last
--    purchase unless given (both days included); a customer who bought nothing in it counts with
--    zero. Customers who never answered are missing. A difference shows that value and
--    recommendation go together, not that one makes the other.
-- reading_es: Clientes según la categoría de su última respuesta al NPS antes de irse, con la
--    media de su valor mensual, su valor de vida y lo que gastaron en el periodo, cada una con su
--    intervalo del 95 % y su n, y el porcentaje del total. El periodo son los doce meses hasta la
--    última compra, salvo que se indique otro (ambos días incluidos); quien no compró nada en él
--    cuenta con cero. Faltan los clientes que nunca respondieron. Una diferencia muestra que
--    valor y recomendación van juntos, no que lo uno cause lo otro.
WITH last_purchase AS (
  SELECT coalesce($to, CAST(max(at) AS DATE)) AS last_day FROM transactions
),
period AS (
  SELECT
    coalesce($from, CAST(last_day + INTERVAL '1 day' - INTERVAL '12 months' AS DATE)) AS first_day,
    CAST(last_day + INTERVAL '1 day' AS DATE) AS until
  FROM last_purchase
),
spending AS (
  SELECT customer_id, sum(amount) AS spent
  FROM transactions CROSS JOIN period
  WHERE at >= first_day AND at < until
  GROUP BY customer_id
),
known AS (
  SELECT count(amount) > 0 AS knows_spending
  FROM transactions CROSS JOIN period
  WHERE at >= first_day AND at < until
),
ordered AS (
  SELECT
    responses.customer_id, responses.nps,
    customers.monthly_value, customers.lifetime_value,
    row_number() OVER (
      PARTITION BY responses.customer_id
      ORDER BY responses.responded_at DESC NULLS LAST, responses.response_id DESC NULLS LAST
    ) AS age
  FROM responses JOIN customers ON customers.customer_id = responses.customer_id
  WHERE responses.nps IS NOT NULL
    AND (customers.churned_on IS NULL OR responses.responded_at < customers.churned_on)
    AND ($segment IS NULL OR customers.segment = $segment)
),
members AS (
  SELECT
    nps_category(ordered.nps) AS category,
    ordered.monthly_value,
    ordered.lifetime_value,
    CASE WHEN knows_spending THEN coalesce(spent, 0) END AS spent
  FROM ordered CROSS JOIN known
    LEFT JOIN spending ON spending.customer_id = ordered.customer_id
  WHERE age = 1
),
categories AS (
  SELECT
    category,
    count(*) AS customers,
    mean_summary(monthly_value) AS monthly,
    mean_summary(lifetime_value) AS lifetime,
    mean_summary(spent) AS spent,
    sum(monthly_value) AS monthly_sum,
    sum(lifetime_value) AS lifetime_sum,
    sum(spent) AS spent_sum
  FROM members
  GROUP BY category
)
SELECT
  category,
  customers,
  100.0 * customers / sum(customers) OVER () AS customer_share,
  monthly['mean'] AS monthly_value,
  monthly['low'] AS monthly_low,
  monthly['high'] AS monthly_high,
  monthly['n'] AS monthly_n,
  100.0 * monthly_sum / nullif(sum(monthly_sum) OVER (), 0) AS monthly_share,
  lifetime['mean'] AS lifetime_value,
  lifetime['low'] AS lifetime_low,
  lifetime['high'] AS lifetime_high,
  lifetime['n'] AS lifetime_n,
  100.0 * lifetime_sum / nullif(sum(lifetime_sum) OVER (), 0) AS lifetime_share,
  spent['mean'] AS spent,
  spent['low'] AS spent_low,
  spent['high'] AS spent_high,
  spent['n'] AS spent_n,
  100.0 * spent_sum / nullif(sum(spent_sum) OVER (), 0) AS spent_share
FROM categories
ORDER BY CASE category WHEN 'promoter' THEN 1 WHEN 'passive' THEN 2 ELSE 3 END
