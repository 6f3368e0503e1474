-- method: Main reasons, the others in one row
-- source: urgenthomework.com, Pareto chart tool: complaints A 30, B 12, C 6, D 2 and 10 others
-- published: a = 50, b = 20, c = 10, d = 3, others = 17, a_and_b = 70, up_to_c = 80, up_to_d = 83
SELECT max(share) FILTER (WHERE reason = 'A') AS a, max(share) FILTER (WHERE reason = 'B') AS b, max(share) FILTER (WHERE reason = 'C') AS c,
       max(share) FILTER (WHERE reason = 'D') AS d, max(share) FILTER (WHERE reason IS NULL) AS others,
       max(cumulative_share) FILTER (WHERE reason = 'B') AS a_and_b, max(cumulative_share) FILTER (WHERE reason = 'C') AS up_to_c,
       max(cumulative_share) FILTER (WHERE reason = 'D') AS up_to_d
FROM (SELECT expand(churn_rank(CASE WHEN reason = 'others' THEN 'other ' || i ELSE reason END, k => 4))
      FROM (VALUES ('A', 30), ('B', 12), ('C', 6), ('D', 2), ('others', 10)) AS t(reason, times) CROSS JOIN generate_series(1, 30) AS s(i) WHERE i <= times);

-- method: Place by risk, ties sharing the first
-- source: pandas, example of DataFrame.rank: legs of animals; method min, descending
-- published: spider = 1, cat = 2, dog = 2, penguin = 4
SELECT max(place) FILTER (WHERE animal = 'spider') AS spider, max(place) FILTER (WHERE animal = 'cat') AS cat,
       max(place) FILTER (WHERE animal = 'dog') AS dog, max(place) FILTER (WHERE animal = 'penguin') AS penguin
FROM (SELECT animal, risk_rank(legs) OVER () AS place
      FROM (VALUES ('cat', 4), ('penguin', 2), ('dog', 4), ('spider', 8), ('snake', NULL)) AS t(animal, legs));
