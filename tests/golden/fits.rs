//! Fits, contests and lifetime models of golden cases, on tables of counts.

use latido::statistics::{
    BetaGeometric, Contest, GammaGamma, ShiftedBetaGeometric, Table, contest, logistic,
};

use super::tables::{Found, found};

/// Outcome and two KPIs.
pub(super) fn pair(table: &Table) -> Vec<(&'static str, f64)> {
    let Contest {
        n,
        pearson_a,
        pearson_b,
        pearson_ab,
        strengths,
        auc_a,
        auc_b,
        delong,
        ..
    } = contest(table);
    let strengths = strengths.unwrap();
    let (williams, steiger) = (strengths.williams().unwrap(), strengths.steiger().unwrap());
    let zou = strengths
        .zou(latido::statistics::Confidence::default())
        .unwrap();
    let mut columns = vec![
        ("n", n as f64),
        ("pearson_a", pearson_a.unwrap()),
        ("pearson_b", pearson_b.unwrap()),
        ("pearson_ab", pearson_ab.unwrap()),
        ("williams_t", williams.statistic),
        ("williams_p", williams.p),
        ("steiger_z", steiger.statistic),
        ("steiger_p", steiger.p),
        ("zou_low", zou.low),
        ("zou_high", zou.high),
    ];
    columns.extend(auc_a.map(|auc| ("auc_a", auc)));
    columns.extend(auc_b.map(|auc| ("auc_b", auc)));
    columns.extend(delong.map(|test| ("delong_z", test.statistic)));
    columns.extend(delong.map(|test| ("delong_p", test.p)));
    columns
}

/// Outcome and regressors: the fit as a whole, and each term by its name.
pub(super) fn logit(names: &[String], table: &Table) -> Vec<Found> {
    let fit = logistic(table);
    let quality = fit.quality.as_ref().unwrap();
    let mut whole = vec![
        ("n", fit.n as f64),
        ("events", fit.events as f64),
        ("log_likelihood", quality.log_likelihood),
        ("null_log_likelihood", quality.null_log_likelihood),
        ("mcfadden", quality.mcfadden),
    ];
    let Ok(terms) = &fit.terms else {
        return vec![found("", whole)];
    };
    whole.extend([
        ("aic", quality.aic),
        ("bic", quality.bic),
        ("auc", quality.auc),
        ("brier", quality.brier),
    ]);
    let names = std::iter::once("const").chain(names[1..].iter().map(String::as_str));
    let terms = names.zip(terms).map(|(name, term)| {
        let columns = [
            ("estimate", term.estimate),
            ("se", term.se),
            ("z", term.test.statistic),
            ("p", term.test.p),
            ("odds_ratio", term.odds_ratio.unwrap()),
        ];
        found(name, columns)
    });
    std::iter::once(found("", whole)).chain(terms).collect()
}

/// Renewals made and whether the customer is still there.
pub(super) fn renewals(table: &Table) -> Vec<(&'static str, f64)> {
    let fit = ShiftedBetaGeometric::fit(table).unwrap();
    vec![
        ("alpha", fit.model.alpha()),
        ("beta", fit.model.beta()),
        ("log_likelihood", fit.log_likelihood),
        ("n", fit.n as f64),
    ]
}

/// Repeat purchases, time of the last, age.
pub(super) fn purchases(table: &Table) -> Vec<(&'static str, f64)> {
    let fit = BetaGeometric::fit(table).unwrap();
    let [r, alpha, a, b] = fit.model.parameters();
    vec![
        ("r", r),
        ("alpha", alpha),
        ("a", a),
        ("b", b),
        ("log_likelihood", fit.log_likelihood),
        ("n", fit.n as f64),
    ]
}

/// Repeat purchases and their mean value.
pub(super) fn spending(table: &Table) -> Vec<(&'static str, f64)> {
    let fit = GammaGamma::fit(table).unwrap();
    let [p, q, v] = fit.model.parameters();
    vec![
        ("p", p),
        ("q", q),
        ("v", v),
        ("log_likelihood", fit.log_likelihood),
        ("n", fit.n as f64),
    ]
}
