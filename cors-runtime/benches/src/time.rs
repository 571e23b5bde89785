//! Measures time. Runs the cases of a group in turn, many times, so that other processes of the
//! machine slow all cases alike.

use std::time::Instant;

use crate::case::{Group, Measured};

const ROUNDS: usize = 60;
const BATCHES: usize = 2;

/// Returns the nanoseconds of one request, for each case of each group. The value is the best of
/// the rounds.
pub(crate) fn time(groups: &[Group]) -> Vec<f64> {
    groups.iter().flat_map(of_group).collect()
}

fn of_group(group: &Group) -> Vec<f64> {
    let mut running: Vec<_> = group.cases.iter().map(|case| group.start(case)).collect();
    let mut best = vec![f64::INFINITY; running.len()];
    for _ in 0..ROUNDS {
        for (measured, best) in running.iter_mut().zip(&mut best) {
            *best = best.min(nanoseconds(&mut **measured, group.requests * BATCHES));
        }
    }
    best
}

#[allow(clippy::cast_precision_loss)]
fn nanoseconds(measured: &mut dyn Measured, requests: usize) -> f64 {
    measured.prepare(requests);
    let start = Instant::now();
    measured.serve();
    start.elapsed().as_secs_f64() * 1e9 / requests as f64
}
