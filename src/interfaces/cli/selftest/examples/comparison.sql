-- method: Two Net Promoter Scores, z test
-- source: Rocks, R package NPS (brendan-r/NPS), by the formulas of its nps_test: 60, 25, 15 against 45, 30, 25
-- published: z = 2.2750788, p = .0229012
SELECT z, p
FROM (SELECT expand(nps_compare(score, b))
      FROM (VALUES (true, 10, 60), (true, 8, 25), (true, 3, 15), (false, 9, 45), (false, 7, 30), (false, 0, 25)) AS t(b, score, times)
      CROSS JOIN generate_series(1, 60) AS s(i) WHERE i <= times);

-- method: Two Net Promoter Scores, adjusted Wald
-- source: Rocks, R package NPS (brendan-r/NPS), by the formulas of its nps_test with pseudo-observations, as in Lewis & Sauro 2021, MeasuringU: 60, 25, 15 against 45, 30, 25
-- published: low = .0304334, high = .4550035, p = .0250295
SELECT low / 100 AS low, high / 100 AS high, p
FROM (SELECT expand(compare_summaries(nps_summary(score) FILTER (WHERE NOT b), nps_summary(score) FILTER (WHERE b), method => 'adjusted'))
      FROM (VALUES (true, 10, 60), (true, 8, 25), (true, 3, 15), (false, 9, 45), (false, 7, 30), (false, 0, 25)) AS t(b, score, times)
      CROSS JOIN generate_series(1, 60) AS s(i) WHERE i <= times);

-- method: Difference of two shares, 56/70 - 48/80
-- source: Newcombe 1998, Statistics in Medicine 17, 873-890, Table II, method 10
-- published: difference = .2000, low = .0524, high = .3339
SELECT difference / 100 AS difference, low / 100 AS low, high / 100 AS high
FROM (SELECT expand(rate_compare(i <= 48 OR i BETWEEN 81 AND 136, i > 80)) FROM generate_series(1, 150) AS t(i));

-- method: Difference of two shares, 9/10 - 3/10
-- source: Newcombe 1998, Statistics in Medicine 17, 873-890, Table II, method 10
-- published: difference = .6000, low = .1705, high = .8090
SELECT difference / 100 AS difference, low / 100 AS low, high / 100 AS high
FROM (SELECT expand(rate_compare(i <= 3 OR i BETWEEN 11 AND 19, i > 10)) FROM generate_series(1, 20) AS t(i));

-- method: Difference of two shares, 6/7 - 2/7
-- source: Newcombe 1998, Statistics in Medicine 17, 873-890, Table II, method 10
-- published: difference = .5714, low = .0582, high = .8062
SELECT difference / 100 AS difference, low / 100 AS low, high / 100 AS high
FROM (SELECT expand(rate_compare(i <= 2 OR i BETWEEN 8 AND 13, i > 7)) FROM generate_series(1, 14) AS t(i));

-- method: Difference of two shares at the ends, 0/10 - 0/20 and 10/10 - 0/20
-- source: Newcombe 1998, Statistics in Medicine 17, 873-890, Table II, method 10
-- published: none = 0, none_low = -.1611, none_high = .2775, all = 1.0000, all_low = .6791, all_high = 1.0000
SELECT none['difference'] / 100 AS none, none['low'] / 100 AS none_low, none['high'] / 100 AS none_high,
       whole['difference'] / 100 AS "all", whole['low'] / 100 AS all_low, whole['high'] / 100 AS all_high
FROM (SELECT rate_compare(false, i > 20) AS none, rate_compare(i > 20, i > 20) AS whole FROM generate_series(1, 30) AS t(i));

-- method: Pooled z test of two shares, 5/83 and 12/99
-- source: statsmodels 0.14, example of proportions_ztest
-- published: p = 0.159
SELECT p FROM (SELECT expand(rate_compare(i <= 5 OR i BETWEEN 84 AND 95, i > 83)) FROM generate_series(1, 182) AS t(i));

-- method: Two summaries of shares, pooled z test
-- source: statsmodels 0.14, example of proportions_ztest: 5/83 and 12/99
-- published: p = 0.159
SELECT p
FROM (SELECT expand(compare_summaries(rate_summary(i <= 5) FILTER (WHERE i <= 83), rate_summary(i <= 95) FILTER (WHERE i > 83)))
      FROM generate_series(1, 182) AS t(i));

-- method: Welch's t test of two means
-- source: R, example of t.test(extra ~ group, sleep): the sleepers of Student 1908, Biometrika 6
-- published: t = -1.8608, df = 17.776, p = 0.07939, low = -3.3654832, high = 0.2054832, mean_b = 0.75, mean_a = 2.33
SELECT t, df, p, low, high, mean_a, mean_b
FROM (SELECT expand(mean_compare(extra, b))
      FROM (VALUES (1.9, false), (0.8, false), (1.1, false), (0.1, false), (-0.1, false), (4.4, false), (5.5, false), (1.6, false), (4.6, false), (3.4, false),
                   (0.7, true), (-1.6, true), (-0.2, true), (-1.2, true), (-0.1, true), (3.4, true), (3.7, true), (0.8, true), (0.0, true), (2.0, true)) AS sleep(extra, b));

-- method: Welch's interval from means and standard deviations
-- source: Bonett, R package statpsych, example of ci.mean2: 40 values of mean 19.4 and deviation 2.70, 40 of 11.3 and 2.10
-- published: difference = 8.1, t = 14.9769, df = 73.54, low = 7.022256, high = 9.177744
SELECT difference, t, df, low, high
FROM (SELECT expand(mean_compare(CASE WHEN i <= 40 THEN 11.3 + 2.10 * d ELSE 19.4 + 2.70 * d END, i > 40))
      FROM (SELECT i, (CASE WHEN i % 2 = 0 THEN 1 ELSE -1 END) * sqrt(39.0 / 40) AS d FROM generate_series(1, 80) AS t(i)));

-- method: Two summaries of means, Welch
-- source: R, example of t.test(extra ~ group, sleep): the sleepers of Student 1908, Biometrika 6
-- published: difference = -1.58, low = -3.3654832, high = 0.2054832, p = 0.07939
SELECT difference, low, high, p
FROM (SELECT expand(compare_summaries(mean_summary(extra) FILTER (WHERE NOT b), mean_summary(extra) FILTER (WHERE b)))
      FROM (VALUES (1.9, false), (0.8, false), (1.1, false), (0.1, false), (-0.1, false), (4.4, false), (5.5, false), (1.6, false), (4.6, false), (3.4, false),
                   (0.7, true), (-1.6, true), (-0.2, true), (-1.2, true), (-0.1, true), (3.4, true), (3.7, true), (0.8, true), (0.0, true), (2.0, true)) AS sleep(extra, b));
