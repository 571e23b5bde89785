//! What holds for every string and every policy, tried with random ones. What a browser makes of a
//! URL says the `url` crate.
#![cfg(feature = "regex")]

mod origins;
mod policies;
mod regexes;
mod strategies;

use proptest::prelude::ProptestConfig;

/// Nothing is written beside the sources: a case that fails is printed, and belongs into a table of
/// its own.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}
