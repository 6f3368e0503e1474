//! Durations until an event, some of them cut off before it came: Kaplan–Meier, Greenwood, log-rank.
//!
//! A study is a list of times with how many had their event then and how many were last seen then;
//! everything here is a function of these counts, in whatever order the rows came.

use std::borrow::Borrow;

use statrs::function::gamma::gamma_ur;

use super::interval::{Confidence, Interval};

/// What happened at one time, all of it after those before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// The time.
    pub time: f64,
    /// Who had the event then.
    pub events: u64,
    /// Who was last seen then, without it.
    pub censored: u64,
}

/// A step of the curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// What happened.
    pub moment: Moment,
    /// Who had not had the event just before, and was seen until then.
    pub at_risk: u64,
    /// The share that has not had the event after this time.
    pub survival: f64,
    /// The sum of Greenwood (1926): the variance of the survival over its square.
    spread: f64,
}

impl Step {
    /// Greenwood's standard error; none where the survival is 0.
    #[must_use]
    pub fn se(&self) -> Option<f64> {
        (self.survival > 0.0).then(|| self.survival * self.spread.sqrt())
    }

    /// The log-log interval of Kalbfleisch & Prentice (1980); none where the survival is 0 or 1.
    #[must_use]
    pub fn interval(&self, confidence: Confidence) -> Option<Interval> {
        log_log(self.survival, self.spread, confidence.z())
    }
}

/// The curve of Kaplan & Meier (1958), J. Am. Stat. Assoc. 53, step by step. `moments` are in the
/// order of time; they are gone through twice, so that nobody has to keep them.
pub fn kaplan_meier<M>(moments: M) -> impl Iterator<Item = Step>
where
    M: IntoIterator<Item: Borrow<Moment>, IntoIter: Clone>,
{
    let moments = moments.into_iter();
    let seen = |moment: M::Item| moment.borrow().events + moment.borrow().censored;
    kaplan_meier_of(moments.clone().map(seen).sum(), moments)
}

/// The same of so many who had the event or were last seen at one of the moments, which are gone through
/// once.
pub fn kaplan_meier_of<M>(n: u64, moments: M) -> impl Iterator<Item = Step>
where
    M: IntoIterator<Item: Borrow<Moment>>,
{
    let moments = moments.into_iter();
    let mut at_risk = n;
    let (mut survival, mut spread) = (1.0, 0.0);
    moments.map(move |moment| {
        let moment = moment.borrow();
        let (d, n) = (moment.events as f64, at_risk as f64);
        if moment.events > 0 {
            survival *= if moment.events == at_risk {
                0.0
            } else {
                1.0 - d / n
            };
            spread += d / (n * (n - d));
        }
        let step = Step {
            moment: *moment,
            at_risk,
            survival,
            spread,
        };
        at_risk -= moment.events + moment.censored;
        step
    })
}

/// The interval of log(−log S), which stays between 0 and 1.
fn log_log(survival: f64, spread: f64, z: f64) -> Option<Interval> {
    if survival <= 0.0 || survival >= 1.0 {
        return None;
    }
    // S to the power of e^±w, with the logarithm that is known already.
    let log = survival.ln();
    let factor = (z * spread.sqrt() / log.abs()).exp();
    Some(Interval {
        low: (log * factor).exp(),
        high: (log / factor).exp(),
    })
}

/// The first time at which at most half are left; none where more than half are to the end.
///
/// Where the curve lies at exactly one half from one event to the next it is the first of the two.
#[must_use]
pub fn median_survival<M>(moments: M) -> Option<f64>
where
    M: IntoIterator<Item: Borrow<Moment>, IntoIter: Clone>,
{
    half_time(kaplan_meier(moments))
}

/// The same of a curve.
#[must_use]
pub fn half_time(steps: impl IntoIterator<Item = Step>) -> Option<f64> {
    // A product of fractions that is one half may come out a rounding error above it.
    let is_reached = |step: &Step| step.survival <= 0.5 + 1e-12;
    let step = steps.into_iter().find(is_reached);
    step.map(|step| step.moment.time)
}

/// The log-rank test of several groups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogRank {
    /// The statistic, chi-squared with `df` degrees of freedom where the groups do not differ.
    pub chi2: f64,
    /// Groups with anybody in them, less one.
    pub df: u32,
    /// P(a chi-squared at least this large).
    pub p: f64,
}

/// Why groups are not compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Incomparable {
    /// Nobody was seen at all.
    #[error("there are no rows")]
    Nobody,
    /// One group only has anybody in it.
    #[error("there is one group only")]
    OneGroup,
    /// Nothing ever happens.
    #[error("nobody had the event")]
    NoEvent,
    /// Of all groups but one everybody was last seen before anything happened.
    #[error("fewer than two groups were seen until the first event")]
    GoneBefore,
    /// At no time had some the event while others might have had it.
    #[error("all who were left had the event at the same time")]
    AtOnce,
}

/// What happened to one group at each of the times that all groups share.
pub type Group = Vec<(u64, u64)>;

/// The test of Mantel (1966) and Peto & Peto (1972) with the hypergeometric variance: `groups` hold
/// events and censored at each time, in the order of time.
///
/// # Errors
/// Why there is nothing to compare.
pub fn log_rank(groups: &[Group]) -> Result<LogRank, Incomparable> {
    let has_any = |group: &&Group| group.iter().any(|(d, c)| d + c > 0);
    match groups.iter().filter(has_any).count() {
        0 => return Err(Incomparable::Nobody),
        1 => return Err(Incomparable::OneGroup),
        _ => {}
    }
    // Who was last seen before the first event says nothing of when events come; R's survdiff leaves
    // such groups out as well.
    let first = first_event(groups).ok_or(Incomparable::NoEvent)?;
    let is_seen = |group: &&Group| group[first..].iter().any(|(d, c)| d + c > 0);
    let groups: Vec<&Group> = groups.iter().filter(is_seen).collect();
    let free = groups.len() - 1;
    if free == 0 {
        return Err(Incomparable::GoneBefore);
    }
    let times = groups[0].len();
    let mut at_risk: Vec<u64> = groups
        .iter()
        .map(|group| {
            group
                .iter()
                .map(|(events, censored)| events + censored)
                .sum()
        })
        .collect();
    let mut difference = vec![0.0; free];
    let mut variance = vec![vec![0.0; free]; free];
    for time in 0..times {
        let events: u64 = groups.iter().map(|group| group[time].0).sum();
        let all: u64 = at_risk.iter().sum();
        if events > 0 {
            let (d, n) = (events as f64, all as f64);
            let spread = match all {
                1 => 0.0,
                _ => d * (n - d) / (n - 1.0),
            };
            for (place, row) in variance.iter_mut().enumerate() {
                let share = at_risk[place] as f64 / n;
                difference[place] += groups[place][time].0 as f64 - d * share;
                for (other, cell) in row.iter_mut().enumerate() {
                    let same = if place == other { 1.0 } else { 0.0 };
                    *cell += spread * share * (same - at_risk[other] as f64 / n);
                }
            }
        }
        for (left, group) in at_risk.iter_mut().zip(&groups) {
            *left -= group[time].0 + group[time].1;
        }
    }
    let chi2 = quadratic(variance, &difference).ok_or(Incomparable::AtOnce)?;
    let df = u32::try_from(free).unwrap_or(u32::MAX);
    Ok(LogRank {
        chi2,
        df,
        p: upper_chi2(chi2, df),
    })
}

/// The place of the first time at which any group has an event.
fn first_event(groups: &[Group]) -> Option<usize> {
    let times = groups.first()?.len();
    (0..times).find(|time| groups.iter().any(|group| group[*time].0 > 0))
}

/// xᵀ V⁻¹ x by elimination with pivots; none where V cannot be inverted.
fn quadratic(mut v: Vec<Vec<f64>>, x: &[f64]) -> Option<f64> {
    let size = x.len();
    let mut right = x.to_vec();
    for column in 0..size {
        let pivot =
            (column..size).max_by(|a, b| v[*a][column].abs().total_cmp(&v[*b][column].abs()))?;
        if v[pivot][column].abs() < 1e-12 {
            return None;
        }
        v.swap(column, pivot);
        right.swap(column, pivot);
        let (above, below) = v.split_at_mut(column + 1);
        let pivot = &above[column];
        for (row, under) in below.iter_mut().enumerate() {
            let factor = under[column] / pivot[column];
            for (cell, over) in under.iter_mut().zip(pivot).skip(column) {
                *cell -= factor * over;
            }
            right[column + 1 + row] -= factor * right[column];
        }
    }
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size)
            .map(|place| v[row][place] * right[place])
            .sum();
        right[row] = (right[row] - known) / v[row][row];
    }
    Some(x.iter().zip(&right).map(|(a, b)| a * b).sum())
}

/// P(a chi-squared with `df` degrees of freedom at least this large).
#[must_use]
pub fn upper_chi2(chi2: f64, df: u32) -> f64 {
    if chi2 <= 0.0 {
        return 1.0;
    }
    gamma_ur(f64::from(df) / 2.0, chi2 / 2.0).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::{prop_assert, proptest};

    use super::*;

    fn moments(times: &[(f64, u64, u64)]) -> Vec<Moment> {
        let moment = |(time, events, censored): &(f64, u64, u64)| Moment {
            time: *time,
            events: *events,
            censored: *censored,
        };
        times.iter().map(moment).collect()
    }

    /// Acute myelogenous leukaemia, maintained: 9 13 13+ 18 23 28+ 31 34 45+ 48 161+.
    fn maintained() -> Vec<Moment> {
        moments(&[
            (9.0, 1, 0),
            (13.0, 1, 1),
            (18.0, 1, 0),
            (23.0, 1, 0),
            (28.0, 0, 1),
            (31.0, 1, 0),
            (34.0, 1, 0),
            (45.0, 0, 1),
            (48.0, 1, 0),
            (161.0, 0, 1),
        ])
    }

    #[track_caller]
    fn close(found: f64, published: f64, digits: f64) {
        assert!(
            (found - published).abs() < digits,
            "{found}, published {published}"
        );
    }

    /// Miller (1997), Survival Analysis, table 4.1; as R's `survfit(Surv(time, status) ~ 1, aml)`.
    #[test]
    fn the_curve_of_maintained_leukaemia() {
        let steps: Vec<Step> = kaplan_meier(&maintained()).collect();
        let events = steps.iter().filter(|step| step.moment.events > 0);
        let survival = [
            0.909_091, 0.818_182, 0.715_909, 0.613_636, 0.490_909, 0.368_182, 0.184_091,
        ];
        let se = [
            0.086_678, 0.116_291, 0.139_665, 0.152_632, 0.164_193, 0.162_669, 0.153_493,
        ];
        for ((step, survival), se) in events.zip(survival).zip(se) {
            close(step.survival, survival, 5e-7);
            close(step.se().unwrap(), se, 5e-7);
        }
        assert_eq!(median_survival(maintained()), Some(31.0));
        let at_risk: Vec<u64> = steps.iter().map(|step| step.at_risk).collect();
        assert_eq!(at_risk, [11, 10, 8, 7, 6, 5, 4, 3, 2, 1]);
    }

    /// The same curve; lifelines 0.30, whose interval is the log-log one, as R's with
    /// `conf.type = "log-log"`.
    #[test]
    fn the_intervals_of_maintained_leukaemia() {
        let steps: Vec<Step> = kaplan_meier(&maintained()).collect();
        for (place, low, high) in [
            (0, 0.508_080, 0.986_674),
            (3, 0.265_752, 0.835_299),
            (8, 0.011_738, 0.525_015),
        ] {
            let interval = steps[place].interval(Confidence::default()).unwrap();
            close(interval.low, low, 5e-7);
            close(interval.high, high, 5e-7);
        }
    }

    /// Of four two have gone at the second time, and exactly half are left until the third.
    #[test]
    fn the_median_is_reached_where_half_are_left() {
        let four = moments(&[(1.0, 1, 0), (2.0, 1, 0), (3.0, 1, 0), (4.0, 1, 0)]);
        assert_eq!(median_survival(&four), Some(2.0));
    }

    #[test]
    fn times_after_everybody_is_gone_change_nothing() {
        let steps: Vec<Step> = kaplan_meier(&moments(&[(1.0, 1, 1), (2.0, 0, 0)])).collect();
        close(steps[1].survival, 0.5, 1e-15);
        assert_eq!(steps[1].se(), steps[0].se());
        let groups = [vec![(1, 1), (0, 1)], vec![(0, 1), (1, 1)]];
        let longer = groups.each_ref().map(|group| {
            let mut group = group.clone();
            group.push((0, 0));
            group
        });
        assert_eq!(log_rank(&longer), log_rank(&groups));
    }

    #[test]
    fn the_ends_of_a_curve_have_no_interval() {
        let ends = moments(&[(1.0, 0, 1), (2.0, 2, 0)]);
        let steps: Vec<Step> = kaplan_meier(&ends).collect();
        let limits = |step: &Step| step.interval(Confidence::default());
        assert_eq!((steps[0].survival, limits(&steps[0])), (1.0, None));
        assert_eq!(
            (steps[1].survival, steps[1].se(), limits(&steps[1])),
            (0.0, None, None)
        );
        assert_eq!(median_survival(&ends[..1]), None);
        assert_eq!(kaplan_meier(Vec::<Moment>::new()).next(), None);
    }

    /// The same patients against those not maintained: 5 5 8 8 12 16+ 23 27 30 33 43 45.
    /// O = 7, E = 10.689336, V = 4.007551; as R's `survdiff(Surv(time, status) ~ x, aml)`.
    #[test]
    fn the_log_rank_test_of_leukaemia() {
        let times = [
            5.0, 8.0, 9.0, 12.0, 13.0, 16.0, 18.0, 23.0, 27.0, 28.0, 30.0, 31.0, 33.0, 34.0, 43.0,
            45.0, 48.0, 161.0,
        ];
        let others = moments(&[
            (5.0, 2, 0),
            (8.0, 2, 0),
            (12.0, 1, 0),
            (16.0, 0, 1),
            (23.0, 1, 0),
            (27.0, 1, 0),
            (30.0, 1, 0),
            (33.0, 1, 0),
            (43.0, 1, 0),
            (45.0, 1, 0),
        ]);
        let group = |moments: &[Moment]| -> Group {
            let at = |time: &f64| {
                let found = moments
                    .iter()
                    .find(|moment| (moment.time - time).abs() < 0.5);
                found.map_or((0, 0), |moment| (moment.events, moment.censored))
            };
            times.iter().map(at).collect()
        };
        let groups = [group(&maintained()), group(&others)];
        let test = log_rank(&groups).unwrap();
        close(test.chi2, 3.396_389, 5e-7);
        close(test.p, 0.065_339_3, 5e-8);
        assert_eq!(test.df, 1);
        let swapped = log_rank(&[groups[1].clone(), groups[0].clone()]).unwrap();
        close(swapped.chi2, test.chi2, 1e-12);
        // An empty group is none, and the same group twice does not differ.
        let empty = vec![(0, 0); times.len()];
        assert_eq!(
            log_rank(&[groups[0].clone(), empty]),
            Err(Incomparable::OneGroup)
        );
        // A group that was last seen before the first event changes nothing, as in R's `survdiff`.
        let mut early = vec![(0, 0); times.len()];
        early[0] = (0, 3);
        let late = vec![(0, 0), (1, 0), (0, 1)];
        let with: [Group; 3] = [
            vec![(0, 2), (0, 0), (0, 0)],
            vec![(0, 0), (1, 0), (1, 0)],
            late,
        ];
        assert_eq!(log_rank(&with), log_rank(&with[1..]));
        assert_eq!(log_rank(&with).unwrap().df, 1);
        let same = log_rank(&[groups[0].clone(), groups[0].clone()]).unwrap();
        close(same.chi2, 0.0, 1e-12);
        close(same.p, 1.0, 1e-12);
    }

    /// statsmodels 0.15 `survdiff` and lifelines 0.30 `multivariate_logrank_test`.
    #[test]
    fn the_log_rank_test_of_four_groups() {
        let groups: [Group; 4] = [
            [
                (2, 0),
                (1, 1),
                (0, 0),
                (1, 0),
                (0, 1),
                (0, 0),
                (1, 0),
                (0, 1),
            ],
            [
                (0, 1),
                (2, 0),
                (1, 0),
                (0, 0),
                (1, 0),
                (1, 1),
                (0, 0),
                (1, 0),
            ],
            [
                (0, 0),
                (0, 0),
                (1, 2),
                (1, 0),
                (0, 0),
                (2, 0),
                (1, 0),
                (0, 2),
            ],
            [
                (1, 0),
                (0, 0),
                (0, 1),
                (2, 0),
                (1, 1),
                (0, 0),
                (0, 3),
                (1, 0),
            ],
        ]
        .map(Vec::from);
        let test = log_rank(&groups).unwrap();
        close(test.chi2, 2.112_475_500_598_76, 1e-12);
        close(test.p, 0.549_393_010_728_462, 1e-12);
        assert_eq!(test.df, 3);
    }

    /// By hand: of two at risk the one has its event, ½ less than expected for the other, variance
    /// ¼; alone, the other is no surprise.
    #[test]
    fn one_against_one() {
        let test = log_rank(&[vec![(1, 0), (0, 0)], vec![(0, 0), (1, 0)]]).unwrap();
        close(test.chi2, 1.0, 1e-15);
        // Who never has an event is a group too: against two more, ⅓ is expected, variance 2/9.
        let test = log_rank(&[vec![(1, 0)], vec![(0, 2)]]).unwrap();
        close(test.chi2, (2.0_f64 / 3.0).powi(2) / (2.0 / 9.0), 1e-14);
        // Where all have it at once, nothing can differ.
        assert_eq!(
            log_rank(&[vec![(2, 0)], vec![(3, 0)]]),
            Err(Incomparable::AtOnce)
        );
    }

    #[test]
    fn the_tail_of_chi_squared() {
        // Abramowitz & Stegun (1964), table 26.8: 3.84146 and 5.99147 at 0.05.
        close(upper_chi2(3.841_458_820_694_124, 1), 0.05, 1e-12);
        close(upper_chi2(5.991_464_547_107_979, 2), 0.05, 1e-12);
        close(upper_chi2(0.0, 3), 1.0, 1e-12);
    }

    proptest! {
        /// The curve never rises, stays between 0 and 1, and so do its limits, around it.
        #[test]
        fn survival_never_rises(counts in vec((0_u64..20, 0_u64..20), 1..40)) {
            let times = counts.iter().enumerate();
            let times: Vec<(f64, u64, u64)> =
                times.map(|(place, (events, censored))| (place as f64, *events, *censored)).collect();
            let mut last = 1.0;
            for step in kaplan_meier(&moments(&times)) {
                prop_assert!(step.survival <= last && step.survival >= 0.0);
                last = step.survival;
                if let Some(interval) = step.interval(Confidence::default()) {
                    prop_assert!(0.0 <= interval.low && interval.low <= step.survival);
                    prop_assert!(step.survival <= interval.high && interval.high <= 1.0);
                }
            }
        }
    }
}
