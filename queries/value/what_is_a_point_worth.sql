-- title: What a point of each KPI is worth
-- title_es: Cuánto vale un punto de cada indicador
-- question: What goes with one point more in retention and in money, and how much stands at risk
--    among detractors?
-- question_es: ¿Qué acompaña a un punto más en retención y en dinero, y cuánto está en riesgo
--    entre los detractores?
-- chart: table
-- roles: executive, analyst
-- parameters: segment text = NULL
-- reading: Each customer once, with the last answer sheet before leaving (or the last of all for
--    those still there) that has any score. Per KPI, what goes with one point more on its own
--    scale (0 to 10, 1 to 5, 1 to 7: points of different KPIs are not alike), with 95 % interval,
--    p and n: the odds of leaving are multiplied by the odds ratio (below 1 is fewer leavers), the
--    probability of leaving changes on average by so many percentage points within the whole
--    record, and monthly and lifetime value by so much money, leavers included (lifetime value
--    also because they stayed less long). Then, for customers still there, the monthly value of
--    those whose last NPS answer is that of a detractor, its share of the monthly value of all
--    with such an answer, the share of these customers, and what would be lost if detractors left
--    like those with the same scores did; sums on record have no interval. Fits that are
--    impossible say why in note, separated scores above all. Dearer segments may answer otherwise,
--    and all this is association: a point won by asking for it is worth nothing.
-- reading_es: Cada cliente una vez, con la última hoja de respuestas anterior a su baja (o la
--    última de todas si sigue) que tenga alguna puntuación. Por indicador, lo que acompaña a un
--    punto más en su propia escala (de 0 a 10, de 1 a 5, de 1 a 7: los puntos de indicadores
--    distintos no son iguales), con intervalo del 95 %, p y n: las posibilidades de irse se
--    multiplican por la razón de posibilidades (odds ratio; por debajo de 1, menos bajas), la
--    probabilidad de irse cambia de media en tantos puntos porcentuales en todo el periodo
--    registrado, y el valor mensual y el de vida en tanto dinero, con las bajas incluidas (el de
--    vida, también porque se quedaron menos tiempo). Después, para los clientes que siguen, el
--    valor mensual de aquellos cuya última respuesta al NPS es de detractor, su porcentaje del
--    valor mensual de todos los que tienen tal respuesta, el porcentaje de esos clientes y lo que
--    se perdería si los detractores se fueran como lo hicieron quienes dieron las mismas notas;
--    las sumas registradas no llevan intervalo. Los ajustes imposibles dicen por qué en note,
--    sobre todo si las puntuaciones separan (separated). Los segmentos más caros pueden responder
--    de otra manera, y todo esto es asociación: un punto que se gana pidiéndolo no vale nada.
WITH ordered AS (
  SELECT
    on_scale(responses.nps, 0, 10) AS nps,
    on_scale(responses.csat, 1, 5) AS csat,
    on_scale(responses.ces, 1, 7) AS ces,
    customers.monthly_value,
    customers.lifetime_value,
    coalesce(CAST(customers.churned AS BOOLEAN), customers.churned_on IS NOT NULL) AS churned,
    row_number() OVER (
      PARTITION BY responses.customer_id
      ORDER BY responses.responded_at DESC NULLS LAST, responses.response_id DESC NULLS LAST
    ) AS age
  FROM responses JOIN customers ON customers.customer_id = responses.customer_id
  WHERE coalesce(responses.nps, responses.csat, responses.ces) IS NOT NULL
    AND (customers.churned_on IS NULL OR responses.responded_at < customers.churned_on)
    AND ($segment IS NULL OR customers.segment = $segment)
),
last_answers AS (
  SELECT nps, csat, ces, monthly_value, lifetime_value, churned FROM ordered WHERE age = 1
),
scores AS (
  SELECT
    place,
    kpi,
    CAST(CASE kpi WHEN 'nps' THEN nps WHEN 'csat' THEN csat ELSE ces END AS DOUBLE) AS score,
    churned,
    monthly_value,
    lifetime_value
  FROM last_answers CROSS JOIN (VALUES (1, 'nps'), (2, 'csat'), (3, 'ces')) AS kpis(place, kpi)
),
fitted AS (
  SELECT
    kpi AS fitted_kpi,
    logit_fit(churned, score) AS leaving,
    ols_fit(monthly_value, score) AS monthly,
    ols_fit(lifetime_value, score) AS lifetime
  FROM scores
  WHERE score IS NOT NULL
  GROUP BY kpi
),
predicted AS (
  SELECT
    *,
    logit_predict(leaving, score) AS probability,
    (leaving['terms'])[2]['estimate'] AS slope,
    score <= 6 AND NOT churned AS is_at_risk
  FROM scores JOIN fitted ON fitted_kpi = kpi
  WHERE score IS NOT NULL
),
weighted AS (
  SELECT
    *,
    probability * (1 - probability) AS spread,
    probability * (1 - probability) * (1 - 2 * probability) AS bend
  FROM predicted
),
sums AS (
  -- The information of the fit (its inverse is the covariance of intercept, 0, and slope, 1), and
  -- what the gradients of change and loss are made of (delta method).
  SELECT
    place,
    kpi,
    first_value(leaving) AS leaving,
    first_value(monthly) AS monthly,
    first_value(lifetime) AS lifetime,
    min(slope) AS slope,
    sum(spread) AS i00,
    sum(spread * score) AS i01,
    sum(spread * score * score) AS i11,
    avg(spread) AS mean_spread,
    avg(bend) AS bend,
    avg(bend * score) AS bend_score,
    sum(probability * monthly_value) FILTER (WHERE is_at_risk) AS loss,
    sum(spread * monthly_value) FILTER (WHERE is_at_risk) AS loss_0,
    sum(spread * score * monthly_value) FILTER (WHERE is_at_risk) AS loss_1,
    sum(monthly_value) FILTER (WHERE NOT churned) AS remaining_value,
    count(monthly_value) FILTER (WHERE NOT churned) AS remaining_valued,
    sum(monthly_value) FILTER (WHERE is_at_risk) AS detractor_value,
    count(monthly_value) FILTER (WHERE is_at_risk) AS detractors_valued,
    rate_summary(score <= 6) FILTER (WHERE NOT churned) AS detractors
  FROM weighted
  GROUP BY place, kpi
),
gradients AS (
  SELECT
    *,
    nullif(i00 * i11 - i01 * i01, 0) AS determinant,
    slope * bend AS change_0,
    mean_spread + slope * bend_score AS change_1
  FROM sums
),
derived AS (
  SELECT
    *,
    (leaving['terms'])[2]['se'] AS slope_se,
    sqrt(
      (i11 * change_0 * change_0 - 2 * i01 * change_0 * change_1 + i00 * change_1 * change_1)
        / determinant
    ) AS change_se,
    sqrt((i11 * loss_0 * loss_0 - 2 * i01 * loss_0 * loss_1 + i00 * loss_1 * loss_1) / determinant)
      AS loss_se
  FROM gradients
),
measures AS (
  SELECT CAST(value AS BIGINT) AS step FROM generate_series(1, 8)
),
told AS (
  SELECT
    place,
    kpi,
    step,
    CASE step
      WHEN 1 THEN exp(slope)
      WHEN 2 THEN 100.0 * slope * mean_spread
      WHEN 3 THEN (monthly['terms'])[2]['estimate']
      WHEN 4 THEN (lifetime['terms'])[2]['estimate']
      WHEN 5 THEN coalesce(detractor_value, 0)
      WHEN 6 THEN 100.0 * coalesce(detractor_value, 0) / nullif(remaining_value, 0)
      WHEN 7 THEN detractors['rate']
      WHEN 8 THEN loss
    END AS value,
    CASE step
      WHEN 1 THEN exp(slope - 1.959963984540054 * slope_se)
      WHEN 2 THEN 100.0 * (slope * mean_spread - 1.959963984540054 * change_se)
      WHEN 3 THEN (monthly['terms'])[2]['low']
      WHEN 4 THEN (lifetime['terms'])[2]['low']
      WHEN 7 THEN detractors['low']
      WHEN 8 THEN loss - 1.959963984540054 * loss_se
    END AS low,
    CASE step
      WHEN 1 THEN exp(slope + 1.959963984540054 * slope_se)
      WHEN 2 THEN 100.0 * (slope * mean_spread + 1.959963984540054 * change_se)
      WHEN 3 THEN (monthly['terms'])[2]['high']
      WHEN 4 THEN (lifetime['terms'])[2]['high']
      WHEN 7 THEN detractors['high']
      WHEN 8 THEN loss + 1.959963984540054 * loss_se
    END AS high,
    CASE step
      WHEN 1 THEN (leaving['terms'])[2]['p']
      WHEN 2 THEN (leaving['terms'])[2]['p']
      WHEN 3 THEN (monthly['terms'])[2]['p']
      WHEN 4 THEN (lifetime['terms'])[2]['p']
    END AS p,
    CASE step
      WHEN 1 THEN leaving['n']
      WHEN 2 THEN leaving['n']
      WHEN 3 THEN monthly['n']
      WHEN 4 THEN lifetime['n']
      WHEN 5 THEN detractors_valued
      WHEN 6 THEN remaining_valued
      WHEN 7 THEN detractors['n']
      WHEN 8 THEN detractors_valued
    END AS n,
    CASE step
      WHEN 1 THEN leaving['note']
      WHEN 2 THEN leaving['note']
      WHEN 3 THEN monthly['note']
      WHEN 4 THEN lifetime['note']
      WHEN 8 THEN leaving['note']
    END AS note
  FROM derived JOIN measures
    ON step <= 4
      OR kpi = 'nps' AND (step = 7 AND detractors['n'] > 0 OR remaining_valued > 0)
)
SELECT
  kpi,
  CASE step
    WHEN 1 THEN 'odds ratio of leaving'
    WHEN 2 THEN 'percentage points of leaving'
    WHEN 3 THEN 'monthly value'
    WHEN 4 THEN 'lifetime value'
    WHEN 5 THEN 'monthly value of detractors'
    WHEN 6 THEN 'share of monthly value'
    WHEN 7 THEN 'share of customers'
    WHEN 8 THEN 'expected loss of monthly value'
  END AS measure,
  value,
  low,
  high,
  p,
  n,
  note
FROM told
ORDER BY step > 4, place, step
