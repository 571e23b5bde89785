//! Sends requests to a router.

use std::collections::BTreeSet;

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_METHOD, AsHeaderName, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderName, Request, StatusCode, request};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::build::Mounted;
use super::endpoints::{AnyService, TOKEN};

pub(super) struct Reply {
    pub(super) status: StatusCode,
    headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Reply {
    pub(super) fn lines(&self, name: impl AsHeaderName) -> Vec<&str> {
        let lines = self.headers.get_all(name).iter();
        lines.map(|line| line.to_str().expect("text")).collect()
    }

    pub(super) fn tokens(&self, name: HeaderName) -> BTreeSet<String> {
        let lines = self.lines(name).join(",").to_ascii_lowercase();
        let tokens = lines.split(',').map(|token| token.trim().to_owned());
        tokens.filter(|token| !token.is_empty()).collect()
    }

    /// Returns the origin that the response allows. Returns an error if a header is repeated, or if
    /// `Vary` is missing.
    pub(super) fn allowed(&self) -> Result<Option<&str>, String> {
        let lines = self.lines(ACCESS_CONTROL_ALLOW_ORIGIN);
        let is_single = lines.len() < 2 && self.lines(VARY).len() < 2;
        ensure(is_single, || format!("two lines: {:?}", self.headers))?;
        let varies = lines.is_empty() || self.tokens(VARY).contains("origin");
        ensure(varies, || format!("no Vary: {:?}", self.headers))?;
        Ok(lines.first().copied())
    }
}

async fn send(app: &AnyService, request: Request<Body>) -> Reply {
    let Ok(response) = app.clone().oneshot(request).await;
    let (parts, body) = response.into_parts();
    Reply {
        status: parts.status,
        headers: parts.headers,
        body: body.collect().await.expect("a body").to_bytes(),
    }
}

fn to(method: &str, url: &str) -> request::Builder {
    Request::builder().method(method).uri(url)
}

pub(super) async fn actual(app: &Mounted, method: &str, url: &str, origin: Option<&str>) -> Reply {
    let request = to(method, &format!("{}{url}", app.prefix)).header(TOKEN, "1");
    let request = match origin {
        Some(origin) => request.header(ORIGIN, origin),
        None => request,
    };
    send(&app.app, request.body(Body::empty()).expect("a request")).await
}

pub(super) async fn preflight(app: &Mounted, method: &str, url: &str, origin: &str) -> Reply {
    let request = to("OPTIONS", &format!("{}{url}", app.prefix))
        .header(ORIGIN, origin)
        .header(ACCESS_CONTROL_REQUEST_METHOD, method);
    send(&app.app, request.body(Body::empty()).expect("a request")).await
}

pub(super) fn ensure(condition: bool, message: impl FnOnce() -> String) -> Result<(), String> {
    condition.then_some(()).ok_or_else(message)
}
