//! Tests properties of all strings and policies with random values. The `url` crate determines what
//! a browser sends for a URL.
#![cfg(feature = "regex")]

mod origins;
mod policies;
mod regexes;
mod strategies;

use proptest::prelude::ProptestConfig;

/// Does not write failing cases to files. A failing case is printed, and should be added to a table
/// of the other tests.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}
