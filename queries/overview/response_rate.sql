-- title: Response rate by channel
-- title_es: Tasa de respuesta por canal
-- question: How many of those we ask answer, and where do we hear too little?
-- question_es: ¿Cuántas de las personas a las que preguntamos responden y dónde escuchamos
--    demasiado poco?
-- chart: bar
-- roles: executive, operations, analyst
-- concepts: top 5 of channel
-- parameters: from date = NULL, to date = NULL
-- reading: Share of the invitations of a channel that were answered, with its 95 % interval: the
--    five channels with most invitations. The period is the twelve months up to the last
--    invitation unless given (both days included). Invitations of the last days may still be
--    answered. Those who answer differ from those who do not: a low rate makes the other
--    indicators less certain than their intervals say.
-- reading_es: Porcentaje de las invitaciones de un canal que obtuvieron respuesta, con su
--    intervalo del 95 %: los cinco canales con más invitaciones. El periodo son los doce meses
--    hasta la última invitación, salvo que se indique otro (ambos días incluidos). Las
--    invitaciones de los últimos días aún pueden obtener respuesta. Quienes responden difieren de
--    quienes no: una tasa baja hace los demás indicadores menos seguros de lo que dicen sus
--    intervalos.
WITH last_invitation AS (
  SELECT coalesce($to, CAST(max(invited_at) AS DATE)) AS last_day FROM invitations
),
period AS (
  SELECT
    coalesce($from, CAST(last_day + INTERVAL '1 day' - INTERVAL '12 months' AS DATE)) AS first_day,
    CAST(last_day + INTERVAL '1 day' AS DATE) AS until
  FROM last_invitation
),
channels AS (
  SELECT channel, rate_summary(response_id IS NOT NULL) AS answered
  FROM invitations CROSS JOIN period
  WHERE invited_at >= first_day AND invited_at < until
    AND channel IS NOT NULL
    AND (SELECT count(response_id) FROM invitations) > 0
  GROUP BY channel
),
largest AS (
  SELECT channel, answered FROM channels ORDER BY answered['n'] DESC, channel LIMIT 5
)
SELECT
  channel,
  answered['rate'] AS response_rate,
  answered['low'] AS low,
  answered['high'] AS high,
  answered['n'] AS invitations,
  answered['events'] AS responses
FROM largest
ORDER BY response_rate DESC, channel
