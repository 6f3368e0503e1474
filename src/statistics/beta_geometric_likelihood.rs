//! The likelihood of the BG/NBD model with its derivatives, in one pass over distinct customers.

use super::Table;
use super::gamma::ln_rising;
use super::maximum::Likelihood;

/// Customers in units of a given time.
#[derive(Debug)]
pub(super) struct BetaGeometricLikelihood<'a> {
    customers: &'a Table,
    unit: f64,
}

/// What the number of purchases alone contributes, the same for many customers.
#[derive(Debug, Clone, Copy)]
struct Frequency {
    value: f64,
    part: Likelihood<4>,
}

/// The logarithm of one way to be silent since some time, by r and α (and by a and b, which do not mix
/// with these).
#[derive(Debug, Clone, Copy)]
struct Way {
    gradient: [f64; 4],
    hessian: [[f64; 4]; 4],
}

impl<'a> BetaGeometricLikelihood<'a> {
    /// Of a table of frequency, recency and age.
    pub(super) fn new(customers: &'a Table, unit: f64) -> Self {
        Self { customers, unit }
    }

    /// The likelihood at r, α, a, b (Fader, Hardie & Lee 2005, formula 6), α in the unit.
    pub(super) fn at(&self, parameters: &[f64; 4]) -> Likelihood<4> {
        let mut sum = Likelihood::default();
        let mut seen: Option<Frequency> = None;
        for (row, count) in self.customers.rows() {
            // Rows come in the order of their frequency.
            let frequency = match seen {
                Some(last) if last.value.total_cmp(&row[0]).is_eq() => last,
                _ => Frequency::of(row[0], parameters),
            };
            seen = Some(frequency);
            let (recency, age) = (row[1] / self.unit, row[2] / self.unit);
            let silent = silence(parameters, row[0], recency, age);
            sum.add(&frequency.part, count as f64);
            sum.add(&silent, count as f64);
        }
        sum
    }
}

impl Frequency {
    /// ln Γ(r + x)/Γ(r) + ln B(a, b + x)/B(a, b).
    fn of(x: f64, [r, _, a, b]: &[f64; 4]) -> Self {
        let (buys, stays, all) = (ln_rising(*r, x), ln_rising(*b, x), ln_rising(a + b, x));
        let mut part = Likelihood {
            value: buys.value + stays.value - all.value,
            gradient: [buys.first, 0.0, -all.first, stays.first - all.first],
            ..Likelihood::default()
        };
        part.hessian[0][0] = buys.second;
        part.hessian[2][2] = -all.second;
        part.hessian[3][2] = -all.second;
        part.hessian[3][3] = stays.second - all.second;
        Self { value: x, part }
    }
}

/// ln(e^A₃ + e^A₄): still a customer and silent by chance since the last purchase, or gone after it.
fn silence(parameters: &[f64; 4], x: f64, recency: f64, age: f64) -> Likelihood<4> {
    let [r, alpha, a, b] = parameters;
    let still = Way::of(parameters, x, age);
    let value = -r * (age / alpha).ln_1p() - x * (alpha + age).ln();
    if x < 0.5 {
        return Likelihood {
            value,
            gradient: still.gradient,
            hessian: still.hessian,
        };
    }
    let mut gone = Way::of(parameters, x, recency);
    let stays = b + (x - 1.0);
    gone.gradient[2] = 1.0 / a;
    gone.gradient[3] = -1.0 / stays;
    gone.hessian[2][2] = -1.0 / (a * a);
    gone.hessian[3][3] = 1.0 / (stays * stays);
    let odds = a.ln() - stays.ln() + (r + x) * ((age - recency) / (alpha + recency)).ln_1p();
    let of_gone = 1.0 / (1.0 + (-odds).exp());
    let of_still = 1.0 / (1.0 + odds.exp());
    let difference: [f64; 4] = std::array::from_fn(|i| gone.gradient[i] - still.gradient[i]);
    let mixed = |still: f64, gone: f64| of_still * still + of_gone * gone;
    Likelihood {
        value: value + odds.max(0.0) + (-odds.abs()).exp().ln_1p(),
        gradient: std::array::from_fn(|i| mixed(still.gradient[i], gone.gradient[i])),
        hessian: std::array::from_fn(|i| {
            std::array::from_fn(|j| {
                let between = of_still * of_gone * difference[i] * difference[j];
                mixed(still.hessian[i][j], gone.hessian[i][j]) + between
            })
        }),
    }
}

impl Way {
    /// Of r·ln α − (r + x)·ln(α + t), written so that nothing cancels for α far above t.
    fn of([r, alpha, _, _]: &[f64; 4], x: f64, time: f64) -> Self {
        let all = alpha + time;
        let mut hessian = [[0.0; 4]; 4];
        hessian[1][0] = time / alpha / all;
        hessian[0][1] = hessian[1][0];
        hessian[1][1] = x / (all * all) - r * (time / alpha / all) * (1.0 / alpha + 1.0 / all);
        Self {
            gradient: [
                -(time / alpha).ln_1p(),
                (r * time / alpha - x) / all,
                0.0,
                0.0,
            ],
            hessian,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likelihood(parameters: [f64; 4]) -> Likelihood<4> {
        let rows = [
            ([0.0, 0.0, 7.0], 3),
            ([1.0, 2.0, 7.0], 2),
            ([1.0, 7.0, 7.0], 1),
            ([20.0, 5.0, 9.0], 1),
        ];
        BetaGeometricLikelihood::new(&Table::of(3, rows), 2.0).at(&parameters)
    }

    /// One customer by hand, in units of 2: x = 1, t = 1, T = 3.5 with all parameters 1 is
    /// B(1, 2)/B(1, 1) · Γ(2)/Γ(1) · (4.5⁻² + 2⁻²).
    #[test]
    fn one_customer_by_hand() {
        let table = Table::of(3, [([1.0, 2.0, 7.0], 1)]);
        let found = BetaGeometricLikelihood::new(&table, 2.0)
            .at(&[1.0; 4])
            .value;
        let expected = (0.5_f64 * (4.5_f64.powi(-2) + 0.25)).ln();
        assert!((found - expected).abs() < 1e-15);
    }

    /// Derivatives against differences of values and of first derivatives.
    #[test]
    fn derivatives_are_those_of_the_value() {
        for place in [
            [0.3, 2.0, 0.8, 2.4],
            [5.0, 40.0, 0.01, 30.0],
            [0.01, 0.1, 3.0, 0.2],
        ] {
            let at = likelihood(place);
            for i in 0..4 {
                let step = 1e-5 * place[i];
                let moved = |sign: f64| {
                    let mut moved = place;
                    moved[i] += sign * step;
                    likelihood(moved)
                };
                let (up, down) = (moved(1.0), moved(-1.0));
                let slope = (up.value - down.value) / (2.0 * step);
                let scale = at.gradient[i].abs().max(1.0);
                assert!(
                    (at.gradient[i] - slope).abs() < 1e-5 * scale,
                    "{place:?} {i}"
                );
                for j in 0..=i {
                    let slope = (up.gradient[j] - down.gradient[j]) / (2.0 * step);
                    let scale = at.hessian[i][j].abs().max(1.0);
                    assert!(
                        (at.hessian[i][j] - slope).abs() < 1e-5 * scale,
                        "{place:?} {i} {j}"
                    );
                }
            }
        }
    }
}
