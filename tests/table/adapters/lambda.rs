//! `cors_runtime::http::cors`, on functions under `lambda_http`: from the JSON of an event to the
//! JSON of the answer.

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

/// Lines by name, as an event has them. Bytes that are no text cannot get into JSON.
fn by_name(asked: &PlainRequest) -> BTreeMap<&str, Vec<String>> {
    let mut lines: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (name, value) in &asked.lines {
        let value = String::from_utf8_lossy(value).into_owned();
        lines.entry(*name).or_default().push(value);
    }
    lines
}

fn event(json: &str) -> Value {
    serde_json::from_str(json).expect("JSON")
}

/// "Duplicate headers are combined with commas and included in the `headers` field."
pub(super) fn http(asked: &PlainRequest) -> Reply {
    let mut event = event(include_str!("../../http/lambda/http.json"));
    event["rawPath"] = asked.path.into();
    event["requestContext"]["http"]["method"] = asked.method.into();
    for (name, lines) in by_name(asked) {
        event["headers"][name] = lines.join(",").into();
    }
    answer(asked, event)
}

/// `multiValueHeaders` has all lines, and `headers` the last one of each name.
pub(super) fn rest(asked: &PlainRequest) -> Reply {
    let mut event = event(include_str!("../../http/lambda/rest.json"));
    for (name, lines) in by_name(asked) {
        event["headers"][name] = json!(lines.last());
    }
    answer(asked, with_multi_value_headers(event, asked))
}

pub(super) fn alb(asked: &PlainRequest) -> Reply {
    let event = event(include_str!("../../http/lambda/alb.json"));
    answer(asked, with_multi_value_headers(event, asked))
}

fn with_multi_value_headers(mut event: Value, asked: &PlainRequest) -> Value {
    event["path"] = asked.path.into();
    event["httpMethod"] = asked.method.into();
    for (name, lines) in by_name(asked) {
        event["multiValueHeaders"][name] = lines.into();
    }
    event
}

fn answer(asked: &PlainRequest, event: Value) -> Reply {
    let payload = serde_json::from_value(event).expect("an event");
    let event = LambdaEvent::new(payload, lambda_http::Context::default());
    let answer = block_on(call(asked.service, event));
    // An HTTP API reads `headers` only.
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

/// One text or several.
fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let several = value.as_array().into_iter().flatten();
    value
        .as_str()
        .into_iter()
        .chain(several.filter_map(Value::as_str))
}
