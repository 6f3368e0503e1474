-- method: Wilson intervals
-- source: Newcombe 1998, Statistics in Medicine 17, 857-872, Table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29
-- published: a_low = .2553, a_high = .3662, b_low = .0624, b_high = .1605, c_low = .0000, c_high = .1611, d_low = .0061, d_high = .1718
SELECT a['low'] / 100 AS a_low, a['high'] / 100 AS a_high, b['low'] / 100 AS b_low, b['high'] / 100 AS b_high,
       c['low'] / 100 AS c_low, c['high'] / 100 AS c_high, d['low'] / 100 AS d_low, d['high'] / 100 AS d_high
FROM (SELECT rate_summary(i <= 81) AS a, rate_summary(i <= 15) FILTER (WHERE i <= 148) AS b, rate_summary(i <= 0) FILTER (WHERE i <= 20) AS c,
             rate_summary(i <= 1) FILTER (WHERE i <= 29) AS d
      FROM generate_series(1, 263) AS t(i));

-- method: Share and Wilson interval, 73 of 86
-- source: R, prop.test(smokers2[1], patients[1], p = 0.9, correct = FALSE) on the patients of Fleiss 1981, as kept in the tests of statsmodels
-- published: rate = 0.848837209302326, low = 0.758364348004061, high = 0.9094787701686766
-- remark: R prints all digits of a double; the last one is its rounding
SELECT rate(i <= 73) / 100 AS rate, (rate_summary(i <= 73))['low'] / 100 AS low, (rate_summary(i <= 73))['high'] / 100 AS high
FROM generate_series(1, 86) AS t(i);

-- method: Customer satisfaction
-- source: VOC Metrics, help article on CSAT: 10 answers of 5, 20 of 4, 10 of 3, 5 of 2, 5 of 1
-- published: csat = 60, stored = 60, summary = 60
SELECT csat(score) AS csat, csat_from_counts(score_counts(score, 1, 5)) AS stored, (csat_summary(score))['csat'] AS summary
FROM (VALUES (5, 10), (4, 20), (3, 10), (2, 5), (1, 5)) AS t(score, times) CROSS JOIN generate_series(1, 20) AS s(i) WHERE i <= times;

-- method: Top-two box of five
-- source: mindmesh, glossary on CSAT: of 100 answers 30 are a 4 and 20 a 5
-- published: top = 50
SELECT top_box(score, 2, 5) AS top
FROM (VALUES (5, 20), (4, 30), (3, 50)) AS t(score, times) CROSS JOIN generate_series(1, 50) AS s(i) WHERE i <= times;
