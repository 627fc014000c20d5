//! Figures: of one sample, and of a target's samples together.

use std::time::Duration;

use crate::{load::Outcome, targets::Target};

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Requests a second.
    pub rate: f64,
    /// Milliseconds.
    pub median: f64,
    /// Milliseconds.
    pub p99: f64,
    /// Processor time of the server for one request, in microseconds.
    pub cost: Option<f64>,
}

/// A target and what was measured of it, the bare server's samples first.
pub struct Row {
    pub target: Target,
    pub bare: Vec<Sample>,
    pub visage: Vec<Sample>,
    /// Metered calls, all of them acknowledged and counted.
    pub counted: Option<u64>,
}

impl Sample {
    #[expect(clippy::cast_precision_loss, reason = "counts of one sample are far below 2^52")]
    pub fn of(outcome: &Outcome, cpu: Option<Duration>) -> Self {
        let calls = outcome.acknowledged.max(1) as f64;
        let at = |share: usize| {
            let place = (outcome.latencies.len() * share / 100).min(outcome.latencies.len().saturating_sub(1));
            outcome.latencies.get(place).map_or(f64::NAN, |nanoseconds| *nanoseconds as f64 / 1e6)
        };
        Self {
            rate: calls / outcome.elapsed.as_secs_f64(),
            median: at(50),
            p99: at(99),
            cost: cpu.map(|cpu| cpu.as_secs_f64() * 1e6 / calls),
        }
    }
}

impl Row {
    pub fn new(target: Target) -> Self {
        Self { target, bare: Vec::new(), visage: Vec::new(), counted: None }
    }
}

/// The middle of one figure over all samples; of an even number the upper of the two. None where there is none.
pub fn middle(samples: &[Sample], figure: impl Fn(&Sample) -> Option<f64>) -> Option<f64> {
    let mut figures: Vec<f64> = samples.iter().filter_map(figure).collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_told_in_rates_and_ranks() {
        let latencies = (1..=100).map(|millisecond| millisecond * 1_000_000).collect();
        let outcome = Outcome { acknowledged: 100, in_flight: 0, latencies, elapsed: Duration::from_millis(500) };
        let sample = Sample::of(&outcome, Some(Duration::from_millis(10)));
        assert_eq!(sample, Sample { rate: 200.0, median: 51.0, p99: 100.0, cost: Some(100.0) });
    }

    #[test]
    fn the_middle_is_no_average() {
        let samples = [1.0, 100.0, 3.0].map(|rate| Sample { rate, median: 0.0, p99: 0.0, cost: None });
        assert_eq!(middle(&samples, |sample| Some(sample.rate)), Some(3.0));
        assert_eq!(middle(&samples, |sample| sample.cost), None);
    }
}
