//! The logarithm of the gamma function with its first two derivatives, and those of rising factorials.
//!
//! Likelihoods of mixtures over gamma and beta distributions are differences of these; taken from large
//! values of ln Γ they would keep few digits, so the difference Γ(z + x)/Γ(z) has a form of its own.

/// From here on the asymptotic series is exact to doubles (Abramowitz & Stegun 1964, 6.1.41, 6.3.18,
/// 6.4.12).
const LARGE: f64 = 16.0;

/// Up to so many factors a rising factorial is multiplied out.
const FACTORS: f64 = 16.0;

/// A function at one place, with its first and second derivative.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Jet {
    /// The value.
    pub(super) value: f64,
    /// The first derivative.
    pub(super) first: f64,
    /// The second derivative.
    pub(super) second: f64,
}

impl Jet {
    fn plus(self, other: Self, factor: f64) -> Self {
        Self {
            value: self.value + factor * other.value,
            first: self.first + factor * other.first,
            second: self.second + factor * other.second,
        }
    }

    /// ln z.
    fn ln(z: f64) -> Self {
        Self {
            value: z.ln(),
            first: 1.0 / z,
            second: -1.0 / (z * z),
        }
    }
}

/// ln Γ(z) for z > 0, with ψ(z) and ψ′(z).
pub(super) fn ln_gamma(z: f64) -> Jet {
    let (lifted, steps) = lift(z);
    let stirling = Jet {
        value: (lifted - 0.5) * lifted.ln() - lifted + 0.5 * (2.0 * std::f64::consts::PI).ln(),
        first: lifted.ln() - 0.5 / lifted,
        second: 1.0 / lifted + 0.5 / (lifted * lifted),
    };
    let above = stirling.plus(correction(lifted), 1.0);
    let below = (0..steps).map(|step| Jet::ln(z + f64::from(step)));
    below.fold(above, |sum, factor| sum.plus(factor, -1.0))
}

/// ln Γ(z + x)/Γ(z) = ln z(z + 1)…(z + x − 1) for z > 0, x ≥ 0, with its derivatives by z.
pub(super) fn ln_rising(z: f64, x: f64) -> Jet {
    if x <= FACTORS && x.fract().abs() < f64::EPSILON {
        let factors = (0..x as u32).map(|step| Jet::ln(z + f64::from(step)));
        return factors.fold(Jet::default(), |sum, factor| sum.plus(factor, 1.0));
    }
    let (lifted, steps) = lift(z);
    let above = lifted + x;
    let stirling = Jet {
        value: (lifted - 0.5) * (x / lifted).ln_1p() + x * (above.ln() - 1.0),
        first: (x / lifted).ln_1p() + 0.5 * x / lifted / above,
        second: -x / lifted / above - 0.5 * x / lifted / above * (1.0 / lifted + 1.0 / above),
    };
    let sum = stirling
        .plus(correction(above), 1.0)
        .plus(correction(lifted), -1.0);
    let below = (0..steps).map(|step| {
        let low = z + f64::from(step);
        let ratio = Jet::ln(low + x).plus(Jet::ln(low), -1.0);
        Jet {
            value: (x / low).ln_1p(),
            ..ratio
        }
    });
    below.fold(sum, |sum, ratio| sum.plus(ratio, -1.0))
}

/// z in steps of 1 to where the asymptotic series holds, and how many steps.
fn lift(z: f64) -> (f64, u32) {
    let steps = (LARGE - z).ceil().max(0.0);
    (z + steps, steps as u32)
}

/// What Stirling's formula leaves out: the Bernoulli terms of ln Γ, ψ and ψ′.
fn correction(z: f64) -> Jet {
    const TERMS: [f64; 6] = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1260.0,
        -1.0 / 1680.0,
        1.0 / 1188.0,
        -691.0 / 360_360.0,
    ];
    let mut power = 1.0 / z;
    let mut sum = Jet::default();
    for (place, term) in TERMS.into_iter().enumerate() {
        let degree = 2.0 * place as f64 + 1.0;
        let value = term * power;
        let first = -degree * value / z;
        let jet = Jet {
            value,
            first,
            second: -(degree + 1.0) * first / z,
        };
        sum = sum.plus(jet, 1.0);
        power /= z * z;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAMMA: [(f64, f64, f64, f64); 13] = [
        (
            1e-06,
            13.815509980749432,
            -1000000.5772140201,
            1000000000001.645,
        ),
        (
            0.1,
            2.252712651734206,
            -10.423754940411076,
            101.43329915079275,
        ),
        (
            0.5,
            0.5723649429247001,
            -1.9635100260214235,
            4.934802200544679,
        ),
        (1.0, 0.0, -0.5772156649015329, 1.6449340668482264),
        (
            1.5,
            -0.12078223763524522,
            0.03648997397857652,
            0.9348022005446793,
        ),
        (2.0, 0.0, 0.42278433509846713, 0.6449340668482264),
        (
            3.7446,
            1.4804343309807273,
            1.1808872026179522,
            0.3058404164141408,
        ),
        (
            8.25,
            9.033186919605123,
            2.0483845613664946,
            0.1288542628854482,
        ),
        (
            15.5,
            26.536914491115613,
            2.7082352425903653,
            0.06664201358327597,
        ),
        (
            16.0,
            27.89927138384089,
            2.7410133283274605,
            0.06449378340323936,
        ),
        (
            100.0,
            359.1342053695754,
            4.600161852738087,
            0.010050166663333571,
        ),
        (
            1000000.0,
            12815504.569147611,
            13.815510057964191,
            1.0000005000001667e-06,
        ),
        (
            1000000000000.0,
            26631021115915.652,
            27.63102111592805,
            1.0000000000005e-12,
        ),
    ];

    const RISING: [(f64, f64, f64, f64, f64); 13] = [
        (
            0.243,
            1.0,
            -1.4146938356415886,
            4.11522633744856,
            -16.93508780843029,
        ),
        (
            0.243,
            16.0,
            27.24918831795813,
            7.107657685826791,
            -18.078280820083915,
        ),
        (
            0.243,
            17.0,
            30.036850364695386,
            7.169222667665121,
            -18.082071067072672,
        ),
        (
            2.4,
            29.0,
            75.81109693992,
            2.7778986449087983,
            -0.48279287282680217,
        ),
        (
            1e-05,
            200.0,
            846.4208030911147,
            100005.87301454901,
            -10000000001.639896,
        ),
        (
            15.9,
            16.5,
            51.849270940114366,
            0.7281038781915844,
            -0.03356688545751541,
        ),
        (
            7.0,
            0.3,
            0.568641311012148,
            0.04503600053951896,
            -0.006749409827910449,
        ),
        (
            1.0,
            100000.0,
            1051299.2218991218,
            12.090146129863427,
            -1.6449240668982263,
        ),
        (
            1000.0,
            40.0,
            277.0801392769935,
            0.039239950209493106,
            -3.849927885563054e-05,
        ),
        (
            1000000000.0,
            3.0,
            62.169797513839235,
            2.999999997e-09,
            -2.999999994e-18,
        ),
        (
            1000000000.0,
            30.0,
            621.6979755433923,
            2.999999956500001e-08,
            -2.9999999130000024e-17,
        ),
        (
            1000000000000.0,
            2000000.0,
            55262044.23185477,
            1.9999980000036667e-06,
            -1.99999600001e-18,
        ),
        (
            3.0,
            0.05,
            0.04662970425754334,
            0.01955650403139536,
            -0.007559802239342619,
        ),
    ];

    #[track_caller]
    fn close(found: f64, expected: f64) {
        let error = (found - expected).abs() / expected.abs().max(1.0);
        assert!(error < 1e-14, "{found:e} {expected:e}");
    }

    /// mpmath 1.4 `loggamma`, `digamma`, `polygamma(1, z)` at 60 digits.
    #[test]
    fn mpmath_gamma() {
        for (z, value, first, second) in GAMMA {
            let found = ln_gamma(z);
            close(found.value, value);
            close(found.first, first);
            close(found.second, second);
        }
    }

    /// The same, for differences; relative to their own size.
    #[test]
    fn mpmath_rising() {
        for (z, x, value, first, second) in RISING {
            let found = ln_rising(z, x);
            for (found, expected) in [
                (found.value, value),
                (found.first, first),
                (found.second, second),
            ] {
                let error = (found / expected - 1.0).abs();
                assert!(error < 2e-14, "{z} {x}: {found:e} {expected:e}");
            }
        }
        assert_eq!(ln_rising(3.0, 0.0), Jet::default());
    }
}
