-- method: Net Promoter Score
-- source: Rocks, R package NPS (brendan-r/NPS), tests: nps of 0, 7, 7, 9, 9, 9 is 1/3 and its variance 5/9
-- published: three_times = 1, variance_in_ninths = 5
SELECT 3 * nps / 100 AS three_times, 9 * n * power(se / 100, 2) AS variance_in_ninths
FROM (SELECT expand(nps_summary(score, method => 'wald')) FROM (VALUES (0), (7), (7), (9), (9), (9)) AS t(score));

-- method: Net Promoter Score, variance and standard error
-- source: Rocks, R package NPS (brendan-r/NPS), tests of nps_var and nps_se: a is 0, 7, 7, 9, 9, 9; b is 1, 9; c is 7, 9; d is 0, 7, 9 (a variance of 2/3)
-- published: a_se = 0.304, b_variance = 1, b_se = 0.707, c_variance = 0.25, c_se = 0.354, d_variance_in_thirds = 2, d_se = 0.471
SELECT a['se'] / 100 AS a_se, 2 * power(b['se'] / 100, 2) AS b_variance, b['se'] / 100 AS b_se, 2 * power(c['se'] / 100, 2) AS c_variance,
       c['se'] / 100 AS c_se, 9 * power(d['se'] / 100, 2) AS d_variance_in_thirds, d['se'] / 100 AS d_se
FROM (SELECT nps_summary(score, method => 'wald') FILTER (WHERE g = 'a') AS a, nps_summary(score, method => 'wald') FILTER (WHERE g = 'b') AS b,
             nps_summary(score, method => 'wald') FILTER (WHERE g = 'c') AS c, nps_summary(score, method => 'wald') FILTER (WHERE g = 'd') AS d
      FROM (VALUES ('a', 0), ('a', 7), ('a', 7), ('a', 9), ('a', 9), ('a', 9), ('b', 1), ('b', 9), ('c', 7), ('c', 9), ('d', 0), ('d', 7), ('d', 9)) AS t(g, score));

-- method: Net Promoter Score at its ends
-- source: Rocks, R package NPS (brendan-r/NPS), tests of nps: a single 0, 7 and 10
-- published: lowest = -1, middle = 0, highest = 1
SELECT nps(score) FILTER (WHERE score = 0) / 100 AS lowest, nps(score) FILTER (WHERE score = 7) / 100 AS middle,
       nps(score) FILTER (WHERE score = 10) / 100 AS highest
FROM (VALUES (0), (7), (10)) AS t(score);

-- method: Net Promoter Score from promoters and detractors
-- source: DELA, Annual report 2018, glossary: 30 % promoters and 20 % detractors are +10
-- published: promoters = 30, detractors = 20, nps = 10, top = 30, bottom = 20
SELECT promoters(score) AS promoters, detractors(score) AS detractors, nps(score) AS nps,
       top_box(score, 2, 10) AS top, bottom_box(score, 7, 0, 10) AS bottom
FROM (VALUES (10, 3), (8, 5), (4, 2)) AS t(score, times) CROSS JOIN generate_series(1, 5) AS s(i) WHERE i <= times;

-- method: Net Promoter Score from stored counts
-- source: Rocks, R package NPS (brendan-r/NPS), tests of nps: 1 detractor, 2 passives and 3 promoters are 1/3
-- published: three_times = 1, three_times_summary = 1
SELECT 3 * nps_from_counts(merge_counts(counts)) / 100 AS three_times,
       3 * (nps_summary_from_counts(merge_counts(counts)))['nps'] / 100 AS three_times_summary
FROM (SELECT score_counts(score, 0, 10) AS counts FROM (VALUES (0), (7), (7), (9), (9), (9)) AS t(score) GROUP BY score);

-- method: Categories of the Net Promoter Score
-- source: Reichheld 2003, Harvard Business Review 81(12): promoters 9-10, passives 7-8, detractors 0-6
-- published: promoters = 2, passives = 2, detractors = 7
SELECT count(*) FILTER (WHERE category = 'promoter') AS promoters, count(*) FILTER (WHERE category = 'passive') AS passives,
       count(*) FILTER (WHERE category = 'detractor') AS detractors
FROM (SELECT nps_category(score) AS category FROM generate_series(0, 10) AS t(score));

-- method: Three intervals of the Net Promoter Score, 100 answers
-- source: Rocks 2016, The American Statistician 70(4), by the formulas of R/nps_interval_estimators.R of his R package NPS: 60 promoters, 25 passives, 15 detractors
-- published: wald_low = .30497591, wald_high = .59502409, adjusted_low = .29343111, adjusted_high = .58035530
-- published: score_low = .2925692, score_high = .5812570
SELECT wald['low'] / 100 AS wald_low, wald['high'] / 100 AS wald_high, adjusted['low'] / 100 AS adjusted_low,
       adjusted['high'] / 100 AS adjusted_high, score['low'] / 100 AS score_low, score['high'] / 100 AS score_high
FROM (SELECT nps_summary(x, method => 'wald') AS wald, nps_summary(x, method => 'adjusted_wald') AS adjusted, nps_summary(x) AS score
      FROM (VALUES (10, 60), (8, 25), (3, 15)) AS t(x, times) CROSS JOIN generate_series(1, 60) AS s(i) WHERE i <= times);

-- method: Three intervals of the Net Promoter Score, 36 answers
-- source: Rocks 2016, The American Statistician 70(4), by the formulas of R/nps_interval_estimators.R of his R package NPS: 15 promoters, 12 passives, 9 detractors
-- published: wald_low = -.09443492, wald_high = .42776825, adjusted_low = -.09529601, adjusted_high = .40298832
-- published: score_low = -.1006004, score_high = .4089842
SELECT wald['low'] / 100 AS wald_low, wald['high'] / 100 AS wald_high, adjusted['low'] / 100 AS adjusted_low,
       adjusted['high'] / 100 AS adjusted_high, score['low'] / 100 AS score_low, score['high'] / 100 AS score_high
FROM (SELECT nps_summary(x, method => 'wald') AS wald, nps_summary(x, method => 'adjusted_wald') AS adjusted, nps_summary(x) AS score
      FROM (VALUES (10, 15), (8, 12), (3, 9)) AS t(x, times) CROSS JOIN generate_series(1, 15) AS s(i) WHERE i <= times);

-- method: Intervals of the Net Promoter Score, promoters only
-- source: Rocks 2016, The American Statistician 70(4), by the formulas of R/nps_interval_estimators.R of his R package NPS: 10 promoters
-- published: adjusted_low = .47503552, score_low = .4449344, score_high = 1
SELECT adjusted['low'] / 100 AS adjusted_low, score['low'] / 100 AS score_low, score['high'] / 100 AS score_high
FROM (SELECT nps_summary(x, method => 'adjusted_wald') AS adjusted, nps_summary(x) AS score
      FROM (SELECT 10 AS x FROM generate_series(1, 10)));

-- method: Weighted Net Promoter Score, linearised error and Kish's effective number
-- source: formulas of Lumley 2004, Journal of Statistical Software 9 (svymean of R survey) and Kish 1965, Survey Sampling, worked out in mpmath 1.4
-- published: nps = .05, se = .30893994, n_effective = 9.27643785
SELECT nps / 100 AS nps, se / 100 AS se, n_effective
FROM (SELECT expand(nps_summary(score, weight))
      FROM (VALUES (10, 1.2), (9, 0.8), (8, 1.0), (7, 1.0), (6, 1.5), (3, 0.7), (10, 0.9), (9, 1.1), (2, 1.3), (8, 0.5)) AS t(score, weight));
