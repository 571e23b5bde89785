//! Tests random apps. The twin of an app has the same handlers, guards and scopes without policies,
//! so that actix-web itself determines the endpoint of a request. Each policy has a different
//! origin.
//!
//! `CORS_SEEDS=5000` tests more apps, and `CORS_SEED=7` tests only the app of that seed.

mod answer;
mod check;
mod handlers;
mod random;
mod shape;

use std::collections::BTreeMap;
use std::env;

use self::random::Random;
use self::shape::AppShape;

const SEEDS: u64 = 200;

fn number(name: &str) -> Option<u64> {
    env::var(name)
        .ok()
        .map(|text| text.parse().expect("a number"))
}

#[tokio::test(flavor = "current_thread")]
async fn only_the_policy_of_the_endpoint_applies() {
    let seeds = match number("CORS_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("CORS_SEEDS").unwrap_or(SEEDS),
    };
    // The shortest example of each kind of fault, and the number of faults.
    let mut faults: BTreeMap<&str, (usize, String)> = BTreeMap::new();
    for seed in seeds {
        let mut random = Random::new(seed);
        let shape = AppShape::random(&mut random);
        check::check(&shape, &mut random, &mut |kind, fault| {
            let example = format!("seed {seed}: {fault}\n{shape:?}");
            let (count, shortest) = faults.entry(kind).or_default();
            *count += 1;
            if shortest.is_empty() || example.len() < shortest.len() {
                *shortest = example;
            }
        })
        .await;
    }
    assert!(faults.is_empty(), "{faults:#?}");
}
