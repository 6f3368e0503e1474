-- title: What detractors say
-- title_es: Qué dicen los detractores
-- question: Which words do the unhappy use that others do not?
-- question_es: ¿Qué palabras usan los descontentos y los demás no?
-- chart: table
-- roles: executive, operations, analyst
-- parameters: k integer = 10, from date = NULL, to date = NULL, touchpoint text = NULL, segment
--    text = NULL, language text = NULL
-- reading: For each language the terms that set comments of detractors (0 to 6) apart from those
--    of passives and promoters, the strongest first: how often they were written on either side,
--    how many comments of detractors have a word that begins so and which share of these that is,
--    with its 95 % interval, and the log of the odds ratio with its interval and p_adjusted for
--    all terms of the language; drawn towards 0 where a term is rare. Forms of a word count as
--    one, under the commonest; stop words do not count. The example is the latest such comment.
--    The period is the twelve months up to the last comment unless given (both days included).
--    Terms stand apart, which need not mean often; comments with no score do not count, and few
--    write any.
-- reading_es: Para cada idioma, los términos que distinguen los comentarios de los detractores (0
--    a 6) de los de pasivos y promotores, primero los más claros: cuántas veces se escriben a cada
--    lado, cuántos comentarios de detractores tienen una palabra que empieza así y qué porcentaje
--    de estos suponen, con su intervalo del 95 %, y el logaritmo de la razón de posibilidades con
--    su intervalo y su p_adjusted por todos los términos del idioma, acercado a 0 si el término es
--    raro. Las formas de una palabra cuentan como una, con la más frecuente; las palabras vacías
--    no cuentan. El ejemplo es el comentario más reciente de ese tipo. El periodo son los doce
--    meses hasta el último comentario, salvo que se indique otro (ambos días incluidos). Un
--    término que distingue no tiene por qué ser frecuente; los comentarios sin puntuación no
--    cuentan, y pocos clientes los escriben.
WITH last_comment AS (
  SELECT coalesce($to, CAST(max(responded_at) AS DATE)) AS last_day
  FROM responses
  WHERE trim(comment) <> ''
),
period AS (
  SELECT
    coalesce($from, CAST(last_day + INTERVAL '1 day' - INTERVAL '12 months' AS DATE)) AS first_day,
    CAST(last_day + INTERVAL '1 day' AS DATE) AS until
  FROM last_comment
),
comments AS (
  SELECT
    coalesce(responses.language, '') AS spoken,
    lower(left(trim(responses.language), 2)) AS code,
    comment,
    nps <= 6 AS is_detractor,
    responded_at,
    response_id
  FROM responses CROSS JOIN period
  WHERE responded_at >= first_day AND responded_at < until
    AND trim(comment) <> '' AND nps IS NOT NULL
    AND ($touchpoint IS NULL OR touchpoint = $touchpoint)
    AND ($segment IS NULL OR segment = $segment)
    AND ($language IS NULL OR responses.language = $language)
),
keys AS (
  SELECT spoken, expand(keyness(comment, is_detractor, $k, 'es'))
  FROM comments WHERE code = 'es' GROUP BY spoken
  UNION ALL
  SELECT spoken, expand(keyness(comment, is_detractor, $k, 'en'))
  FROM comments WHERE code = 'en' GROUP BY spoken
  UNION ALL
  SELECT spoken, expand(keyness(comment, is_detractor, $k))
  FROM comments WHERE coalesce(code, '') NOT IN ('es', 'en') GROUP BY spoken
),
placed AS (
  SELECT
    *,
    CASE WHEN z <> 0 THEN 1.959963984540054 * log_odds / z END AS half,
    row_number() OVER (PARTITION BY spoken ORDER BY z DESC, term) AS place
  FROM keys
),
unhappy AS (
  SELECT
    spoken AS language_spoken, comment, lower(comment) AS words, responded_at, response_id
  FROM comments
  WHERE is_detractor
),
said AS (
  SELECT
    placed.spoken,
    placed.place,
    rate_summary(regexp_like(words, concat('\b', term))) AS comments,
    first_value(comment ORDER BY responded_at DESC, response_id DESC NULLS LAST)
      FILTER (WHERE regexp_like(words, concat('\b', term))) AS example
  FROM placed JOIN unhappy ON language_spoken = placed.spoken
  GROUP BY placed.spoken, placed.place
)
SELECT
  nullif(placed.spoken, '') AS language,
  placed.place AS place,
  term,
  n_true AS written_by_detractors,
  n_false AS written_by_others,
  comments['events'] AS detractor_comments,
  comments['rate'] AS share,
  comments['low'] AS share_low,
  comments['high'] AS share_high,
  comments['n'] AS n,
  log_odds,
  log_odds - half AS low,
  log_odds + half AS high,
  z,
  p_adjusted,
  example
FROM placed JOIN said ON said.spoken = placed.spoken AND said.place = placed.place
ORDER BY language NULLS LAST, placed.place
