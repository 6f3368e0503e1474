-- title: What promoters and detractors will still buy
-- title_es: Cuánto comprarán aún promotores y detractores
-- question: Are those who recommend us worth more in the months to come?
-- question_es: ¿Valdrán más en los próximos meses quienes nos recomiendan?
-- chart: bar
-- roles: executive, analyst
-- concepts: promoter, passive, detractor
-- parameters: months integer = 12, segment text = NULL, today date = NULL
-- reading: Customers still there, by the category of their last NPS answer, with the mean of what
--    they are expected to spend in the next `months` (future_value), its 95 % interval and n, the
--    share of the whole, the purchases expected, what each is worth, and the probability in per
--    cent that they still buy at all (alive). BG/NBD learns from all customers how often they buy
--    and when they fall silent, gamma-gamma what they spend; both know purchases and not the
--    answer, so a difference between categories is one of buying habits. Purchases of one day are
--    one, up to the last one known; `today` shows what would have been said on that day. Customers
--    without a purchase on record are in customers and not in n. The intervals take the models for
--    true and are too narrow. Gamma-gamma assumes that what one spends does not go with how often;
--    frequency_spend_correlation says how far that holds, and far from 0 the frequent buyers of
--    dear things are valued too low. For customers older than the record the first purchase on
--    record stands for the first. Value and recommendation may go together without one making the
--    other.
-- reading_es: Clientes que siguen, según la categoría de su última respuesta al NPS, con la media
--    de lo que se espera que gasten en los próximos `months` meses (future_value), su intervalo
--    del 95 % y su n, el porcentaje del total, las compras esperadas, lo que vale cada una y la
--    probabilidad, en tanto por ciento, de que aún compren (alive). BG/NBD aprende de todos los
--    clientes con qué frecuencia compran y cuándo dejan de hacerlo; gamma-gamma, cuánto gastan;
--    ambos conocen las compras y no la respuesta, así que una diferencia entre categorías lo es de
--    hábitos de compra. Las compras de un mismo día son una, hasta la última conocida; `today`
--    muestra lo que se habría dicho ese día. Los clientes sin compras registradas están en
--    customers y no en n. Los intervalos dan los modelos por ciertos y son demasiado estrechos.
--    Gamma-gamma supone que el gasto no va con la frecuencia; frequency_spend_correlation dice
--    hasta qué punto, y lejos de 0 valora de menos a quien compra mucho y caro. Para los clientes
--    más antiguos que el registro, la primera compra registrada hace de primera. Valor y
--    recomendación pueden ir juntos sin que lo uno cause lo otro.
WITH last_purchase AS (
  SELECT coalesce($today, CAST(max(at) AS DATE)) AS last_day FROM transactions
),
days AS (
  SELECT customer_id, CAST(at AS DATE) AS day, sum(amount) AS spent, min(last_day) AS last_day
  FROM transactions CROSS JOIN last_purchase
  WHERE customer_id IS NOT NULL AND amount > 0 AND CAST(at AS DATE) <= last_day
  GROUP BY customer_id, CAST(at AS DATE)
),
first_days AS (
  SELECT *, min(day) OVER (PARTITION BY customer_id) AS first_day FROM days
),
buyers AS (
  -- As the models want it: repeat purchases, their mean, and weeks since the first purchase.
  SELECT
    customer_id,
    count(*) - 1 AS frequency,
    (CAST(max(day) AS INT) - CAST(min(day) AS INT)) / 7.0 AS recency,
    (CAST(min(last_day) AS INT) - CAST(min(day) AS INT)) / 7.0 AS age,
    avg(spent) FILTER (WHERE day > first_day) AS monetary
  FROM first_days
  GROUP BY customer_id
),
fitted AS (
  SELECT
    bgnbd_fit(frequency, recency, age) AS buying,
    gamma_gamma_fit(frequency, monetary) AS spending,
    pearson(frequency, monetary) AS frequency_spend_correlation
  FROM buyers
),
ordered AS (
  SELECT
    responses.customer_id,
    responses.nps,
    CASE
      WHEN customers.churned_on IS NULL THEN coalesce(CAST(customers.churned AS BOOLEAN), false)
      ELSE $today IS NULL OR customers.churned_on <= $today
    END AS churned,
    row_number() OVER (
      PARTITION BY responses.customer_id
      ORDER BY responses.responded_at DESC NULLS LAST, responses.response_id DESC NULLS LAST
    ) AS latest
  FROM responses JOIN customers ON customers.customer_id = responses.customer_id
  WHERE responses.nps IS NOT NULL
    AND ($today IS NULL OR CAST(responses.responded_at AS DATE) <= $today)
    AND ($segment IS NULL OR customers.segment = $segment)
),
members AS (
  SELECT
    nps_category(ordered.nps) AS category,
    bgnbd_alive(buying, frequency, recency, age) AS alive,
    bgnbd_expected(buying, $months * 365.25 / 84, frequency, recency, age) AS purchases,
    gamma_gamma_value(spending, frequency, coalesce(monetary, 0)) AS spend,
    frequency_spend_correlation,
    coalesce(buying['note'], spending['note']) AS note
  FROM ordered
    CROSS JOIN fitted
    LEFT JOIN buyers ON buyers.customer_id = ordered.customer_id
  WHERE latest = 1 AND NOT churned
),
categories AS (
  SELECT
    category,
    count(*) AS customers,
    mean_summary(purchases * spend) AS future,
    mean_summary(purchases) AS purchases,
    mean_summary(spend) AS spend,
    mean_summary(100.0 * alive) AS alive,
    sum(purchases * spend) AS future_sum,
    min(frequency_spend_correlation) AS frequency_spend_correlation,
    min(note) AS note
  FROM members
  GROUP BY category
)
SELECT
  category,
  customers,
  future['mean'] AS future_value,
  future['low'] AS low,
  future['high'] AS high,
  future['n'] AS n,
  future_sum AS future_total,
  100.0 * future_sum / nullif(sum(future_sum) OVER (), 0) AS future_share,
  purchases['mean'] AS purchases,
  purchases['low'] AS purchases_low,
  purchases['high'] AS purchases_high,
  spend['mean'] AS spend_per_purchase,
  spend['low'] AS spend_low,
  spend['high'] AS spend_high,
  alive['mean'] AS alive,
  alive['low'] AS alive_low,
  alive['high'] AS alive_high,
  frequency_spend_correlation,
  note
FROM categories
ORDER BY CASE category WHEN 'promoter' THEN 1 WHEN 'passive' THEN 2 ELSE 3 END
