//! A server of an application, which records the requests.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::response::{Html, IntoResponse, Response};
use http::header::{HOST, LOCATION, SET_COOKIE};
use http::{Request, StatusCode, Uri};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tower::ServiceExt;
use tower::util::BoxCloneSyncService;

use crate::network::{Connection, Handler, Record};
use crate::outcome::Arrived;
use crate::{page, plan};

pub(crate) type Application = BoxCloneSyncService<Request<Body>, Response, Infallible>;

pub(crate) fn handler(app: Application, record: Record) -> Handler {
    Arc::new(move |Connection { stream, scheme }| {
        let (app, record) = (app.clone(), Arc::clone(&record));
        let service = service_fn(move |request| {
            let (app, record) = (app.clone(), Arc::clone(&record));
            async move { Ok::<_, Infallible>(serve(request, scheme, app, &record).await) }
        });
        Box::pin(async move {
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            // A browser may close the connection at any time.
            _ = connection.with_upgrades().await;
        })
    })
}

async fn serve(
    mut request: Request<Incoming>,
    scheme: &str,
    app: Application,
    record: &Record,
) -> Response {
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str())
        .to_owned();
    let inner = plan::without_number(&path);
    if page::is_page(inner.trim_start_matches('/')) {
        return own_page(request.uri());
    }
    if inner == "/favicon.ico" {
        return StatusCode::NOT_FOUND.into_response();
    }
    let mut arrived = arrived(&request, scheme, &path);
    *request.uri_mut() = inner.parse().expect("a path");
    let response = app.oneshot(request.map(Body::new)).await;
    let response = response.unwrap_or_else(|never| match never {});
    arrived.is_redirected = response.headers().contains_key(LOCATION);
    record.lock().expect("no panic").push(arrived);
    response
}

fn arrived(request: &Request<Incoming>, scheme: &str, path: &str) -> Arrived {
    let headers = request.headers();
    let host = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let url = format!("{scheme}://{host}{path}");
    let headers = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()));
    Arrived::new(request.method().as_str(), &url, headers)
}

/// The query is a line of `Set-Cookie`.
fn own_page(uri: &Uri) -> Response {
    let html = Html(page::HTML);
    match uri.query() {
        Some(line) => ([(SET_COOKIE, line.replace("%20", " "))], html).into_response(),
        None => html.into_response(),
    }
}
