//! Tests `cors_runtime::http::cors` on AWS Lambda: from the JSON of each kind of event to the JSON
//! of the response.

use std::collections::BTreeMap;

use cors_runtime::http::cors;
use lambda_http::{Adapter, Body, Error, LambdaEvent, Request, RequestExt as _, Response};
use serde_json::{Value, json};
use tower::Service as _;

const APP: &str = "https://app.example.com";
const STRANGER: &str = "https://stranger.example";

#[cors(
    origins = ["https://app.example.com"],
    methods = [PUT],
    headers = ["content-type", "x-token"],
    expose = ["etag"],
    max_age = "10m",
    credentials,
)]
async fn items(request: Request) -> Result<Response<Body>, Error> {
    let body = format!("{} {}", request.method(), request.raw_http_path());
    let response = Response::builder().header("etag", "\"1\"");
    Ok(response.body(body.into())?)
}

/// The AWS service that sends the event, and receives the response.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Sender {
    /// An HTTP API of API Gateway, or a function URL: events of version 2.0.
    HttpApi,
    /// A REST API of API Gateway: events of version 1.0.
    RestApi,
    /// An application load balancer, with multi-value headers on.
    LoadBalancer,
    /// An application load balancer with its default settings.
    PlainLoadBalancer,
}

use Sender::{HttpApi, LoadBalancer, PlainLoadBalancer, RestApi};

const SENDERS: [Sender; 4] = [HttpApi, RestApi, LoadBalancer, PlainLoadBalancer];

impl Sender {
    fn event(self, method: &str, lines: &[(&str, &str)]) -> Value {
        let mut event: Value = serde_json::from_str(match self {
            HttpApi => include_str!("lambda/http.json"),
            RestApi => include_str!("lambda/rest.json"),
            LoadBalancer => include_str!("lambda/alb.json"),
            PlainLoadBalancer => include_str!("lambda/alb_plain.json"),
        })
        .expect("JSON");
        match self {
            HttpApi => event["requestContext"]["http"]["method"] = method.into(),
            _ => event["httpMethod"] = method.into(),
        }
        for (name, value) in lines {
            // Only a REST API keeps the case of names.
            let name = match self {
                RestApi => (*name).to_owned(),
                _ => name.to_ascii_lowercase(),
            };
            if matches!(self, RestApi | LoadBalancer) {
                let lines = event["multiValueHeaders"][&name].take();
                let mut lines = lines.as_array().cloned().unwrap_or_default();
                lines.push((*value).into());
                event["multiValueHeaders"][&name] = lines.into();
            }
            if self != LoadBalancer {
                event["headers"][&name] = (*value).into();
            }
        }
        event
    }

    /// Returns the lines that reach the client, without the reason for a refusal, which only debug
    /// builds send.
    fn lines(self, answer: &Value) -> BTreeMap<String, Vec<String>> {
        let maps: &[&str] = match self {
            HttpApi | PlainLoadBalancer => &["headers"],
            LoadBalancer => &["multiValueHeaders"],
            // A REST API merges both.
            RestApi => &["headers", "multiValueHeaders"],
        };
        let mut lines: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for map in maps {
            for (name, value) in answer[map].as_object().into_iter().flatten() {
                let several = value.as_array().into_iter().flatten();
                let values = several.chain(value.is_string().then_some(value));
                let values = values.map(|value| value.as_str().expect("text").to_owned());
                lines.entry(name.clone()).or_default().extend(values);
            }
        }
        lines.remove("cors-denied");
        lines
    }
}

async fn answer(event: Value) -> Value {
    let payload = serde_json::from_value(event).expect("an event");
    let event = LambdaEvent::new(payload, lambda_http::Context::default());
    let mut adapter = Adapter::from(lambda_http::service_fn(items));
    let answer = adapter.call(event).await.expect("an answer");
    serde_json::to_value(answer).expect("JSON")
}

fn preflight(sender: Sender, origin: &str) -> Value {
    let lines = [
        ("Origin", origin),
        ("Access-Control-Request-Method", "PUT"),
        ("Access-Control-Request-Headers", "content-type"),
    ];
    sender.event("OPTIONS", &lines)
}

#[track_caller]
fn has_lines(sender: Sender, answer: &Value, expected: &[(&str, &str)]) {
    let expected = expected.iter();
    let expected = expected.map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]));
    let found = sender.lines(answer);
    assert_eq!(found, expected.collect(), "{sender:?}: {answer:#}");
}

const PREFLIGHT_VARY: &str =
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

#[tokio::test]
async fn a_preflight_is_answered() {
    for sender in SENDERS {
        let answer = answer(preflight(sender, APP)).await;
        assert_eq!(answer["statusCode"], 204, "{sender:?}");
        assert_eq!(answer["body"], "", "{sender:?}");
        let expected = [
            ("access-control-allow-credentials", "true"),
            ("access-control-allow-headers", "content-type, x-token"),
            ("access-control-allow-methods", "PUT"),
            ("access-control-allow-origin", APP),
            ("access-control-max-age", "600"),
            ("vary", PREFLIGHT_VARY),
        ];
        has_lines(sender, &answer, &expected);
    }
}

#[tokio::test]
async fn a_preflight_is_refused() {
    for sender in SENDERS {
        let answer = answer(preflight(sender, STRANGER)).await;
        assert_eq!(answer["statusCode"], 403, "{sender:?}");
        assert_eq!(answer["body"], "", "{sender:?}");
        has_lines(sender, &answer, &[("vary", PREFLIGHT_VARY)]);
    }
}

#[tokio::test]
async fn the_response_to_an_actual_request_is_readable() {
    for sender in SENDERS {
        let answer = answer(sender.event("PUT", &[("Origin", APP)])).await;
        assert_eq!(answer["statusCode"], 200, "{sender:?}");
        assert_eq!(answer["body"], "PUT /items", "{sender:?}");
        assert_eq!(answer["isBase64Encoded"], false, "{sender:?}");
        let expected = [
            ("access-control-allow-credentials", "true"),
            ("access-control-allow-origin", APP),
            ("access-control-expose-headers", "etag"),
            ("etag", "\"1\""),
            ("vary", "Origin"),
        ];
        has_lines(sender, &answer, &expected);
    }
}

#[tokio::test]
async fn the_response_to_another_origin_is_unreadable() {
    for sender in SENDERS {
        for lines in [&[("Origin", STRANGER)][..], &[]] {
            let answer = answer(sender.event("PUT", lines)).await;
            assert_eq!(answer["statusCode"], 200, "{sender:?}");
            assert_eq!(answer["body"], "PUT /items", "{sender:?}");
            has_lines(sender, &answer, &[("etag", "\"1\""), ("vary", "Origin")]);
        }
    }
}

#[tokio::test]
async fn every_line_of_a_header_counts() {
    let sent = |names: [&str; 2]| {
        let mut event = preflight(LoadBalancer, APP);
        event["multiValueHeaders"]["access-control-request-headers"] = json!(names);
        answer(event)
    };
    let status = sent(["x-token", "content-type"]).await["statusCode"].take();
    assert_eq!(status, 204);
    let status = sent(["x-other", "content-type"]).await["statusCode"].take();
    assert_eq!(status, 403);
    let lines = [("origin", STRANGER), ("origin", APP)];
    let twice = answer(LoadBalancer.event("PUT", &lines)).await;
    let expected = [("etag", "\"1\""), ("vary", "Origin")];
    has_lines(LoadBalancer, &twice, &expected);
}
