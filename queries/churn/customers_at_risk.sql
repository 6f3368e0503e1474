-- title: Customers at risk, by a fitted probability
-- title_es: Clientes en riesgo, según una probabilidad ajustada
-- question: Who is likely to leave next, and how much would go with them?
-- question_es: ¿Quién se irá probablemente y cuánto se llevaría?
-- chart: table
-- roles: operations, analyst
-- parameters: segment text = NULL, value monthly|lifetime = monthly, most integer = 20
-- reading: Customers still there, by probability times value (value_at_stake), the largest first.
--    A logistic regression learns from each customer's last scores before leaving, or the last of
--    all for those who stay, and is applied to the latter in the same statement. Probability is a
--    percentage: how many of the customers whose last scores were like these have left within the
--    whole record, not within a month or a year. observed is the share that did leave among all
--    customers with a probability in the same ten points, with its 95 % interval and n: far from
--    the probability, trust the interval. It is measured on the customers it was fitted to, and so
--    flatters. Who left a score blank is judged by the others (model names the scores used); a
--    model with fewer than ten leavers or ten stayers a score is not used. If no model can be
--    used, one row says why: where scores tell leavers from others without error (separated) there
--    is no probability to give, and scores taken after the leaving are the usual cause. `value`
--    chooses monthly or lifetime value, the other stands in where that is blank for all, and
--    customers of unknown value count with the average. Who never answered is missing; a low score
--    goes with leaving, and raising the score need not keep the customer.
-- reading_es: Clientes que siguen, por probabilidad multiplicada por valor (value_at_stake), de
--    mayor a menor. Una regresión logística aprende de las últimas puntuaciones de cada cliente
--    antes de irse, o de las últimas de todas si sigue, y se aplica a estos últimos en la misma
--    consulta. La probabilidad es un porcentaje: cuántos de los clientes con últimas puntuaciones
--    como estas se han ido en todo el periodo registrado, no en un mes ni en un año. observed es
--    el porcentaje que de verdad se fue entre todos los clientes con una probabilidad en la misma
--    decena, con su intervalo del 95 % y su n: si queda lejos de la probabilidad, vale más el
--    intervalo. Se mide con los mismos clientes del ajuste, así que favorece al modelo. A quien
--    dejó una puntuación en blanco se le juzga por las demás (model dice cuáles se usan); no se
--    usa un modelo con menos de diez bajas o diez que siguen por puntuación. Si no hay modelo que
--    sirva, una fila dice por qué: si las puntuaciones separan sin error a quienes se van
--    (separated), no hay probabilidad que dar, y la causa habitual son puntuaciones tomadas
--    después de la baja. `value` elige valor mensual o de vida, el otro lo suple si está en blanco
--    para todos, y los clientes de valor desconocido cuentan con la media. Falta quien nunca
--    respondió; una puntuación baja acompaña al abandono, y subirla no tiene por qué retener al
--    cliente.
WITH ordered AS (
  SELECT
    responses.customer_id,
    on_scale(responses.nps, 0, 10) AS nps,
    on_scale(responses.csat, 1, 5) AS csat,
    on_scale(responses.ces, 1, 7) AS ces,
    responses.touchpoint,
    responses.reason, responses.responded_at, customers.segment, customers.monthly_value,
    customers.lifetime_value,
    coalesce(CAST(customers.churned AS BOOLEAN), customers.churned_on IS NOT NULL) AS churned,
    row_number() OVER (
      PARTITION BY responses.customer_id
      ORDER BY responses.responded_at DESC NULLS LAST, responses.response_id DESC NULLS LAST
    ) AS age
  FROM responses JOIN customers ON customers.customer_id = responses.customer_id
  WHERE coalesce(responses.nps, responses.csat, responses.ces) IS NOT NULL
    AND (customers.churned_on IS NULL OR responses.responded_at < customers.churned_on)
),
last_answers AS (
  SELECT * FROM ordered WHERE age = 1
),
fitted AS (
  -- One model for each set of scores that a sheet may have, on all sheets that have them.
  SELECT
    logit_fit(churned, nps, csat, ces) AS all_three,
    logit_fit(churned, nps, csat) AS nps_csat,
    logit_fit(churned, nps, ces) AS nps_ces,
    logit_fit(churned, csat, ces) AS csat_ces,
    logit_fit(churned, nps) AS nps_only,
    logit_fit(churned, csat) AS csat_only,
    logit_fit(churned, ces) AS ces_only
  FROM last_answers
),
usable AS (
  SELECT
    *,
    least(all_three['events'], all_three['n'] - all_three['events']) >= 30 AS has_all_three,
    least(nps_csat['events'], nps_csat['n'] - nps_csat['events']) >= 20 AS has_nps_csat,
    least(nps_ces['events'], nps_ces['n'] - nps_ces['events']) >= 20 AS has_nps_ces,
    least(csat_ces['events'], csat_ces['n'] - csat_ces['events']) >= 20 AS has_csat_ces,
    least(nps_only['events'], nps_only['n'] - nps_only['events']) >= 10 AS has_nps,
    least(csat_only['events'], csat_only['n'] - csat_only['events']) >= 10 AS has_csat,
    least(ces_only['events'], ces_only['n'] - ces_only['events']) >= 10 AS has_ces
  FROM fitted
),
predicted AS (
  SELECT
    last_answers.*,
    CASE WHEN has_all_three THEN logit_predict(all_three, nps, csat, ces) END AS by_all_three,
    CASE WHEN has_nps_csat THEN logit_predict(nps_csat, nps, csat) END AS by_nps_csat,
    CASE WHEN has_nps_ces THEN logit_predict(nps_ces, nps, ces) END AS by_nps_ces,
    CASE WHEN has_csat_ces THEN logit_predict(csat_ces, csat, ces) END AS by_csat_ces,
    CASE WHEN has_nps THEN logit_predict(nps_only, nps) END AS by_nps,
    CASE WHEN has_csat THEN logit_predict(csat_only, csat) END AS by_csat,
    CASE WHEN has_ces THEN logit_predict(ces_only, ces) END AS by_ces,
    coalesce(
      CASE WHEN has_nps THEN nps_only['note'] END,
      CASE WHEN has_csat THEN csat_only['note'] END,
      CASE WHEN has_ces THEN ces_only['note'] END,
      'fewer than ten leavers, or ten who stay, gave a score'
    ) AS why_not
  FROM last_answers CROSS JOIN usable
),
judged AS (
  SELECT
    *,
    100.0 * coalesce(
      by_all_three, by_nps_csat, by_nps_ces, by_csat_ces, by_nps, by_csat, by_ces
    ) AS probability,
    CASE
      WHEN by_all_three IS NOT NULL THEN 'nps, csat, ces'
      WHEN by_nps_csat IS NOT NULL THEN 'nps, csat'
      WHEN by_nps_ces IS NOT NULL THEN 'nps, ces'
      WHEN by_csat_ces IS NOT NULL THEN 'csat, ces'
      WHEN by_nps IS NOT NULL THEN 'nps'
      WHEN by_csat IS NOT NULL THEN 'csat'
      WHEN by_ces IS NOT NULL THEN 'ces'
    END AS model
  FROM predicted
),
remaining AS (
  SELECT
    *,
    rate_summary(churned) OVER (PARTITION BY least(floor(probability / 10), 9)) AS left_so_far,
    count(monthly_value) OVER () AS known_monthly,
    count(lifetime_value) OVER () AS known_lifetime
  FROM judged
  WHERE probability IS NOT NULL
),
valued AS (
  SELECT
    *,
    CASE
      WHEN $value = 'monthly' AND known_monthly > 0 OR known_lifetime = 0 THEN monthly_value
      ELSE lifetime_value
    END AS value
  FROM remaining
  WHERE NOT churned AND ($segment IS NULL OR segment = $segment)
),
weighed AS (
  SELECT *, coalesce(value, avg(value) OVER ()) AS worth FROM valued
),
placed AS (
  SELECT *, risk_rank(probability, coalesce(worth, 1.0)) OVER () AS place FROM weighed
),
told AS (
  SELECT count(*) AS customers, count(model) AS judged_customers, min(why_not) AS why_not
  FROM judged
),
shown AS (
  SELECT
    place, customer_id, segment, probability, value, worth, left_so_far, nps, csat, ces, model,
    touchpoint, reason, responded_at, CAST(NULL AS VARCHAR) AS note
  FROM placed
  UNION ALL
  SELECT
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    concat('no probability can be given: ', why_not)
  FROM told
  WHERE customers > 0 AND judged_customers = 0
)
SELECT
  place,
  customer_id,
  segment,
  probability,
  value,
  probability * worth / 100 AS value_at_stake,
  left_so_far['rate'] AS observed,
  left_so_far['low'] AS observed_low,
  left_so_far['high'] AS observed_high,
  left_so_far['n'] AS observed_n,
  nps,
  csat,
  ces,
  model,
  touchpoint,
  reason,
  responded_at,
  note
FROM shown
ORDER BY place NULLS LAST, responded_at DESC NULLS LAST, customer_id
LIMIT $most
