//! `cors_runtime::http::cors`, on functions under `lambda_http`: from the JSON of an event to the
//! JSON of the response.

use std::collections::BTreeMap;
use std::convert::Infallible;

use cors_runtime::http::cors;
use lambda_http::request::LambdaRequest;
use lambda_http::{Adapter, Body, LambdaEvent, Request, Response, service_fn};
use serde_json::{Value, json};
use tower::Service as _;

use super::{block_on, response};
use crate::answer::Reply;
use crate::request::PlainRequest;
use crate::services::{Service, for_every_service};

macro_rules! functions {
    ($($service:ident $name:ident $policy:ident;)*) => {
        $(
            #[cors(policy = crate::services::$policy)]
            async fn $name(request: Request) -> Result<Response<Body>, Infallible> {
                Ok(response(request.headers()))
            }
        )*

        async fn call(service: Service, event: LambdaEvent<LambdaRequest>) -> Value {
            let Ok(response) = match service {
                $(Service::$service => Adapter::from(service_fn($name)).call(event).await,)*
            };
            serde_json::to_value(response).expect("JSON")
        }
    };
}

for_every_service!(functions);

/// Returns the lines by name, as in an event. JSON cannot contain bytes that are not text.
fn by_name(sent: &PlainRequest) -> BTreeMap<&str, Vec<String>> {
    let mut lines: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (name, value) in &sent.lines {
        let value = String::from_utf8_lossy(value).into_owned();
        lines.entry(*name).or_default().push(value);
    }
    lines
}

fn event(json: &str) -> Value {
    serde_json::from_str(json).expect("JSON")
}

/// Joins the lines of a header with commas, as API Gateway does for an HTTP API.
pub(super) fn http(sent: &PlainRequest) -> Reply {
    let mut event = event(include_str!("../../http/lambda/http.json"));
    event["rawPath"] = sent.path.into();
    event["requestContext"]["http"]["method"] = sent.method.into();
    for (name, lines) in by_name(sent) {
        event["headers"][name] = lines.join(",").into();
    }
    answer(sent, event)
}

/// Puts all lines into `multiValueHeaders`, and the last line of each name into `headers`.
pub(super) fn rest(sent: &PlainRequest) -> Reply {
    let mut event = event(include_str!("../../http/lambda/rest.json"));
    for (name, lines) in by_name(sent) {
        event["headers"][name] = json!(lines.last());
    }
    answer(sent, with_multi_value_headers(event, sent))
}

pub(super) fn alb(sent: &PlainRequest) -> Reply {
    let event = event(include_str!("../../http/lambda/alb.json"));
    answer(sent, with_multi_value_headers(event, sent))
}

fn with_multi_value_headers(mut event: Value, sent: &PlainRequest) -> Value {
    event["path"] = sent.path.into();
    event["httpMethod"] = sent.method.into();
    for (name, lines) in by_name(sent) {
        event["multiValueHeaders"][name] = lines.into();
    }
    event
}

fn answer(sent: &PlainRequest, event: Value) -> Reply {
    let payload = serde_json::from_value(event).expect("an event");
    let event = LambdaEvent::new(payload, lambda_http::Context::default());
    let answer = block_on(call(sent.service, event));
    // An HTTP API only reads `headers`.
    let lines = match &answer["multiValueHeaders"] {
        Value::Object(names) if !names.is_empty() => names,
        _ => answer["headers"].as_object().expect("headers"),
    };
    let status = answer["statusCode"]
        .as_u64()
        .and_then(|it| it.try_into().ok());
    Reply {
        status: status.expect("a status"),
        lines: lines
            .iter()
            .flat_map(|(name, lines)| texts(lines).map(|line| (name.clone(), line.into())))
            .collect(),
        body: answer["body"].as_str().unwrap_or_default().into(),
    }
}

/// Returns one text, or all texts of an array.
fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let several = value.as_array().into_iter().flatten();
    value
        .as_str()
        .into_iter()
        .chain(several.filter_map(Value::as_str))
}
