"""The ten KPI questions, in the words of each engine.

SQL engines see the tables `responses` and `customers`; where dialects differ, a question has one
text per engine. Every answer is a list of rows that are compared after sorting, so the texts
need no ORDER BY but where the question itself ranks.
"""

from dataclasses import dataclass, field

YEAR = "responded_at >= TIMESTAMP '2025-07-01' AND responded_at < TIMESTAMP '2026-07-01'"
YEAR_TZ = "responded_at >= TIMESTAMPTZ '2025-07-01 00:00:00+00' AND responded_at < TIMESTAMPTZ '2026-07-01 00:00:00+00'"
YEAR_CH = "responded_at >= toDateTime64('2025-07-01', 6, 'UTC') AND responded_at < toDateTime64('2026-07-01', 6, 'UTC')"
# DuckDB truncates a plain timestamp several times faster than one with a time zone.
UTC_DUCK = "make_timestamp(epoch_us(responded_at))"

NPS = "100.0 * (count(*) FILTER (WHERE nps >= 9) - count(*) FILTER (WHERE nps <= 6)) / count(nps)"
NPS_CH = "100.0 * (countIf(nps >= 9) - countIf(nps <= 6)) / count(nps)"
CSAT = "100.0 * count(*) FILTER (WHERE csat >= 4) / count(csat)"
CSAT_CH = "100.0 * countIf(csat >= 4) / count(csat)"
RISK = "(10 - nps) / 10.0 * monthly_value"


@dataclass
class Question:
    """A question and its text by engine; `sql` serves every engine without a text of its own."""

    name: str
    title: str
    sql: str = ""
    latido: str = ""
    duckdb: str = ""
    chdb: str = ""
    ranked: bool = False
    columns: list = field(default_factory=list)

    def text(self, engine):
        return getattr(self, engine, "") or self.sql


QUESTIONS = [
    Question(
        "total_nps",
        "total NPS",
        latido="SELECT nps(nps) AS nps FROM responses",
        sql=f"SELECT {NPS} AS nps FROM responses",
        chdb=f"SELECT {NPS_CH} AS nps FROM responses",
        columns=["nps"],
    ),
    Question(
        "nps_by_month",
        "NPS by month",
        latido="SELECT CAST(date_trunc('month', responded_at) AS DATE) AS month, nps(nps) AS nps, count(nps) AS n FROM responses GROUP BY 1",
        sql=f"SELECT CAST(date_trunc('month', responded_at) AS DATE) AS month, {NPS} AS nps, count(nps) AS n FROM responses GROUP BY 1",
        duckdb=f"SELECT CAST(date_trunc('month', {UTC_DUCK}) AS DATE) AS month, {NPS} AS nps, count(nps) AS n FROM responses GROUP BY 1",
        chdb=f"SELECT toStartOfMonth(responded_at) AS month, {NPS_CH} AS nps, count(nps) AS n FROM responses GROUP BY month",
        columns=["month", "nps", "n"],
    ),
    Question(
        "kpis_by_touchpoint_channel",
        "three KPIs by touchpoint × channel, last year",
        latido=f"SELECT touchpoint, channel, nps(nps) AS nps, csat(csat) AS csat, ces(ces) AS ces FROM responses WHERE {YEAR} GROUP BY 1, 2",
        sql=f"SELECT touchpoint, channel, {NPS} AS nps, {CSAT} AS csat, avg(ces) AS ces FROM responses WHERE {YEAR} GROUP BY 1, 2",
        duckdb=f"SELECT touchpoint, channel, {NPS} AS nps, {CSAT} AS csat, avg(ces) AS ces FROM responses WHERE {YEAR_TZ} GROUP BY 1, 2",
        chdb=f"SELECT touchpoint, channel, {NPS_CH} AS nps, {CSAT_CH} AS csat, avg(ces) AS ces FROM responses WHERE {YEAR_CH} GROUP BY 1, 2",
        columns=["touchpoint", "channel", "nps", "csat", "ces"],
    ),
    Question(
        "top_reasons",
        "top five reasons for leaving",
        latido="SELECT reason, n, share, value FROM (SELECT expand(churn_rank(churn_reason, monthly_value)) FROM customers WHERE churned) WHERE rank IS NOT NULL ORDER BY rank",
        sql="SELECT churn_reason AS reason, count(*) AS n, 100.0 * count(*) / sum(count(*)) OVER () AS share, sum(monthly_value) AS value FROM customers WHERE churned AND churn_reason IS NOT NULL GROUP BY churn_reason ORDER BY n DESC, reason LIMIT 5",
        ranked=True,
        columns=["reason", "n", "share", "value"],
    ),
    Question(
        "customers_by_risk",
        "customers ranked by risk",
        sql=f"""SELECT customer_id, {RISK} AS at_risk FROM (
                 SELECT customer_id, nps, row_number() OVER (PARTITION BY customer_id ORDER BY response_id DESC) AS age
                 FROM responses WHERE nps IS NOT NULL) AS answers
               JOIN customers USING (customer_id) WHERE age = 1 AND NOT churned
               ORDER BY at_risk DESC, customer_id LIMIT 20""",
        chdb=f"""SELECT customer_id, {RISK} AS at_risk FROM (
                 SELECT customer_id, argMax(nps, response_id) AS nps FROM responses WHERE nps IS NOT NULL GROUP BY customer_id) AS answers
               JOIN customers USING (customer_id) WHERE NOT churned
               ORDER BY at_risk DESC, customer_id LIMIT 20""",
        duckdb=f"""SELECT customer_id, {RISK} AS at_risk FROM (
                 SELECT customer_id, arg_max(nps, response_id) AS nps FROM responses WHERE nps IS NOT NULL GROUP BY customer_id) AS answers
               JOIN customers USING (customer_id) WHERE NOT churned
               ORDER BY at_risk DESC, customer_id LIMIT 20""",
        ranked=True,
        columns=["customer_id", "at_risk"],
    ),
    Question(
        "weekly_drill_down",
        "weekly drill-down by country and touchpoint, last year",
        latido=f"SELECT CAST(date_trunc('week', responded_at) AS DATE) AS week, country, touchpoint, nps(nps) AS nps, count(nps) AS n FROM responses WHERE {YEAR} GROUP BY 1, 2, 3 HAVING count(nps) > 0",
        sql=f"SELECT CAST(date_trunc('week', responded_at) AS DATE) AS week, country, touchpoint, {NPS} AS nps, count(nps) AS n FROM responses WHERE {YEAR} GROUP BY 1, 2, 3 HAVING count(nps) > 0",
        duckdb=f"SELECT CAST(date_trunc('week', {UTC_DUCK}) AS DATE) AS week, country, touchpoint, {NPS} AS nps, count(nps) AS n FROM responses WHERE {YEAR_TZ} GROUP BY 1, 2, 3 HAVING count(nps) > 0",
        chdb=f"SELECT toMonday(responded_at) AS week, country, touchpoint, {NPS_CH} AS nps, count(nps) AS n FROM responses WHERE {YEAR_CH} GROUP BY 1, 2, 3 HAVING count(nps) > 0",
        columns=["week", "country", "touchpoint", "nps", "n"],
    ),
    Question(
        "joint_histogram",
        "joint histogram of NPS and CSAT",
        sql="SELECT nps, csat, count(*) AS n FROM responses WHERE nps IS NOT NULL AND csat IS NOT NULL GROUP BY 1, 2",
        columns=["nps", "csat", "n"],
    ),
    Question(
        "cohort_retention",
        "cohort retention: who still answers, by quarter of the first answer",
        sql="""SELECT cohort, quarter, count(DISTINCT customer_id) AS customers FROM (
                 SELECT customer_id, CAST(date_trunc('quarter', responded_at) AS DATE) AS quarter FROM responses) AS answers
               JOIN (SELECT customer_id, CAST(date_trunc('quarter', min(responded_at)) AS DATE) AS cohort
                 FROM responses GROUP BY customer_id) AS cohorts USING (customer_id) GROUP BY 1, 2""",
        duckdb=f"""SELECT cohort, quarter, count(DISTINCT customer_id) AS customers FROM (
                 SELECT customer_id, CAST(date_trunc('quarter', {UTC_DUCK}) AS DATE) AS quarter FROM responses) AS answers
               JOIN (SELECT customer_id, CAST(date_trunc('quarter', min({UTC_DUCK})) AS DATE) AS cohort
                 FROM responses GROUP BY customer_id) AS cohorts USING (customer_id) GROUP BY 1, 2""",
        chdb="""SELECT cohort, quarter, uniqExact(customer_id) AS customers FROM (
                 SELECT customer_id, toStartOfQuarter(responded_at) AS quarter FROM responses) AS answers
               JOIN (SELECT customer_id, toStartOfQuarter(min(responded_at)) AS cohort
                 FROM responses GROUP BY customer_id) AS cohorts USING (customer_id) GROUP BY 1, 2""",
        columns=["cohort", "quarter", "customers"],
    ),
    Question(
        "kpi_and_outcome",
        "correlation of each KPI with leaving",
        sql="""SELECT corr(nps, left_us) AS nps, corr(csat, left_us) AS csat, corr(ces, left_us) AS ces FROM responses
               JOIN (SELECT customer_id, CAST(churned AS INT) AS left_us FROM customers) AS outcomes USING (customer_id)""",
        chdb="""SELECT corrStableIf(assumeNotNull(nps), left_us, nps IS NOT NULL) AS nps, corrStableIf(assumeNotNull(csat), left_us, csat IS NOT NULL) AS csat,
                 corrStableIf(assumeNotNull(ces), left_us, ces IS NOT NULL) AS ces FROM responses
               JOIN (SELECT customer_id, toFloat64(assumeNotNull(churned)) AS left_us FROM customers) AS outcomes USING (customer_id)""",
        columns=["nps", "csat", "ces"],
    ),
    Question(
        "distinct_customers",
        "distinct customers by segment × country",
        sql="SELECT segment, country, count(DISTINCT customer_id) AS customers FROM responses GROUP BY 1, 2",
        chdb="SELECT segment, country, uniqExact(customer_id) AS customers FROM responses GROUP BY 1, 2",
        columns=["segment", "country", "customers"],
    ),
]
