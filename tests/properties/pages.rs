//! Browsers give pages the responses and the headers that the model allows.

use cors_runtime::testing::{Blocked, Browser, Credentials, Fetch, Page};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::adapters::{Endpoint, PATH, with_layers};
use crate::invariants::RAN;
use crate::random::annotated_endpoints;
use crate::spec::Spec;
use crate::strategies::{Visit, policy, registered, visits};
use crate::{config, runtime};

/// The result of a fetch.
#[derive(Debug, PartialEq, Eq)]
struct Conclusion {
    /// Whether the handler runs.
    ran: bool,
    result: Result<Vec<&'static str>, IsPreflight>,
}

/// Whether the response to the preflight blocks the page, and not that to the request itself.
type IsPreflight = bool;

/// The headers of the handlers that a page may see, beside those of CORS.
const SEEN: [&str; 2] = ["x-total", "etag"];

fn expected(spec: &Spec, endpoint: &Endpoint, visit: &Visit) -> Conclusion {
    let is_same_origin = visit.page == visit.server;
    let (_, host) = visit.server.split_once("://").unwrap();
    let accepts_host = spec.accepts_host(host);
    let includes = visit.credentials == Credentials::Include;
    let allows_origin = accepts_host && spec.allows_origin(visit.page);
    let passes_check = allows_origin && (!includes || spec.credentials);

    // The headers of the strategy are not safelisted.
    let needs_preflight =
        !["GET", "HEAD", "POST"].contains(&visit.method) || !visit.headers.is_empty();
    let passes_preflight = passes_check
        && endpoint.allows_method(spec, visit.method)
        && visit.headers.iter().all(|name| spec.allows_header(name));
    if !is_same_origin && needs_preflight && !passes_preflight {
        return Conclusion {
            ran: false,
            result: Err(true),
        };
    }

    let is_refused = !accepts_host || spec.enforces() && !allows_origin && !is_same_origin;
    let ran = endpoint.serves(visit.method) && !is_refused;
    let is_readable = is_same_origin || passes_check && endpoint.has_policy_for(visit.method);
    let is_exposed = |name: &&str| is_same_origin || spec.exposes(name);
    let headers = SEEN
        .into_iter()
        .filter(|name| ran && is_exposed(name))
        .collect();
    Conclusion {
        ran,
        result: if is_readable { Ok(headers) } else { Err(false) },
    }
}

fn found(browser: &Browser, result: &Result<Page, Blocked>) -> Conclusion {
    let last = browser.log().last().unwrap();
    Conclusion {
        ran: last.response_header(RAN).is_some(),
        result: match result {
            Ok(page) => Ok(SEEN
                .into_iter()
                .filter(|name| page.header(name).is_some())
                .collect()),
            Err(blocked) => Err(blocked.is_preflight()),
        },
    }
}

fn open(page: &str) -> Browser {
    if page == "null" {
        Browser::opaque()
    } else {
        Browser::at(page)
    }
}

/// Runs the fetches in one browser, which keeps the preflights. The cached preflight of another
/// method lets a browser send a method that no handler serves, so such a fetch has a new browser.
async fn check(spec: &Spec, endpoint: &Endpoint, visits: &[Visit]) -> Result<(), TestCaseError> {
    let mut browser = open(visits[0].page);
    for visit in visits {
        if !endpoint.serves(visit.method) {
            browser = open(visit.page);
        }
        browser.advance(std::time::Duration::from_secs(visit.seconds));
        let url = format!("{}{PATH}", visit.server);
        let fetch = Fetch::new(visit.method, url).credentials(visit.credentials);
        let fetch = visit
            .headers
            .iter()
            .fold(fetch, |fetch, name| fetch.header(*name, "a/b"));
        let result = endpoint.fetch(&mut browser, fetch).await;
        let (expected, found) = (expected(spec, endpoint, visit), found(&browser, &result));
        let name = endpoint.name;
        prop_assert_eq!(
            found,
            expected,
            "{}: {:?}\n{:?}\n{:?}",
            name,
            spec,
            visit,
            result
        );
    }
    Ok(())
}

#[test]
fn a_page_gets_what_the_policy_of_a_handler_allows() {
    let runtime = runtime();
    for (spec, endpoints) in runtime.block_on(annotated_endpoints()) {
        for endpoint in &endpoints {
            let run = |visits: Vec<Visit>| runtime.block_on(check(spec, endpoint, &visits));
            let result = TestRunner::new(config(64)).run(&visits(), run);
            result.unwrap_or_else(|error| panic!("{error}"));
        }
    }
}

#[test]
fn a_page_gets_what_the_policy_of_a_layer_allows() {
    let runtime = runtime();
    let run = |(spec, policy, registered, visits): (Spec, _, Vec<_>, Vec<Visit>)| {
        runtime.block_on(async {
            for endpoint in with_layers(policy, &registered).await {
                check(&spec, &endpoint, &visits).await?;
            }
            Ok(())
        })
    };
    let strategy = (policy(), registered(), visits());
    let strategy = strategy
        .prop_map(|((spec, policy), registered, visits)| (spec, policy, registered, visits));
    let result = TestRunner::new(config(1024)).run(&strategy, run);
    result.unwrap_or_else(|error| panic!("{error}"));
}
