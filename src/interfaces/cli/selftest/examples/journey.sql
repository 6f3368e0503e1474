-- method: Steps reached within a window
-- source: manual of ClickHouse, parametric aggregate functions, windowFunnel: one user reaches level 4
-- published: level = 4, c = 1
SELECT level, count(*) AS c
FROM (SELECT user_id, window_funnel(6048000000000000, CAST(extract(EPOCH FROM at) AS BIGINT), event = 1003, event = 1009, event = 1007, event = 1010) AS level
      FROM (VALUES (1, TIMESTAMP '2019-01-29 10:00:00', 1003), (1, TIMESTAMP '2019-01-31 09:00:00', 1007),
                   (1, TIMESTAMP '2019-01-30 08:00:00', 1009), (1, TIMESTAMP '2019-02-01 08:00:00', 1010)) AS trend(user_id, at, event)
      GROUP BY user_id)
GROUP BY level;

-- method: Steps reached within shorter windows
-- source: ClickHouse 26.9 (chdb), windowFunnel over the table of its manual: 70 hours, a second less, 22 hours, none
-- published: whole = 4, shorter = 3, day = 2, none = 1
SELECT window_funnel(INTERVAL '70 hours', at, event = 1003, event = 1009, event = 1007, event = 1010) AS whole,
       window_funnel(INTERVAL '251999 seconds', at, event = 1003, event = 1009, event = 1007, event = 1010) AS shorter,
       window_funnel(INTERVAL '22 hours', at, event = 1003, event = 1009, event = 1007, event = 1010) AS day,
       window_funnel(INTERVAL '0 seconds', at, event = 1003, event = 1009, event = 1007, event = 1010) AS none
FROM (VALUES (TIMESTAMP '2019-01-29 10:00:00', 1003), (TIMESTAMP '2019-01-31 09:00:00', 1007),
             (TIMESTAMP '2019-01-30 08:00:00', 1009), (TIMESTAMP '2019-02-01 08:00:00', 1010)) AS trend(at, event);
