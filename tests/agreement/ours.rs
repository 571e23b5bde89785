//! A plan in `testing::Browser`.

use std::sync::Arc;

use cors_runtime::testing::{Blocked, Browser, Page};
use http::Request;
use http_body_util::Full;
use hyper::body::Bytes;
use tower::service_fn;

use crate::case::Api;
use crate::outcome::Outcome;
use crate::page;
use crate::plan::{Plan, PlanStep};
use crate::world::{Run, World};

/// The origins of scenarios that have the default port of `https:`. The others have the one of
/// `http:`, or name their port.
const HTTPS: [&str; 4] = [
    "https://app.shop.example",
    "https://admin.shop.example",
    "https://api.shop.example",
    "https://api.other.example",
];

pub(crate) async fn run(world: &World, plan: &Plan) -> Vec<Run> {
    let mut browser = match &*plan.page {
        "null" => Browser::opaque(),
        page => Browser::at(&format!("{page}/{}", page::PATH)),
    };
    for (url, line) in &plan.cookies {
        browser.set_cookie(url, line);
    }
    let mut runs = Vec::new();
    for step in &plan.steps {
        browser.advance(step.wait);
        world.begin(step);
        let result = fetch(&mut browser, world, step).await;
        let blocked = result.as_ref().err().map(ToString::to_string);
        let console = blocked.iter().filter_map(|text| text.lines().next());
        let console = console.map(str::to_owned).collect();
        let outcome = visible(step.request.api, Outcome::of(result).await);
        runs.push(world.end(outcome, Some(console)));
    }
    runs
}

async fn fetch(browser: &mut Browser, world: &World, step: &PlanStep) -> Result<Page, Blocked> {
    let server = |port| {
        let network = Arc::clone(&world.network);
        service_fn(move |request: Request<Full<Bytes>>| {
            let network = Arc::clone(&network);
            async move { network.send(request, port).await }
        })
    };
    for origin in HTTPS {
        browser.route(origin, server(443));
    }
    browser.fetch(&mut server(80), step.request.fetch()).await
}

/// Removes what a page cannot see.
fn visible(api: Api, outcome: Outcome) -> Outcome {
    match api {
        Api::Fetch => outcome,
        Api::Xhr => Outcome {
            response_type: None,
            redirected: None,
            ..outcome
        },
        Api::WebSocket => Outcome {
            ok: outcome.ok,
            ..Outcome::default()
        },
    }
}
