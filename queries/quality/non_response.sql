-- title: Who does not answer
-- title_es: Quién no responde
-- question: Which segments do we hear too little of?
-- question_es: ¿De qué segmentos nos llegan pocas respuestas?
-- chart: bar
-- roles: operations, analyst
-- concepts: top 5 of segment
-- parameters: from date = NULL, to date = NULL, touchpoint text = NULL, channel text = NULL
-- reading: Response rate of the customers of each segment with its 95 % interval, the most silent
--    first, and the rest that did not answer: the five segments with most invitations. A segment
--    whose share of the responses is below its share of the invitations weighs too little in
--    every indicator that is not weighted. The period is the twelve months up to the last
--    invitation unless given (both days included). Invitations of customers not on record are
--    left out, and no rate tells what the silent ones think.
-- reading_es: Tasa de respuesta de los clientes de cada segmento con su intervalo del 95 %, los
--    más callados primero, y el resto que no respondió: los cinco segmentos con más invitaciones.
--    Un segmento cuyo porcentaje de las respuestas queda por debajo de su porcentaje de las
--    invitaciones pesa demasiado poco en todo indicador sin ponderar. El periodo son los doce
--    meses hasta la última invitación, salvo que se indique otro (ambos días incluidos). Las
--    invitaciones de clientes que no constan quedan fuera, y ninguna tasa dice qué piensan
--    quienes callan.
WITH last_invitation AS (
  SELECT coalesce($to, CAST(max(invited_at) AS DATE)) AS last_day FROM invitations
),
period AS (
  SELECT
    coalesce($from, CAST(last_day + INTERVAL '1 day' - INTERVAL '12 months' AS DATE)) AS first_day,
    CAST(last_day + INTERVAL '1 day' AS DATE) AS until
  FROM last_invitation
),
segments AS (
  SELECT customers.segment, rate_summary(invitations.response_id IS NOT NULL) AS answered
  FROM invitations JOIN customers ON customers.customer_id = invitations.customer_id
    CROSS JOIN period
  WHERE invited_at >= first_day AND invited_at < until
    AND customers.segment IS NOT NULL
    AND (SELECT count(response_id) FROM invitations) > 0
    AND ($touchpoint IS NULL OR invitations.touchpoint = $touchpoint)
    AND ($channel IS NULL OR invitations.channel = $channel)
  GROUP BY customers.segment
),
counted AS (
  SELECT
    segment,
    answered,
    CAST(answered['n'] AS BIGINT) AS invitations,
    CAST(answered['events'] AS BIGINT) AS responses
  FROM segments
),
shares AS (
  SELECT
    *,
    100.0 * invitations / sum(invitations) OVER () AS share_of_invitations,
    100.0 * responses / nullif(sum(responses) OVER (), 0) AS share_of_responses
  FROM counted
),
largest AS (
  SELECT * FROM shares ORDER BY invitations DESC, segment LIMIT 5
)
SELECT
  segment,
  answered['rate'] AS response_rate,
  answered['low'] AS low,
  answered['high'] AS high,
  100.0 - answered['rate'] AS non_response_rate,
  invitations,
  responses,
  share_of_invitations,
  share_of_responses
FROM largest
ORDER BY response_rate, segment
