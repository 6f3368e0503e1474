-- title: From the invitation to the comment
-- title_es: De la invitación al comentario
-- question: Where do we lose those we ask?
-- question_es: ¿En qué paso perdemos a las personas a las que preguntamos?
-- chart: bar
-- roles: operations, analyst
-- concepts: invited, answered, scored, commented
-- parameters: from date = NULL, to date = NULL, touchpoint text = NULL, channel text = NULL
-- reading: Invitations sent, those answered, of these the ones that give the NPS score, and of
--    these the ones with a comment; each step as a share of the step before and of the first,
--    with 95 % intervals. The period is the twelve months up to the last invitation unless given
--    (both days included). A comment without a score is not counted, and a step whose column
--    nobody ever filled is left out.
-- reading_es: Invitaciones enviadas, las que obtuvieron respuesta, de estas las que dan la
--    puntuación del NPS y de estas las que llevan comentario; cada paso como porcentaje del
--    anterior y del primero, con intervalos del 95 %. El periodo son los doce meses hasta la
--    última invitación, salvo que se indique otro (ambos días incluidos). Un comentario sin
--    puntuación no cuenta, y un paso cuya columna nadie ha rellenado nunca se omite.
WITH last_invitation AS (
  SELECT coalesce($to, CAST(max(invited_at) AS DATE)) AS last_day FROM invitations
),
period AS (
  SELECT
    coalesce($from, CAST(last_day + INTERVAL '1 day' - INTERVAL '12 months' AS DATE)) AS first_day,
    CAST(last_day + INTERVAL '1 day' AS DATE) AS until
  FROM last_invitation
),
sheets AS (
  SELECT
    response_id,
    count(nps) > 0 AS has_score,
    count(nullif(trim(comment), '')) > 0 AS has_comment
  FROM responses
  WHERE response_id IS NOT NULL
  GROUP BY response_id
),
known AS (
  SELECT
    (SELECT count(response_id) > 0 FROM invitations) AS knows_answers,
    (SELECT count(nps) > 0 FROM responses) AS knows_scores,
    (SELECT count(nullif(trim(comment), '')) > 0 FROM responses) AS knows_comments
),
asked AS (
  SELECT
    true AS invited,
    invitations.response_id IS NOT NULL AS answered,
    coalesce(sheets.has_score, false) AS scored,
    coalesce(sheets.has_score AND sheets.has_comment, false) AS commented
  FROM invitations CROSS JOIN period
    LEFT JOIN sheets ON sheets.response_id = invitations.response_id
  WHERE invited_at >= first_day AND invited_at < until
    AND ($touchpoint IS NULL OR invitations.touchpoint = $touchpoint)
    AND ($channel IS NULL OR invitations.channel = $channel)
),
shares AS (
  SELECT
    rate_summary(invited) AS invited,
    rate_summary(answered) AS answered,
    rate_summary(answered) FILTER (WHERE invited) AS answered_of_invited,
    rate_summary(scored) AS scored,
    rate_summary(scored) FILTER (WHERE answered) AS scored_of_answered,
    rate_summary(commented) AS commented,
    rate_summary(commented) FILTER (WHERE scored) AS commented_of_scored
  FROM asked
),
steps AS (
  SELECT 1 AS place, 'invited' AS step, invited AS of_first, NULL AS of_previous
  FROM shares
  UNION ALL
  SELECT 2, 'answered', answered, answered_of_invited
  FROM shares CROSS JOIN known WHERE knows_answers
  UNION ALL
  SELECT 3, 'scored', scored, scored_of_answered
  FROM shares CROSS JOIN known WHERE knows_answers AND knows_scores
  UNION ALL
  SELECT 4, 'commented', commented, commented_of_scored
  FROM shares CROSS JOIN known WHERE knows_answers AND knows_scores AND knows_comments
)
SELECT
  step,
  of_first['events'] AS n,
  of_previous['rate'] AS share_of_previous,
  of_previous['low'] AS previous_low,
  of_previous['high'] AS previous_high,
  of_first['rate'] AS share_of_first,
  CASE WHEN place > 1 THEN of_first['low'] END AS first_low,
  CASE WHEN place > 1 THEN of_first['high'] END AS first_high
FROM steps
WHERE of_first['n'] > 0
ORDER BY place
