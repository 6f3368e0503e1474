-- title: Which KPIs cannot be told apart
-- title_es: Qué indicadores no se distinguen
-- question: Is the best KPI really better than the next, or is that chance?
-- question_es: ¿El mejor indicador es de verdad mejor que el siguiente, o es azar?
-- chart: table
-- roles: executive, analyst
-- parameters: segment text = NULL, touchpoint text = NULL
-- reading: KPIs in pairs, on the customers who gave both: each once, with the last answer sheet
--    before leaving (or the last of all for those still there) that has any score. The areas auc_a
--    and auc_b are turned so that more is better, and their difference comes with its 95 %
--    interval; delong_p decides, p_adjusted corrects it for the number of pairs
--    (Benjamini–Hochberg), and the verdict names the stronger where that is below 0.05. `cannot
--    tell` means that these customers do not decide, not that both are equal: look how wide the
--    interval is. Then the cheaper or the older KPI will do. zou_low and zou_high bound the
--    difference of the correlations; Williams, Steiger and Vuong test the same in other ways. None
--    of it says that a KPI makes customers leave.
-- reading_es: Los indicadores por pares, sobre los clientes que dieron ambos: cada uno una vez,
--    con la última hoja de respuestas anterior a su baja (o la última de todas si sigue) que tenga
--    alguna puntuación. Las áreas auc_a y auc_b están orientadas para que más sea mejor y su
--    diferencia lleva su intervalo del 95 %; decide delong_p, p_adjusted lo corrige por el número
--    de pares (Benjamini–Hochberg) y el veredicto (verdict) nombra al más fuerte si queda por
--    debajo de 0,05. `cannot tell` significa que estos clientes no deciden, no que ambos sean
--    iguales: hay que mirar la anchura del intervalo. En ese caso basta el indicador más barato o
--    el más antiguo. zou_low y zou_high acotan la diferencia de las correlaciones; Williams,
--    Steiger y Vuong prueban lo mismo de otras maneras. Nada de esto dice que un indicador haga
--    que los clientes se vayan.
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
contest AS (
  SELECT expand(kpi_contest(churned, nps, csat, ces)) FROM last_answers
),
answered AS (
  SELECT count(*) AS customers FROM last_answers
)
SELECT
  kpi_a,
  kpi_b,
  n,
  verdict,
  auc_a,
  auc_b,
  auc_a - auc_b AS difference,
  CASE WHEN delong_z <> 0 THEN
    auc_a - auc_b - 1.959963984540054 * abs((auc_a - auc_b) / delong_z)
  END AS low,
  CASE WHEN delong_z <> 0 THEN
    auc_a - auc_b + 1.959963984540054 * abs((auc_a - auc_b) / delong_z)
  END AS high,
  delong_p,
  p_adjusted,
  pearson_a,
  pearson_b,
  pearson_ab,
  zou_low,
  zou_high,
  williams_p,
  steiger_p,
  vuong_p,
  note
FROM contest CROSS JOIN answered
WHERE customers > 0
ORDER BY p_adjusted NULLS LAST, kpi_a, kpi_b
