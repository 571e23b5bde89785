//! Tests random routers. axum's own router determines the endpoint of a request.
//!
//! Every policy has a different origin, so a response shows the policies that were applied. Only
//! the policy of the endpoint may make a response readable, or allow a preflight. Status, body and
//! layers have to be the same as in axum.
//!
//! `CORS_SEEDS=20000 cargo test -p cors-tests --test axum differential` checks more routers,
//! `CORS_SEED=17` one.

mod build;
mod check;
mod endpoints;
mod requests;
mod rules;
mod shape;

use std::cell::Cell;
use std::env;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use self::build::{axums, ours};
use self::check::Checked;
use self::shape::Generator;

const SEEDS: u64 = 250;

/// The routers that our router refuses at start-up, but axum accepts. See the limitations of
/// `cors_runtime::axum`.
const REFUSALS: [&str; 3] = [
    "serves every method that no other handler of its path does",
    "Overlapping method route. Handler for `OPTIONS",
    "Cannot merge two `MethodRouter`s that both have a fallback",
];

#[tokio::test]
async fn random_routers_are_routed_by_axum() {
    let seeds = number("CORS_SEEDS").unwrap_or(SEEDS);
    let seeds = match number("CORS_SEED") {
        Some(seed) => seed..seed + 1,
        None => 1..seeds + 1,
    };
    let mut checked = Checked::default();
    for seed in seeds {
        check_seed(seed, &mut checked).await;
    }
    println!("{checked:?}");
    if number("CORS_SEED").is_none() {
        checked.is_complete();
    }
}

fn number(name: &str) -> Option<u64> {
    env::var(name).ok()?.parse().ok()
}

async fn check_seed(seed: u64, checked: &mut Checked) {
    let shape = Generator::new(seed).router(2);
    let oracle = start(|| axums(&shape));
    let built = start(|| ours(&shape));
    match (oracle, built) {
        (Ok(oracle), Ok(app)) => {
            let app = build::mounted(app, seed);
            check::same(seed, &shape, &oracle, &app, checked).await;
        }
        (Err(_), Err(_)) => checked.refused += 1,
        (Ok(_), Err(message)) => {
            let is_known = REFUSALS.iter().any(|it| message.contains(it));
            assert!(is_known, "seed {seed}: {message}\n{shape:?}");
        }
        (Err(message), Ok(_)) => panic!("seed {seed}: axum panics: {message}\n{shape:?}"),
    }
}

thread_local! {
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Starts an app. Returns the message of a panic.
fn start<T>(start: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let default = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !IS_QUIET.get() {
                default(info);
            }
        }));
    });
    IS_QUIET.set(true);
    let result = panic::catch_unwind(AssertUnwindSafe(start));
    IS_QUIET.set(false);
    result.map_err(|payload| {
        let formatted = payload.downcast_ref::<String>().cloned();
        let literal = payload.downcast_ref::<&str>().map(ToString::to_string);
        formatted.or(literal).unwrap_or_default()
    })
}
