-- method: Customer effort, seven points
-- source: CYS, support article on the CES 7-point scale to average: 80, 210, 140, 110, 160, 180 and 120 answers of 1 to 7
-- published: ces = 4.08, summary = 4.08, stored = 4.08
SELECT ces(score) AS ces, (ces_summary(score))['ces'] AS summary, mean_from_counts(score_counts(score, 1, 7), 1) AS stored
FROM (VALUES (1, 80), (2, 210), (3, 140), (4, 110), (5, 160), (6, 180), (7, 120)) AS t(score, times)
CROSS JOIN generate_series(1, 210) AS s(i) WHERE i <= times;

-- method: Customer effort, five points
-- source: ZapScale, customer success glossary, CES: answers 3, 5, 4, 5, 2
-- published: ces = 3.8
SELECT ces(score, 5) AS ces FROM (VALUES (3), (5), (4), (5), (2)) AS t(score);

-- method: Mean and t interval
-- source: Bonett, R package statpsych, example of ci.mean: 10 values of mean 38.3 and deviation 8.14
-- published: mean = 38.3, sd = 8.14, se = 2.574094, low = 32.47699, high = 44.12301
SELECT mean, sd, se, low, high
FROM (SELECT expand(mean_summary(38.3 + 8.14 * (CASE WHEN i % 2 = 0 THEN 1 ELSE -1 END) * sqrt(0.9))) FROM generate_series(1, 10) AS t(i));

-- method: Mean and deviation, NumAcc1
-- source: NIST Statistical Reference Datasets, univariate, NumAcc1
-- published: mean = 10000002, sd = 1
SELECT mean, sd FROM (SELECT expand(mean_summary(x)) FROM (VALUES (10000001), (10000003), (10000002)) AS t(x));

-- method: Mean and deviation, NumAcc3
-- source: NIST Statistical Reference Datasets, univariate, NumAcc3
-- published: mean = 1000000.2, sd = 0.1
SELECT mean, sd
FROM (SELECT expand(mean_summary(CASE WHEN i = 0 THEN 1000000.2 WHEN i % 2 = 1 THEN 1000000.1 ELSE 1000000.3 END)) FROM generate_series(0, 1000) AS t(i));

-- method: Mean and deviation, NumAcc4
-- source: NIST Statistical Reference Datasets, univariate, NumAcc4
-- published: mean = 10000000.2, sd = 0.1
SELECT mean, sd
FROM (SELECT expand(mean_summary(CASE WHEN i = 0 THEN 10000000.2 WHEN i % 2 = 1 THEN 10000000.1 ELSE 10000000.3 END)) FROM generate_series(0, 1000) AS t(i));

-- method: Expectation gap, paired t
-- source: R, example of t.test(extra ~ group, sleep, paired): the sleepers of Student 1908, Biometrika 6
-- published: gap = 1.58, t = 4.0621, p = 0.002833, low = 0.7001142, high = 2.4598858
SELECT gap, t, p, low, high
FROM (SELECT expand(expectation_gap(perception, expectation))
      FROM (VALUES (1.9, 0.7), (0.8, -1.6), (1.1, -0.2), (0.1, -1.2), (-0.1, -0.1), (4.4, 3.4), (5.5, 3.7), (1.6, 0.8), (4.6, 0.0), (3.4, 2.0)) AS t(perception, expectation));

-- method: Quantile
-- source: pandas, example of DataFrame.quantile: 1, 2, 3, 4 at 0.1 and 0.5
-- published: q10 = 1.3, median = 2.5
SELECT quantile_from_counts(counts, 0.1, 1) AS q10, quantile_from_counts(counts, 0.5, 1) AS median
FROM (SELECT score_counts(score, 1, 4) AS counts FROM (VALUES (1), (2), (3), (4)) AS t(score));

-- method: Quantile of scores far apart
-- source: pandas, example of DataFrame.quantile: 1, 10, 100, 100 at 0.1 and 0.5
-- published: q10 = 3.7, median = 55.0
SELECT quantile_from_counts(counts, 0.1, 1) AS q10, quantile_from_counts(counts, 0.5, 1) AS median
FROM (SELECT score_counts(score, 1, 100) AS counts FROM (VALUES (1), (10), (100), (100)) AS t(score));
