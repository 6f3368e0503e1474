-- method: Pearson's correlation, four data sets of one
-- source: Anscombe 1973, The American Statistician 27: 0.82 in each
-- published: first = 0.82, second = 0.82, third = 0.82, fourth = 0.82
SELECT pearson(x, y1) AS first, pearson(x, y2) AS second, pearson(x, y3) AS third, pearson(x4, y4) AS fourth
FROM (VALUES (10, 8.04, 9.14, 7.46, 8, 6.58), (8, 6.95, 8.14, 6.77, 8, 5.76), (13, 7.58, 8.74, 12.74, 8, 7.71), (9, 8.81, 8.77, 7.11, 8, 8.84),
             (11, 8.33, 9.26, 7.81, 8, 8.47), (14, 9.96, 8.1, 8.84, 8, 7.04), (6, 7.24, 6.13, 6.08, 8, 5.25), (4, 4.26, 3.1, 5.39, 19, 12.5),
             (12, 10.84, 9.13, 8.15, 8, 5.56), (7, 4.82, 7.26, 6.42, 8, 7.91), (5, 5.68, 4.74, 5.73, 8, 6.89)) AS t(x, y1, y2, y3, x4, y4);

-- method: Pearson's correlation, its interval and p
-- source: R, example of cor.test: lightness and score of canned tuna, Hollander & Wolfe 1973, p. 185
-- published: r = 0.5711816, low = -0.1497426, high = 0.8955795, p = 0.1082
SELECT pearson AS r, pearson_low AS low, pearson_high AS high, pearson_p AS p
FROM (SELECT expand(kpi_validation(y, x))
      FROM (VALUES (44.4, 2.6), (45.9, 3.1), (41.9, 2.5), (53.3, 5.0), (44.7, 3.6), (44.1, 4.0), (50.7, 5.2), (45.2, 2.8), (60.1, 3.8)) AS t(x, y));

-- method: Spearman's rank correlation
-- source: Wikipedia, Spearman's rank correlation coefficient: IQ and hours of television, -29/165
-- published: in_165ths = -29
SELECT 165 * spearman(x, y) AS in_165ths
FROM (VALUES (106, 7), (100, 27), (86, 2), (101, 50), (99, 28), (103, 29), (97, 20), (113, 12), (112, 6), (110, 17)) AS t(x, y);

-- method: Spearman's rank correlation with ties
-- source: Zar 1984, Biostatistical Analysis: wing and tail of birds, corrected for ties
-- published: rho = 0.851
SELECT spearman(x, y) AS rho
FROM (VALUES (10.4, 7.4), (10.8, 7.6), (11.1, 7.9), (10.2, 7.2), (10.3, 7.4), (10.2, 7.1), (10.7, 7.4), (10.5, 7.2), (10.8, 7.8), (11.2, 7.7), (10.6, 7.8), (11.4, 8.3)) AS t(x, y);

-- method: Spearman's rank correlation with one tie
-- source: SciPy, example of scipy.stats.spearmanr
-- published: rho = 0.8207826816681233
SELECT spearman(x, y) AS rho FROM (VALUES (1, 5), (2, 6), (3, 7), (4, 8), (5, 7)) AS t(x, y);

-- method: Kendall's tau
-- source: R, example of cor.test, method kendall: lightness and score of canned tuna, Hollander & Wolfe 1973, p. 185
-- published: tau = 0.4444444
SELECT kendall(x, y) AS tau
FROM (VALUES (44.4, 2.6), (45.9, 3.1), (41.9, 2.5), (53.3, 5.0), (44.7, 3.6), (44.1, 4.0), (50.7, 5.2), (45.2, 2.8), (60.1, 3.8)) AS t(x, y);

-- method: Kendall's tau-b with ties
-- source: SciPy, example of scipy.stats.kendalltau
-- published: tau = -0.47140452079103173
SELECT kendall(x, y) AS tau FROM (VALUES (12, 1), (2, 4), (1, 7), (12, 1), (2, 0)) AS t(x, y);

-- method: Kendall's tau-b of a contingency table
-- source: SAS/STAT 9.2, PROC FREQ, measures of association for the pain data
-- published: tau = 0.3373
SELECT kendall(x, y) AS tau
FROM (VALUES (0, 1, 26), (0, 2, 26), (0, 3, 23), (0, 4, 18), (0, 5, 9), (1, 1, 6), (1, 2, 7), (1, 3, 9), (1, 4, 14), (1, 5, 23)) AS t(x, y, times)
CROSS JOIN generate_series(1, 26) AS s(i) WHERE i <= times;
