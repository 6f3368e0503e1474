-- title: Which KPI explains leaving
-- title_es: Qué indicador explica el abandono
-- question: Which of the scores we ask for tells best who will leave?
-- question_es: De las puntuaciones que pedimos, ¿cuál dice mejor quién se irá?
-- chart: table
-- roles: executive, analyst
-- parameters: segment text = NULL, touchpoint text = NULL
-- reading: Each customer once, with the last answer sheet before leaving (or the last of all for
--    those still there) that has any score; each KPI on the sheets that have it (n, and the
--    leavers among them). Best first, by the distance of auc from 0.5: the probability that a
--    leaver scores higher than one who stays, so below 0.5 leavers score lower. auc and pearson
--    come with 95 % intervals, p_adjusted corrects for the number of KPIs (Benjamini–Hochberg),
--    cv_log_loss is error on rows not fitted (lower is better), top_decile_lift is how many times
--    more leavers the tenth at most risk holds. A higher place need not be more than chance:
--    `validation/contest` tells. The last answers of leavers may be older or fresher than those of
--    others, customers who never answer are missing, and a score that goes with leaving need not
--    cause it.
-- reading_es: Cada cliente una vez, con la última hoja de respuestas anterior a su baja (o la
--    última de todas si sigue) que tenga alguna puntuación; cada indicador sobre las hojas que lo
--    tienen (n, y leavers, las bajas entre ellas). Primero el mejor, por la distancia del auc a
--    0,5: la probabilidad de que quien se va puntúe más alto que quien se queda; por debajo de
--    0,5, quienes se van puntúan más bajo. auc y pearson llevan su intervalo del 95 %, p_adjusted
--    corrige por el número de indicadores (Benjamini–Hochberg), cv_log_loss es el error sobre
--    filas no usadas en el ajuste (menos es mejor) y top_decile_lift, cuántas veces más bajas hay
--    en la décima parte con más riesgo. Un puesto mejor puede ser azar: lo dice
--    `validation/contest`. La última respuesta de quienes se van puede ser más antigua o más
--    reciente que la de los demás, faltan los clientes que nunca responden y que una puntuación
--    acompañe al abandono no significa que lo cause.
WITH ordered AS (
  SELECT
    on_scale(responses.nps, 0, 10) AS nps,
    on_scale(responses.csat, 1, 5) AS csat,
    on_scale(responses.ces, 1, 7) AS ces,
    coalesce(CAST(customers.churned AS BOOLEAN), customers.churned_on IS NOT NULL) AS churned,
    row_number() OVER (
      PARTITION BY responses.customer_id
      ORDER BY responses.responded_at DESC NULLS LAST, responses.response_id DESC NULLS LAST
    ) AS age
  FROM responses JOIN customers ON customers.customer_id = responses.customer_id
  WHERE coalesce(responses.nps, responses.csat, responses.ces) IS NOT NULL
    AND (customers.churned_on IS NULL OR responses.responded_at < customers.churned_on)
    AND ($segment IS NULL OR customers.segment = $segment)
    AND ($touchpoint IS NULL OR responses.touchpoint = $touchpoint)
),
last_answers AS (
  SELECT nps, csat, ces, churned FROM ordered WHERE age = 1
),
validated AS (
  SELECT expand(kpi_validation(churned, nps, csat, ces)) FROM last_answers
),
leaving AS (
  SELECT
    count(*) AS customers,
    count(nps) FILTER (WHERE churned) AS nps_leavers,
    count(csat) FILTER (WHERE churned) AS csat_leavers,
    count(ces) FILTER (WHERE churned) AS ces_leavers
  FROM last_answers
)
SELECT
  rank,
  kpi,
  n,
  CASE kpi WHEN 'nps' THEN nps_leavers WHEN 'csat' THEN csat_leavers ELSE ces_leavers END
    AS leavers,
  direction,
  auc,
  auc_low,
  auc_high,
  pearson,
  pearson_low,
  pearson_high,
  pearson_p AS p,
  p_adjusted,
  spearman,
  kendall,
  mcfadden,
  cv_log_loss,
  top_decile_lift,
  note
FROM validated CROSS JOIN leaving
WHERE customers > 0
ORDER BY rank NULLS LAST, kpi
