//! Rules that hold for every policy and every request, and bounds for the work of a request.

mod abuse;
mod adapters;
mod invariants;
mod model;
mod pages;
mod random;
mod requests;
mod scanners;
mod spec;
mod strategies;

use proptest::prelude::ProptestConfig;

/// The number of cases is that of `PROPTEST_CASES`, or `cases`. A case that fails is printed, and
/// nothing is written beside the sources.
fn config(cases: u32) -> ProptestConfig {
    let mut config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    config
}

/// A runtime for the applications, which stay on one thread.
fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap()
}
