-- method: Intraclass correlations
-- source: Shrout & Fleiss 1979, Psychological Bulletin 86, table 4
-- published: icc1 = .17, icc2 = .29, icc3 = .71, icc1k = .44, icc2k = .62, icc3k = .91
SELECT expand(icc(a, b, c, d)) FROM (VALUES (9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7)) AS t(a, b, c, d);

-- method: Intraclass correlations of eight wines
-- source: pingouin, example of intraclass_corr (wines of real-statistics.com)
-- published: icc1 = 0.728, icc2 = 0.728, icc3 = 0.729, icc1k = 0.914, icc2k = 0.914, icc3k = 0.915
SELECT expand(icc(a, b, c, d))
FROM (VALUES (1, 2, 0, 1), (1, 3, 3, 2), (3, 8, 1, 4), (6, 4, 3, 3), (6, 5, 5, 6), (7, 5, 6, 2), (8, 7, 7, 9), (9, 9, 9, 8)) AS t(a, b, c, d);

-- method: Cronbach's alpha with Feldt's interval
-- source: pingouin, example of cronbach_alpha, data cronbach_alpha (real-statistics.com)
-- published: alpha = 0.5917188485995826, low = 0.195, high = 0.84
SELECT expand(cronbach_alpha(q1, q2, q3, q4, q5, q6, q7, q8, q9, q10))
FROM (VALUES (3, 2, 4, 1, 4, 5, 1, 4, 3, 2), (5, 4, 6, 3, 5, 1, 2, 5, 5, 5), (7, 3, 5, 5, 6, 4, 3, 3, 6, 5), (2, 4, 3, 3, 2, 2, 2, 6, 6, 3), (6, 5, 6, 5, 4, 4, 4, 6, 7, 5),
             (1, 2, 3, 4, 2, 5, 2, 3, 5, 2), (4, 3, 5, 3, 5, 2, 1, 2, 4, 3), (2, 4, 4, 3, 7, 2, 2, 4, 6, 5), (6, 5, 5, 5, 1, 6, 5, 2, 3, 2), (5, 4, 6, 4, 3, 5, 3, 1, 7, 2),
             (4, 3, 5, 2, 5, 3, 2, 3, 4, 1), (4, 2, 3, 2, 5, 3, 4, 2, 3, 4), (5, 5, 6, 2, 3, 3, 2, 4, 4, 5), (6, 5, 5, 4, 2, 2, 1, 4, 6, 5), (4, 3, 5, 5, 3, 1, 3, 2, 3, 4)) AS t(q1, q2, q3, q4, q5, q6, q7, q8, q9, q10);

-- method: Cronbach's alpha over the rows that have all items
-- source: pingouin, tests of cronbach_alpha, data cronbach_wide_missing, listwise (as psych::alpha with complete.obs)
-- published: alpha = 0.80
SELECT expand(cronbach_alpha(q1, q2, q3, q4, q5, q6, q7, q8, q9, q10, q11))
FROM (VALUES (1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), (1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0), (NULL, 0, 1, 1, NULL, 1, 1, 1, 1, 0, 0), (1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 0),
             (1, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0), (0, 1, NULL, 0, 1, 1, 1, 1, 0, 0, 0), (1, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0), (1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0),
             (0, 1, 0, 1, 1, 0, 0, 0, 0, 1, 0), (1, 0, 0, 1, 0, 1, 0, 0, NULL, 0, 0), (1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0), (1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0)) AS t(q1, q2, q3, q4, q5, q6, q7, q8, q9, q10, q11);
