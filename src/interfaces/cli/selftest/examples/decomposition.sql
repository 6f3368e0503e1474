-- method: Mix and rate of a change, 13 segments
-- source: Das Gupta 1993, Standardization and decomposition of rates, example 5.1 (Kitagawa 1955), in the README of R DasGuptR: household headship per 100, United States 1970 and 1985
-- published: before = 44.7268, after = 47.6940, mix = 1.2269, rate = 1.7403, total = 2.9672
SELECT sum(n_before * nps_before) / sum(n_before) AS before, sum(n_after * nps_after) / sum(n_after) AS after, sum(mix) AS mix, sum(rate) AS rate, sum(total) AS total
FROM (SELECT expand(nps_shift(CASE WHEN i <= heads THEN 10 ELSE 7 END, late, age))
      FROM (VALUES ('15-19', false, 129000, 2451), ('20-24', false, 109000, 28122), ('25-29', false, 95000, 43415), ('30-34', false, 80000, 39680), ('35-39', false, 78000, 39936),
                         ('40-44', false, 84000, 43344), ('45-49', false, 86000, 44548), ('50-54', false, 78000, 42822), ('55-59', false, 70000, 41090), ('60-64', false, 59000, 35636),
                         ('65-69', false, 47000, 29516), ('70-74', false, 36000, 23976), ('75+', false, 49000, 32732), ('15-19', true, 101000, 2222), ('20-24', true, 112000, 27216),
                         ('25-29', true, 116000, 53128), ('30-34', true, 109000, 57225), ('35-39', true, 94000, 52734), ('40-44', true, 77000, 42812), ('45-49', true, 63000, 35280),
                         ('50-54', true, 60000, 34440), ('55-59', true, 63000, 36036), ('60-64', true, 59000, 36108), ('65-69', true, 51000, 32589), ('70-74', true, 40000, 27440),
                         ('75+', true, 55000, 39710)) AS t(age, late, people, heads)
      CROSS JOIN generate_series(1, 129000) AS s(i) WHERE i <= people);
