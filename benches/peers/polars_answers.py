"""The ten questions as Polars expressions on lazy frames."""

from datetime import datetime, timezone

import polars as pl

FROM, TO = (datetime(year, 7, 1, tzinfo=timezone.utc) for year in (2025, 2026))
YEAR = (pl.col("responded_at") >= FROM) & (pl.col("responded_at") < TO)
NPS = 100.0 * ((pl.col("nps") >= 9).sum().cast(pl.Int64) - (pl.col("nps") <= 6).sum().cast(pl.Int64)) / pl.col("nps").count()
CSAT = 100.0 * (pl.col("csat") >= 4).sum() / pl.col("csat").count()


def total_nps(responses, customers):
    return responses.select(nps=NPS)


def nps_by_month(responses, customers):
    month = pl.col("responded_at").dt.truncate("1mo").dt.date()
    return responses.group_by(month=month).agg(nps=NPS, n=pl.col("nps").count())


def kpis_by_touchpoint_channel(responses, customers):
    return responses.filter(YEAR).group_by("touchpoint", "channel").agg(nps=NPS, csat=CSAT, ces=pl.col("ces").mean())


def top_reasons(responses, customers):
    left = customers.filter(pl.col("churned") & pl.col("churn_reason").is_not_null())
    reasons = left.group_by(reason="churn_reason").agg(n=pl.len(), value=pl.col("monthly_value").sum())
    shares = reasons.with_columns(share=100.0 * pl.col("n") / pl.col("n").sum())
    return shares.sort(["n", "reason"], descending=[True, False]).head(5).select("reason", "n", "share", "value")


def customers_by_risk(responses, customers):
    given = responses.filter(pl.col("nps").is_not_null())
    last = given.group_by("customer_id").agg(pl.col("nps").max_by("response_id"))
    here = last.join(customers.filter(~pl.col("churned")), on="customer_id")
    risk = here.select("customer_id", at_risk=(10 - pl.col("nps")) / 10.0 * pl.col("monthly_value"))
    return risk.sort(["at_risk", "customer_id"], descending=[True, False]).head(20)


def weekly_drill_down(responses, customers):
    week = pl.col("responded_at").dt.truncate("1w").dt.date()
    weeks = responses.filter(YEAR).group_by(week.alias("week"), "country", "touchpoint")
    return weeks.agg(nps=NPS, n=pl.col("nps").count()).filter(pl.col("n") > 0)


def joint_histogram(responses, customers):
    given = responses.filter(pl.col("nps").is_not_null() & pl.col("csat").is_not_null())
    return given.group_by("nps", "csat").agg(n=pl.len())


def cohort_retention(responses, customers):
    quarter = lambda column: column.dt.truncate("1q").dt.date()
    cohorts = responses.group_by("customer_id").agg(cohort=quarter(pl.col("responded_at").min()))
    answers = responses.select("customer_id", quarter=quarter(pl.col("responded_at")))
    both = answers.join(cohorts, on="customer_id")
    return both.group_by("cohort", "quarter").agg(customers=pl.col("customer_id").n_unique())


def kpi_and_outcome(responses, customers):
    outcomes = customers.select("customer_id", left_us=pl.col("churned").cast(pl.Float64))
    both = responses.join(outcomes, on="customer_id")
    return both.select(
        pl.corr(pl.col(kpi).filter(pl.col(kpi).is_not_null()).cast(pl.Float64), pl.col("left_us").filter(pl.col(kpi).is_not_null())).alias(kpi)
        for kpi in ("nps", "csat", "ces")
    )


def distinct_customers(responses, customers):
    return responses.group_by("segment", "country").agg(customers=pl.col("customer_id").n_unique())
