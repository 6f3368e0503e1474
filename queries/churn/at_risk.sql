-- title: Customers at risk, the most valuable first
-- title_es: Clientes en riesgo, los de más valor primero
-- question: Whom should we call today?
-- question_es: ¿A quién deberíamos llamar hoy?
-- chart: table
-- roles: operations, analyst
-- concepts: risk, monthly_value
-- parameters: segment text = NULL, most integer = 20
-- reading: Customers who have not left, by risk times monthly value; of equal ones the latest
--    answer first. Risk is a rule of thumb from the last answer, not a probability: (10 − NPS) /
--    10, from 0 for a ten to 1 for a zero. Customers whose last answer leaves the NPS question
--    blank are placed by the last one that does not; those of unknown value count with the
--    average. Old answers weigh as much as new ones: look at the date.
-- reading_es: Clientes que no se han ido, por riesgo multiplicado por valor mensual; en caso de
--    empate, primero la respuesta más reciente. El riesgo es una regla práctica a partir de la
--    última respuesta, no una probabilidad: (10 − NPS) / 10, de 0 para un diez a 1 para un cero.
--    Si la última respuesta deja el NPS en blanco, cuenta la última que no lo deja; los clientes
--    de valor desconocido cuentan con el valor medio. Las respuestas antiguas pesan igual que las
--    nuevas: conviene mirar la fecha.
WITH ordered AS (
  SELECT
    customer_id, nps, touchpoint, reason, responded_at,
    row_number() OVER (
      PARTITION BY customer_id ORDER BY responded_at DESC NULLS LAST, response_id DESC NULLS LAST
    ) AS age
  FROM responses
  WHERE nps IS NOT NULL AND customer_id IS NOT NULL
),
last_answers AS (
  SELECT
    ordered.customer_id, ordered.nps, ordered.touchpoint, ordered.reason, ordered.responded_at,
    customers.segment, customers.monthly_value,
    (10 - ordered.nps) / 10.0 AS risk
  FROM ordered JOIN customers ON customers.customer_id = ordered.customer_id
  WHERE ordered.age = 1
    AND customers.churned_on IS NULL
    AND NOT coalesce(CAST(customers.churned AS BOOLEAN), false)
    AND ($segment IS NULL OR customers.segment = $segment)
),
valued AS (
  SELECT *, coalesce(monthly_value, avg(monthly_value) OVER (), 1.0) AS worth FROM last_answers
),
placed AS (
  SELECT *, risk_rank(risk, worth) OVER () AS place FROM valued
)
SELECT place, customer_id, segment, risk, monthly_value, nps, touchpoint, reason, responded_at
FROM placed
WHERE place IS NOT NULL
ORDER BY place, responded_at DESC NULLS LAST, customer_id
LIMIT $most
