//! Sends one table of requests through every adapter. All adapters have to respond as the table
//! expects.

mod adapters;
mod answer;
mod differences;
mod expected;
mod request;
mod requests;
mod services;

use std::collections::BTreeSet;
use std::panic::catch_unwind;

use crate::adapters::ADAPTERS;
use crate::answer::Answer;
use crate::differences::{Difference, differences};
use crate::requests::rows;

/// Prevents the table from shrinking unnoticed.
const MIN_REQUESTS: usize = 591;
const MIN_ADAPTERS: usize = 10;

#[test]
fn every_adapter_responds_as_the_table_expects() {
    let (rows, differences) = (rows(), differences());
    assert!(rows.len() >= MIN_REQUESTS, "requests are missing");
    assert!(ADAPTERS.len() >= MIN_ADAPTERS, "adapters are missing");
    let mut failures = Vec::new();
    for adapter in ADAPTERS {
        for row in &rows {
            // A panic is printed, and counts as an answer with the status 0.
            let reply = catch_unwind(|| (adapter.answer)(&row.sent)).unwrap_or_default();
            let found = reply.to_answer(&row.sent);
            let expected = adapter.expected(&row.sent, &row.expected);
            let listed = listed(&differences, adapter.name, &row.name);
            let listed = listed.map(|(it, answer)| (it, adapter.expected(&row.sent, answer)));
            // A difference may be only in parts that this adapter replaces.
            let listed = listed.filter(|(_, answer)| *answer != expected);
            failures.extend(failure_of(&expected, listed, &found).map(|failure| {
                let (name, row) = (adapter.name, &row.name);
                format!("[{name}] {row}\n{failure}")
            }));
        }
    }
    let (requests, adapters) = (rows.len(), ADAPTERS.len());
    let answers = requests * adapters;
    println!("{requests} requests x {adapters} adapters = {answers} answers");
    assert!(
        failures.is_empty(),
        "{} of {answers} answers are wrong:\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

fn listed<'a>(
    differences: &'a [Difference],
    adapter: &str,
    row: &str,
) -> Option<(&'a Difference, &'a Answer)> {
    differences.iter().find_map(|difference| {
        let answers = &difference.answers;
        let (_, answer) = answers.iter().find(|(name, _)| *name == row)?;
        let is_of = difference.adapters.contains(&adapter);
        is_of.then_some((difference, answer))
    })
}

/// Compares the answer with the expected answer. Returns the failure.
fn failure_of(
    expected: &Answer,
    listed: Option<(&Difference, Answer)>,
    found: &Answer,
) -> Option<String> {
    let Some((difference, instead)) = listed else {
        let is_wrong = found != expected;
        return is_wrong.then(|| format!("  expected {expected}\n  found    {found}"));
    };
    let Difference { name, reason, .. } = difference;
    if found == expected {
        return Some(format!(
            "  the listed difference `{name}` does not occur ({reason})\n  found    \
             {found}"
        ));
    }
    (*found != instead).then(|| {
        format!("  expected {instead}\n  because of `{name}` ({reason})\n  found    {found}")
    })
}

#[test]
fn names_are_unique() {
    let rows = rows();
    let names: BTreeSet<_> = rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names.len(), rows.len(), "two requests have one name");
    let adapters: BTreeSet<_> = ADAPTERS.iter().map(|adapter| adapter.name).collect();
    assert_eq!(adapters.len(), ADAPTERS.len(), "two adapters have one name");
    let mut seen = BTreeSet::new();
    for difference in differences() {
        for &adapter in difference.adapters {
            assert!(adapters.contains(adapter), "no adapter `{adapter}`");
            for (row, _) in &difference.answers {
                assert!(names.contains(row), "no request `{row}`");
                let is_new = seen.insert((adapter, *row));
                assert!(is_new, "`{row}` of `{adapter}` is listed twice");
            }
        }
    }
}
