//! Requests of any form, also those that browsers do not send.

use http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD,
    HOST, ORIGIN,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use url::Url;

use crate::adapters::{Endpoint, PATH, with_layers};
use crate::invariants::{broken, cors_headers, is_preflight, vary};
use crate::random::annotated_endpoints;
use crate::spec::Spec;
use crate::strategies::{HEADERS, METHODS, PAGES, policy, registered};
use crate::{config, runtime};

type Line = (HeaderName, HeaderValue);

/// Headers to replace, and to remove.
type Changes = Vec<Option<Line>>;

/// The headers that may decide, and some that must not.
const NAMES: &[&str] = &[
    "origin",
    "origin",
    "access-control-request-method",
    "access-control-request-headers",
    "sec-fetch-site",
    "sec-fetch-mode",
    "cookie",
    "authorization",
    "user-agent",
    "accept-encoding",
    "content-type",
    "access-control-allow-origin",
    "access-control-request-private-network",
    "x-forwarded-host",
    "x-http-method-override",
    "vary",
];

/// An origin that is almost one of a page.
fn spoiled_origin() -> impl Strategy<Value = String> {
    let parts = (select(PAGES), "[ -~]{0,8}", "[ -~]{0,3}", select(PAGES));
    let long = (select(PAGES), 0..400_usize)
        .prop_map(|(page, len)| page.replace("://", &format!("://{}", "a.".repeat(len))));
    prop_oneof![
        long,
        parts.prop_map(|(page, before, after, other)| {
            let (scheme, host) = page.split_once("://").unwrap_or(("https", page));
            match before.len() % 4 {
                0 => format!("{scheme}://{before}{host}{after}"),
                1 => format!("{page}{before}"),
                2 => format!("{page}{after}{other}"),
                _ => format!("{scheme}://{before}.{host}{after}").to_uppercase(),
            }
        }),
    ]
}

fn value(name: &'static str) -> BoxedStrategy<HeaderValue> {
    let values: BoxedStrategy<String> = match name {
        "origin" => {
            prop_oneof![4 => select(PAGES).prop_map(str::to_owned), 1 => spoiled_origin()].boxed()
        }
        "access-control-request-method" => select(METHODS).prop_map(str::to_owned).boxed(),
        "access-control-request-headers" => {
            let names = prop_oneof![2 => vec(select(HEADERS), 1), 1 => vec(select(HEADERS), 0..4)];
            (names, select(&[",", ", ", " ,\t", ",,"][..]))
                .prop_map(|(names, comma)| names.join(comma))
                .boxed()
        }
        "sec-fetch-site" => select(&["same-origin", "same-site", "cross-site", "none"][..])
            .prop_map(str::to_owned)
            .boxed(),
        _ => prop_oneof![select(PAGES).prop_map(str::to_owned), "[ -~]{0,12}"].boxed(),
    };
    let values = values.prop_filter_map("not a value", |text| HeaderValue::from_str(&text).ok());
    let bytes = vec(any::<u8>(), 0..6);
    let bytes = bytes.prop_filter_map("not a value", |it| HeaderValue::from_bytes(&it).ok());
    prop_oneof![9 => values, 1 => bytes].boxed()
}

fn line_of(name: &'static str) -> impl Strategy<Value = Line> {
    value(name).prop_map(move |value| (HeaderName::from_static(name), value))
}

fn line() -> impl Strategy<Value = Line> {
    select(NAMES).prop_flat_map(line_of)
}

/// The headers that decide, and any others.
fn lines() -> impl Strategy<Value = Vec<Line>> {
    let origin = || line_of("origin");
    let method = || line_of("access-control-request-method");
    let names = || line_of("access-control-request-headers");
    let first = prop_oneof![
        1 => Just(Vec::new()),
        2 => origin().prop_map(|line| vec![line]),
        1 => (origin(), method()).prop_map(|(one, two)| vec![one, two]),
        2 => (origin(), method(), names()).prop_map(|(one, two, three)| vec![one, two, three]),
    ];
    let others = prop_oneof![Just(Vec::new()), vec(line(), 0..4)];
    (first, others).prop_map(|(first, others)| [first, others].concat())
}

fn request() -> impl Strategy<Value = Request<()>> {
    let methods = prop_oneof![3 => Just("OPTIONS"), 2 => select(METHODS)];
    let hosts = select(&["api.example.com", "localhost:3000", "rebound.example"][..]);
    (methods, hosts, lines()).prop_map(|(method, host, lines)| {
        let mut request = Request::new(());
        *request.method_mut() = method.parse().unwrap();
        *request.uri_mut() = PATH.parse().unwrap();
        let host = HeaderValue::from_static(host);
        request.headers_mut().insert(HOST, host);
        for (name, value) in lines {
            request.headers_mut().append(name, value);
        }
        request
    })
}

/// Replaces and removes headers that are not in `Vary`.
fn changed(request: &Request<()>, vary: &[String], changes: &[Option<Line>]) -> Request<()> {
    let mut request = request.clone();
    let names: Vec<_> = request.headers().keys().cloned().collect();
    let varies = |name: &HeaderName| vary.iter().any(|it| it == name.as_str()) || name == HOST;
    for (index, change) in changes.iter().enumerate() {
        match change {
            Some((name, value)) if !varies(name) => {
                request.headers_mut().insert(name.clone(), value.clone());
            }
            None => {
                let name = names.get(index).filter(|name| !varies(name));
                name.map(|name| request.headers_mut().remove(name));
            }
            Some(_) => {}
        }
    }
    request
}

/// Whether the answers have to be the same. Responses to OPTIONS are not cacheable (RFC 9110,
/// section 9.3.7), so `Vary` need not tell a preflight from another OPTIONS request, and a 404 to
/// OPTIONS is a response of actix-web, not of a policy.
fn has_to_agree(one: &Request<()>, response: &Response<Vec<u8>>, other: &Request<()>) -> bool {
    one.method() != Method::OPTIONS
        || is_preflight(one) == is_preflight(other) && response.status() != StatusCode::NOT_FOUND
}

fn cors_answer(request: &Request<()>, response: &Response<Vec<u8>>) -> String {
    let status = is_preflight(request).then(|| response.status());
    format!("{status:?} {:?}", cors_headers(response.headers()))
}

/// The single value of a header, as text.
fn single(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut lines = headers.get_all(name).iter();
    let value = lines.next().filter(|_| lines.next().is_none())?;
    value.to_str().ok()
}

/// Whether the model allows the request to be readable, or the preflight to pass.
fn is_allowed(spec: &Spec, endpoint: &Endpoint, request: &Request<()>) -> bool {
    let headers = request.headers();
    let accepts_host = single(headers, HOST).is_some_and(|host| spec.accepts_host(host));
    let allows_origin = spec.allows_any_origin()
        || single(headers, ORIGIN).is_some_and(|it| PAGES.contains(&it) && spec.allows_origin(it));
    if !accepts_host || !allows_origin {
        return false;
    }
    if !is_preflight(request) {
        return endpoint.has_policy_for(request.method().as_str());
    }
    let allows_method = single(headers, ACCESS_CONTROL_REQUEST_METHOD)
        .is_some_and(|method| is_token(method) && endpoint.allows_method(spec, method));
    let lines = headers.get_all(ACCESS_CONTROL_REQUEST_HEADERS).iter();
    let mut names = lines.flat_map(|line| line.as_bytes().split(|&byte| byte == b','));
    allows_method
        && names.all(|name| match str::from_utf8(name.trim_ascii()) {
            Ok("") => true,
            Ok(name) => is_token(name) && spec.allows_header(name),
            Err(_) => false,
        })
}

fn is_token(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(it))
}

/// Whether the model knows the answer: it does not know every well-formed origin.
fn is_known(spec: &Spec, request: &Request<()>) -> bool {
    let mut origins = request.headers().get_all(ORIGIN).iter();
    spec.allows_any_origin() || origins.all(|origin| PAGES.iter().any(|page| origin == page))
}

/// Whether an origin that no page of the test has may be allowed.
fn may_be_allowed(spec: &Spec, origin: &str) -> bool {
    let is_well_formed = Url::parse(origin).is_ok_and(|url| match url.scheme() {
        "http" | "https" => url.origin().ascii_serialization() == origin,
        _ => url.path().is_empty() && url.query().is_none() && url.fragment().is_none(),
    });
    is_well_formed && spec.allows_origin(origin)
}

async fn check(
    spec: &Spec,
    endpoint: &Endpoint,
    request: &Request<()>,
    changes: &[Option<Line>],
) -> Result<(), TestCaseError> {
    let name = endpoint.name;
    let response = endpoint.send(request.clone()).await;
    let broken = broken(request, &response);
    prop_assert!(
        broken.is_empty(),
        "{name}: {broken:?}\n{spec:?}\n{request:?}\n{response:?}"
    );

    let headers = response.headers();
    let found = headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN);
    let is_right = if is_known(spec, request) {
        found == is_allowed(spec, endpoint, request)
    } else {
        let origin = single(headers, ACCESS_CONTROL_ALLOW_ORIGIN);
        origin.is_none_or(|origin| may_be_allowed(spec, origin))
    };
    prop_assert!(is_right, "{name}: {spec:?}\n{request:?}\n{response:?}");

    let other = changed(request, &vary(response.headers()), changes);
    if has_to_agree(request, &response, &other) {
        let other_response = endpoint.send(other.clone()).await;
        let one = cors_answer(request, &response);
        let two = cors_answer(&other, &other_response);
        prop_assert_eq!(one, two, "{}: {:?}\n{:?}\n{:?}", name, spec, request, other);
    }
    Ok(())
}

fn changes() -> impl Strategy<Value = Changes> {
    vec(proptest::option::of(line()), 1..5)
}

#[test]
fn a_handler_answers_every_request_by_its_policy() {
    let runtime = runtime();
    for (spec, endpoints) in runtime.block_on(annotated_endpoints()) {
        for endpoint in &endpoints {
            let run = |(request, changes): (_, Changes)| {
                runtime.block_on(check(spec, endpoint, &request, &changes))
            };
            let result = TestRunner::new(config(128)).run(&(request(), changes()), run);
            result.unwrap_or_else(|error| panic!("{error}"));
        }
    }
}

#[test]
fn a_layer_answers_every_request_by_its_policy() {
    let runtime = runtime();
    let run = |(spec, policy, registered, requests): (Spec, _, Vec<_>, Vec<(_, Changes)>)| {
        runtime.block_on(async {
            for endpoint in with_layers(policy, &registered).await {
                for (request, changes) in &requests {
                    check(&spec, &endpoint, request, changes).await?;
                }
            }
            Ok(())
        })
    };
    let strategy = (policy(), registered(), vec((request(), changes()), 1..4));
    let strategy = strategy
        .prop_map(|((spec, policy), registered, requests)| (spec, policy, registered, requests));
    let result = TestRunner::new(config(2048)).run(&strategy, run);
    result.unwrap_or_else(|error| panic!("{error}"));
}
